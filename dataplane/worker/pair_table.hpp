// PairTable: what a relay remembers of two addresses that packets go between: that the checks of addresses
// have let them through, and where they go. One worker's; forgets by itself, for a relay keeps no state that
// matters (B22): who is not in it is asked the questions again.
//
// Sets of eight, found by the pair's keyed hash (net/flow_hash.hpp): eight tags side by side, and an entry of
// one cache line for each. A known pair touches two lines, both fetched while others of its burst are looked
// at. In a full set the newcomer takes the place whose turn it is.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/filter/huge_array.hpp"
#include "dataplane/forward/adjacency.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/route_target.hpp"

namespace gate41 {

// The addresses as a FlowKey has them: packets out of a tunnel go to `interior`.
struct alignas(kCacheLine) PairEntry {
  Ipv6Address interior;
  Ipv6Address exterior;
  Ipv6Address next_hop;      // of the native route that led to `adjacency`
  Ipv4Address outer_source;  // of packets out of a tunnel; 0.0.0.0: into one
  AdjacencyIndex adjacency;
  uint32_t epoch;           // the caller's number of what the decision depends on; 0: empty
  RouteTarget::Kind route;  // none: the routes had no say
  uint8_t tunnel;           // that they come out of
  [[nodiscard]] RouteTarget target() const noexcept { return {route, next_hop}; }
};
static_assert(sizeof(PairEntry) == kCacheLine);

class PairTable {
 public:
  static constexpr uint32_t kWays = 8;
  static constexpr int32_t kUnknown = -1;
  static constexpr std::size_t kPairBytes = sizeof(PairEntry) + sizeof(uint16_t);

  PairTable() = default;  // knows nobody
  // `pairs`: a power of two, 8 at least. Without memory it is false as a bool, and knows nobody.
  PairTable(uint32_t pairs, int numa_node);

  // positions[i] = where the pair may stand, or kUnknown: who looks, compares (at()).
  void lookup_bulk(std::span<const uint32_t> signatures, std::span<int32_t> positions) noexcept;
  [[nodiscard]] const PairEntry& at(int32_t position) const noexcept {
    return entries_[static_cast<uint32_t>(position)];
  }
  void remember(uint32_t signature, const PairEntry& entry) noexcept;
  explicit operator bool() const noexcept { return static_cast<bool>(entries_) && static_cast<bool>(sets_); }

 private:
  using Tags = std::array<uint16_t, kWays>;  // 0: free

  [[nodiscard]] uint32_t set_of(uint32_t signature) const noexcept { return signature & last_set_; }
  static uint16_t tag_of(uint32_t signature) noexcept {
    const auto tag = static_cast<uint16_t>(signature >> 16U);
    return tag == 0 ? uint16_t{1} : tag;
  }
  [[nodiscard]] uint32_t way_for(uint32_t signature) noexcept;

  HugeArray<Tags> sets_;
  HugeArray<PairEntry> entries_;
  uint32_t last_set_ = 0;
  uint32_t turn_ = 0;
};

}  // namespace gate41
