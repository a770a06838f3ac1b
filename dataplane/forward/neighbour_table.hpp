// NeighbourTable: (scope, IPv6 address) -> adjacency. Written by control alone, read by workers without locks
// (rte_hash with lock-free readers; freed positions are reused only after reclaim()). IPv4 neighbours on the
// WAN stand as IPv4-mapped addresses. Workers stamp a coarse time of use, at most once a second.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/forward/adjacency.hpp"
#include "dataplane/net/address.hpp"

struct rte_hash;

namespace gate41 {

// Scope: index of a LAN, or the WAN as one of the tunnels uses it: for each a header of its own leads to the
// same neighbour.
inline constexpr uint16_t kWanScope = 0xffff;
[[nodiscard]] constexpr uint16_t wan_scope(uint16_t tunnel) noexcept {
  return static_cast<uint16_t>(kWanScope - tunnel);
}
[[nodiscard]] constexpr bool is_wan_scope(uint16_t scope) noexcept { return scope > kWanScope - 256; }

struct NeighbourKey {
  Ipv6Address address;
  uint16_t scope = 0;
  std::array<uint8_t, 14> padding{};  // 32 bytes: rte_hash's fast compare
};
static_assert(sizeof(NeighbourKey) == 32);

class NeighbourTable {
 public:
  static Result<std::unique_ptr<NeighbourTable>> create(const std::string& name, uint32_t capacity,
                                                        int numa_node, HashSecret secret);
  ~NeighbourTable();
  NeighbourTable(const NeighbourTable&) = delete;
  NeighbourTable& operator=(const NeighbourTable&) = delete;

  // Control. insert: replaces; false when full.
  bool insert(const NeighbourKey& key, AdjacencyIndex adjacency);
  void erase(const NeighbourKey& key);
  void reclaim();  // after a grace period
  // Those used since the last call (H28), by coarse seconds: a use in the second of the last call is told
  // again.
  [[nodiscard]] std::vector<NeighbourKey> take_used(TimePoint now);
  [[nodiscard]] uint32_t size() const;

  // Workers. kNoAdjacency = unknown; else stamps the use.
  [[nodiscard]] AdjacencyIndex lookup(const NeighbourKey& key, uint32_t now_seconds) noexcept;
  // Established flows skip lookup(): they stamp through the adjacency's `neighbour` slot (slot = position +
  // 1).
  void stamp(uint32_t slot, uint32_t now_seconds) noexcept;
  // The slot to write into Adjacency::neighbour; 0 = unknown key. Control.
  [[nodiscard]] uint32_t slot_of(const NeighbourKey& key) const;

 private:
  NeighbourTable() = default;
  // Shared with workers.
  struct Entry {
    std::atomic<uint32_t> adjacency{0};
    std::atomic<uint32_t> last_used{0};  // coarse seconds, written by workers; 0 = never
  };
  [[nodiscard]] int32_t position_of(const NeighbourKey& key) const noexcept;
  [[nodiscard]] uint32_t signature_of(const NeighbourKey& key) const noexcept;

  ::rte_hash* hash_ = nullptr;
  HashSecret secret_;
  std::unique_ptr<Entry[]> entries_;  // by position of the hash
  std::vector<NeighbourKey>
      keys_;  // the same; control's: rte_hash gives no key for a position with our signatures
  std::vector<bool> present_;    // the same
  std::vector<int32_t> erased_;  // freed by reclaim()
  uint32_t capacity_ = 0;
  uint32_t size_ = 0;
  uint32_t taken_ = 0;  // coarse seconds of the last take_used()
};

}  // namespace gate41
