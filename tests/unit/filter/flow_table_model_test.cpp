// The flow table against a slow reference under random operations. The seed is printed; GATE41_SEED sets
// another.
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
uint32_t colliding(uint32_t number) { return signature_of(number % 16); }

class FlowTableModel : public ::testing::Test {
 protected:
  void insert(uint32_t number) {
    if (flows_.contains(number)) return;
    const bool full = table_->counts().current >= kLimit;
    const int32_t position = table_->insert(key_of(number), colliding(number), now_);
    if (position < 0) return check_refusal(full);
    FlowEntry& entry = table_->entry(position);
    entry.state = random_(2) == 0 ? FlowState::established : FlowState::opening;
    entry.expires = coarse_seconds(now_) + 1 + random_(100);
    flows_[number] = {entry.expires, entry.state};
    if (full) forget_the_evicted(number);
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
  };
  std::map<uint32_t, Expected> flows_;
  TimePoint now_ = kStart;
  uint64_t erased_ = 0;

 private:
  [[nodiscard]] bool is_dead(uint32_t expires) const { return expires <= coarse_seconds(now_); }
  [[nodiscard]] bool is_there(uint32_t number) { return find(*table_, number, colliding(number)) >= 0; }
  void check_refusal(bool full) { ASSERT_TRUE(full); }
  // A full table gives up exactly one flow for a new one, and never one that is alive and established.
  void forget_the_evicted(uint32_t added) {
    std::vector<uint32_t> gone;
    for (const auto& [number, expected] : flows_)
      if (!is_there(number)) gone.push_back(number);
    ASSERT_EQ(gone.size(), 1U);
    ASSERT_NE(gone.front(), added);
    const Expected& victim = flows_[gone.front()];
    ASSERT_TRUE(is_dead(victim.expires) || is_transitory(victim.state));
    flows_.erase(gone.front());
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
