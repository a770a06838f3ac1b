// RteHashTable: the flow table as it was when rte_hash led to the flows (decision 0009), as far as
// FilterStage needs it; with the entries fetched after the lookup, which it could have had.
#pragma once

#include "perf/filter_cost.hpp"

struct rte_hash;

namespace gate41::perf {

class RteHashTable {
 public:
  explicit RteHashTable(uint32_t max_flows);
  ~RteHashTable();
  RteHashTable(const RteHashTable&) = delete;
  RteHashTable& operator=(const RteHashTable&) = delete;

  void lookup_bulk(std::span<const FlowKey* const> keys, std::span<const uint32_t> signatures,
                   std::span<int32_t> positions) noexcept;
  int32_t insert(const FlowKey& key, uint32_t signature, TimePoint now, const HostShare* = nullptr) noexcept;
  void erase(int32_t position) noexcept;
  void refile(int32_t, TimePoint) noexcept {}
  [[nodiscard]] FlowEntry& entry(int32_t position) noexcept { return entries_[index(position)]; }

 private:
  struct Identity {
    PaddedKey key;
    uint32_t signature;
  };
  static std::size_t index(int32_t position) noexcept { return static_cast<std::size_t>(position); }

  ::rte_hash* hash_ = nullptr;
  HugeArray<FlowEntry> entries_;
  HugeArray<Identity> identities_;
};

}  // namespace gate41::perf
