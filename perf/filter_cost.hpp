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

// Room beyond the flows that a table holds, for those that come and go while it is measured.
inline constexpr uint32_t kRoom = 4 * kBulk;

struct PaddedKey {  // rte_hash compares 48 bytes faster than 40
  FlowKey key;
  uint64_t padding = 0;
};

// One burst's keys, as the parser leaves them: in the first cache.
struct Burst {
  std::array<FlowKey, kBulk> keys;
  std::array<PaddedKey, kBulk> padded;
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

[[noreturn]] void give_up(const char* why);

// FlowTable or RteHashTable, and what stage_filter does with its answer (worker/stage_filter.cpp).
template <typename Table>
class FilterStage {
 public:
  // A table that holds the flows of numbers below `flows`, which are like this one.
  FilterStage(std::unique_ptr<Table> table, uint32_t flows, const FlowEntry& like)
      : table_(std::move(table)) {
    Burst burst;
    for (uint64_t number = 0; number < flows; ++number) {
      burst.set(0, number);
      const int32_t position = table_->insert(burst.keys[0], burst.signatures[0], kNow);
      if (position < 0) give_up("the flow table takes no more");
      table_->entry(position) = like;
      table_->refile(position, kNow);
    }
  }
  void look_up(Burst& burst, const ParsedPacket& packet) noexcept {
    table_->lookup_bulk(burst.pointers, burst.signatures, burst.positions);
    for (const int32_t position : burst.positions) {
      if (position < 0) give_up("the flow table has lost a flow");
      FlowEntry& entry = table_->entry(position);
      if (has_expired(entry, kNow) || entry.policy_epoch != policy_.epoch) give_up("a flow has ended");
      if (track(entry, packet, Direction::inbound, policy_, kNow)) give_up("a packet does not pass");
      table_->refile(position, kNow);
      adjacencies_ += entry.adjacency[index_of(Direction::inbound)];
    }
  }
  void open(Burst& burst, const ParsedPacket& packet) noexcept {
    table_->lookup_bulk(burst.pointers, burst.signatures, burst.positions);
    for (std::size_t i = 0; i < kBulk; ++i) {
      if (burst.positions[i] >= 0 || decide_new(packet, Direction::outbound, policy_))
        give_up("a new flow is none");
      burst.positions[i] = table_->insert(burst.keys[i], burst.signatures[i], kNow, &share_);
      if (burst.positions[i] < 0) give_up("the flow table takes no more");
      open_flow(table_->entry(burst.positions[i]), packet, Direction::outbound, policy_, kNow);
      table_->refile(burst.positions[i], kNow);
    }
  }
  // What was opened is answered: a table holds few flows that are not.
  void answer(const Burst& burst) noexcept {
    for (const int32_t position : burst.positions) {
      table_->entry(position).state = FlowState::established;
      table_->refile(position, kNow);
    }
  }
  void erase(Burst& burst) noexcept {
    table_->lookup_bulk(burst.pointers, burst.signatures, burst.positions);
    for (const int32_t position : burst.positions) table_->erase(position);
  }

 private:
  static constexpr TimePoint kNow{std::chrono::seconds(1000)};
  std::unique_ptr<Table> table_;
  Policy policy_;
  HostShare share_;           // of one MAC, under an address a flow
  uint64_t adjacencies_ = 0;  // read of every flow, so that nobody optimises it away
};

}  // namespace gate41::perf
