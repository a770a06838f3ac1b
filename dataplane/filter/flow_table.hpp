// FlowTable: one worker's shard of flows: rte_hash (48-byte keys, our own keyed signature, bulk lookups only)
// beside an array of FlowEntry at the hash's positions. No concurrency: only its worker touches it; others
// ask through the request ring. Expiry by a clock hand paced by elapsed time.
//
// Memory: 1.25 positions a flow, each with 64 bytes of state, 56 of key and signature (touched by insert,
// erase and dumps only), and the hash's own 64-byte key slot and bucket share.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/filter/flow_observer.hpp"

struct rte_hash;

namespace gate41 {

inline constexpr unsigned kBulk = 32;
inline constexpr Duration kExpiryRound = std::chrono::seconds(10);
inline constexpr uint32_t kExpirySlice = 1024;   // slots that one call of expire() looks at
inline constexpr uint32_t kEvictionProbes = 64;  // slots that an insert into a full table looks at
inline constexpr uint32_t kMaxFlowLimit = 1U << 26U;

struct FlowCounts {
  uint64_t created = 0;
  uint64_t expired = 0;
  uint64_t evicted = 0;
  uint64_t refused = 0;
  uint64_t current = 0;
};

class FlowTable {
 public:
  static Result<std::unique_ptr<FlowTable>> create(const std::string& name, uint32_t max_flows,
                                                   int numa_node);
  ~FlowTable();
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  // positions[i] = entry index or negative. At most kBulk keys. `signatures`: low 32 bits of
  // ParsedPacket::signature.
  void lookup_bulk(std::span<const FlowKey* const> keys, std::span<const uint32_t> signatures,
                   std::span<int32_t> positions) noexcept;
  // A new entry, zeroed but for `state` (opening), `created` and `expires` (now: open_flow sets the timer).
  // The caller has seen that the key is not there; if it is, its entry comes back as it stands. When the
  // table is full, an expired or transitory entry near a moving cursor gives way (K52), else the answer is
  // negative (counted as refused). The position of what gave way is free and is not used again within a
  // burst.
  [[nodiscard]] int32_t insert(const FlowKey& key, uint32_t signature, TimePoint now) noexcept;
  // Does nothing where the position is free.
  void erase(int32_t position) noexcept;
  // Is told of every flow that goes; must outlive the table, or be taken away with nullptr.
  void observe(FlowObserver* observer) noexcept { observer_ = observer; }
  [[nodiscard]] FlowEntry& entry(int32_t position) noexcept {
    return entries_[static_cast<uint32_t>(position)];
  }
  [[nodiscard]] const FlowKey& key(int32_t position) const noexcept {
    return identities_[static_cast<uint32_t>(position)].key;
  }

  // Frees what has expired: looks at a slice of the table in proportion to the time since the last call, at
  // most kExpirySlice slots; what is left is owed to the next call. The hand goes round once in 10 s, if it
  // is called often enough for that. (What has expired but is still there is no flow: track() decides it
  // anew.)
  void expire(TimePoint now) noexcept;
  // One bounded slice of a walk over all flows, for dumps and purges: calls `visit` for up to `slots` slots
  // from `cursor` on; returns the next cursor, 0 at the end. `visit` may erase its own position.
  uint32_t walk(uint32_t cursor, uint32_t slots, const std::function<void(int32_t)>& visit);

  [[nodiscard]] const FlowCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] uint32_t capacity() const noexcept { return capacity_; }

 private:
  // What rte_hash wants to have for a removal: it gives no key for a position when the signatures are ours.
  struct Identity {
    FlowKey key;
    uint32_t signature = 0;
  };
  FlowTable() = default;
  [[nodiscard]] bool make_room(TimePoint now) noexcept;
  [[nodiscard]] uint32_t slots_due(TimePoint now) noexcept;

  ::rte_hash* hash_ = nullptr;
  FlowEntry* entries_ = nullptr;    // huge-page memory of the NUMA node
  Identity* identities_ = nullptr;  // the same
  uint32_t capacity_ = 0;           // the limit on flows
  uint32_t slots_ = 0;              // positions of the hash
  uint32_t hand_ = 0;               // of expiry
  uint32_t eviction_hand_ = 0;
  TimePoint hand_time_{};  // up to here the hand has done its work
  FlowCounts counts_;
  FlowObserver* observer_ = nullptr;
};

}  // namespace gate41
