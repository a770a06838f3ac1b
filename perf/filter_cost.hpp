// What the filter's stage costs, beside a bare rte_hash in the same run: the two things that are measured,
// and their common keys. Cycles are of the time stamp counter, of one packet, with the signature given.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "dataplane/filter/filter.hpp"
#include "dataplane/filter/flow_table.hpp"

struct rte_hash;

namespace gate41::perf {

// Flow number n: random addresses and ports (RFC 4814), the same in every run.
[[nodiscard]] FlowKey key_of(uint64_t number);
[[nodiscard]] uint32_t signature_of(uint64_t number);

// One burst's keys, as the parser leaves them: in the first cache.
struct Burst {
  std::array<FlowKey, kBulk> keys;
  std::array<const FlowKey*, kBulk> pointers;
  std::array<uint32_t, kBulk> signatures{};
  std::array<int32_t, kBulk> positions{};
  void set(std::size_t i, uint64_t number);
};

// The yardstick: rte_hash as DPDK gives it, bulk lookup, and one cache line a flow that is read and written.
class BareHash {
 public:
  explicit BareHash(uint32_t flows);
  ~BareHash();
  BareHash(const BareHash&) = delete;
  BareHash& operator=(const BareHash&) = delete;

  void look_up(Burst& burst) noexcept;
  void insert(Burst& burst) noexcept;
  void erase(const Burst& burst) noexcept;

 private:
  struct alignas(kCacheLine) Line {
    uint64_t packets = 0;
  };
  ::rte_hash* hash_ = nullptr;
  Line* lines_ = nullptr;
};

// The product: FlowTable, and what stage_filter does with its answer (worker/stage_filter.cpp).
class FilterStage {
 public:
  explicit FilterStage(uint32_t flows);
  // Every flow's entry looks like this one from now on.
  void set_all(const FlowEntry& entry);
  void look_up(Burst& burst, const ParsedPacket& packet) noexcept;
  void open(Burst& burst, const ParsedPacket& packet) noexcept;
  void erase(Burst& burst) noexcept;

 private:
  std::unique_ptr<FlowTable> table_;
  Policy policy_;
  uint64_t adjacencies_ = 0;  // read of every flow, so that nobody optimises it away
};

}  // namespace gate41::perf
