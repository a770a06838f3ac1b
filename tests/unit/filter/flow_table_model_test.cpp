// The flow table against a slow reference under random operations. The seed is printed; GATE41_SEED sets
// another.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <random>

#include "tests/unit/filter/table_keys.hpp"

namespace gate41::testing {
namespace {

constexpr uint32_t kKeys = 600;
constexpr uint32_t kLimit = 400;

uint64_t seed() {
  const char* const given = std::getenv("GATE41_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 41;
  std::cout << "GATE41_SEED=" << seed << '\n';
  return seed;
}

// Few signatures, so that buckets overflow.
uint32_t colliding(uint32_t number) { return signature_of(number % 64); }

class FlowTableModel : public ::testing::Test {
 protected:
  void insert(uint32_t number) {
    if (flows_.contains(number)) return;
    const bool half = count(Standing::unanswered) >= kLimit / 2;
    const bool full = table_->counts().current >= kLimit;
    const int32_t position = table_->insert(key_of(number), colliding(number), now_);
    forget_who_gave_way(half, full);
    if (position < 0) return check_refusal(full);
    FlowEntry& entry = table_->entry(position);
    entry.state = kStates[random_(kStates.size())];
    entry.expires = coarse_seconds(now_) + 1 + random_(100);
    table_->refile(position, now_);
    flows_[number] = {entry.expires, entry.state, ++turn_};
  }
  // A packet moves the flow's state, and its timer.
  void change(uint32_t number) {
    const int32_t position = find(*table_, number, colliding(number));
    if (position < 0) return;
    FlowEntry& entry = table_->entry(position);
    const Standing before = standing_of(entry.state);
    entry.state = kStates[random_(kStates.size())];
    entry.expires = coarse_seconds(now_) + 1 + random_(100);
    table_->refile(position, now_);
    Expected& flow = flows_[number];
    flow = {entry.expires, entry.state, before == standing_of(entry.state) ? flow.turn : ++turn_};
  }
  void erase(uint32_t number) {
    const int32_t position = find(*table_, number, colliding(number));
    if (position < 0) return;
    table_->erase(position);
    flows_.erase(number);
  }
  void pass_time() {
    now_ += std::chrono::milliseconds(random_(500));
    table_->expire(now_);
    std::erase_if(flows_,
                  [&](const auto& flow) { return is_dead(flow.second.expires) && !is_there(flow.first); });
  }
  // What lives is found with its key; what is not in the model is not found.
  void check(uint32_t number) {
    const int32_t position = find(*table_, number, colliding(number));
    ASSERT_EQ(position >= 0, flows_.contains(number)) << number;
    if (position < 0) return;
    ASSERT_EQ(table_->key(position), key_of(number));
    ASSERT_EQ(table_->entry(position).expires, flows_[number].expires);
  }
  void check_all() {
    for (uint32_t number = 0; number < kKeys; ++number) ASSERT_NO_FATAL_FAILURE(check(number));
    ASSERT_EQ(table_->counts().current, flows_.size());
    const FlowCounts& counts = table_->counts();
    ASSERT_EQ(counts.created, counts.current + counts.expired + counts.evicted + erased_);
  }

  struct Random {
    std::mt19937_64 engine{seed()};
    uint32_t operator()(uint32_t below) { return static_cast<uint32_t>(engine() % below); }
  } random_;
  std::unique_ptr<FlowTable> table_ = make_table("model", kLimit);
  struct Expected {
    uint32_t expires = 0;
    FlowState state = FlowState::free;
    uint32_t turn = 0;  // when it came to its standing
  };
  std::map<uint32_t, Expected> flows_;
  TimePoint now_ = kStart;
  uint64_t erased_ = 0;
  uint32_t turn_ = 0;

 private:
  static constexpr std::array kStates = {FlowState::established, FlowState::opening, FlowState::tcp_closing,
                                         FlowState::tcp_syn_received};

  [[nodiscard]] bool is_dead(uint32_t expires) const { return expires <= coarse_seconds(now_); }
  [[nodiscard]] bool is_there(uint32_t number) { return find(*table_, number, colliding(number)) >= 0; }
  [[nodiscard]] std::size_t count(Standing standing) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        flows_, [&](const auto& flow) { return standing_of(flow.second.state) == standing; }));
  }
  // Nobody could have given way.
  void check_refusal(bool full) {
    ASSERT_TRUE(full);
    ASSERT_EQ(count(Standing::kept), flows_.size());
  }
  // Those whose time was up, and at most one that lives: the oldest of the first standing that anybody has.
  void forget_who_gave_way(bool half, bool full) {
    std::vector<uint32_t> gone;
    for (const auto& [number, expected] : flows_)
      if (!is_there(number)) gone.push_back(number);
    unsigned living = 0;
    for (const uint32_t number : gone) {
      if (is_dead(flows_[number].expires)) continue;
      ++living;
      ASSERT_TRUE(half || full);
      const Standing first = count(Standing::unanswered) > 0 ? Standing::unanswered : Standing::transitory;
      ASSERT_EQ(standing_of(flows_[number].state), first);
      for (const auto& [other, expected] : flows_)
        ASSERT_FALSE(standing_of(expected.state) == first && expected.turn < flows_[number].turn) << other;
    }
    ASSERT_LE(living, 1U);
    for (const uint32_t number : gone) flows_.erase(number);
  }
};

}  // namespace

TEST_F(FlowTableModel, AgreesUnderRandomOperations) {
  for (int step = 0; step < 60000; ++step) {
    const uint32_t number = random_(kKeys);
    const uint32_t operation = random_(20);
    if (operation < 10) {
      ASSERT_NO_FATAL_FAILURE(insert(number));
    } else if (operation < 12) {
      erased_ += flows_.count(number);
      erase(number);
    } else if (operation < 13) {
      pass_time();
    } else if (operation < 15) {
      change(number);
    } else {
      ASSERT_NO_FATAL_FAILURE(check(number));
    }
    if (step % 1000 == 0) {
      ASSERT_NO_FATAL_FAILURE(check_all());
    }
  }
  const FlowCounts& counts = table_->counts();
  EXPECT_GT(counts.evicted, 0U);  // the run has been where it matters
  EXPECT_GT(counts.expired, 0U);
  EXPECT_GT(erased_, 0U);
}

}  // namespace gate41::testing
