// FlowTable: one worker's shard of flows: rte_hash (48-byte keys, our own keyed signature, bulk lookups only) beside an
// array of FlowEntry at the hash's positions. No concurrency: only its worker touches it; others ask through the
// request ring. Expiry by a clock hand paced by elapsed time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"

struct rte_hash;

namespace gate41 {

inline constexpr unsigned kBulk = 32;

struct FlowCounts {
  uint64_t created = 0;
  uint64_t expired = 0;
  uint64_t evicted = 0;
  uint64_t refused = 0;
  uint64_t current = 0;
};

class FlowTable {
 public:
  static Result<std::unique_ptr<FlowTable>> create(const std::string& name, uint32_t max_flows, int numa_node);
  ~FlowTable();
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  // positions[i] = entry index or negative. At most kBulk keys. `signatures`: low 32 bits of ParsedPacket::signature.
  void lookup_bulk(std::span<const FlowKey* const> keys, std::span<const uint32_t> signatures,
                   std::span<int32_t> positions) noexcept;
  // A new entry, zeroed; negative when the table is full (counted as refused).
  [[nodiscard]] int32_t insert(const FlowKey& key, uint32_t signature, TimePoint now) noexcept;
  void erase(int32_t position) noexcept;
  [[nodiscard]] FlowEntry& entry(int32_t position) noexcept { return entries_[static_cast<uint32_t>(position)]; }
  [[nodiscard]] const FlowKey& key(int32_t position) const noexcept;

  // Frees what has expired: looks at a slice of the table in proportion to the time since the last call; the hand goes
  // round once in 10 s at least.
  void expire(TimePoint now) noexcept;
  // One bounded slice of a walk over all flows, for dumps and purges: calls `visit` for up to `slots` slots from
  // `cursor` on; returns the next cursor, 0 at the end. `visit` may erase its own position.
  uint32_t walk(uint32_t cursor, uint32_t slots, const std::function<void(int32_t)>& visit);

  [[nodiscard]] const FlowCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] uint32_t capacity() const noexcept { return capacity_; }

 private:
  FlowTable() = default;
  ::rte_hash* hash_ = nullptr;
  FlowEntry* entries_ = nullptr;  // huge-page memory of the NUMA node
  uint32_t capacity_ = 0;         // the limit on flows
  uint32_t slots_ = 0;            // positions of the hash
  uint32_t hand_ = 0;
  TimePoint hand_time_{};
  FlowCounts counts_;
};

}  // namespace gate41
