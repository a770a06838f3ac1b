// Who gives way to a new flow (K52).
#include <gtest/gtest.h>
#include <set>

#include "tests/unit/filter/table_keys.hpp"

namespace gate41::testing {
namespace {

using std::chrono::seconds;

constexpr uint32_t kForever = 1000000;

int32_t add_established(FlowTable& table, uint32_t number) {
  return add(table, number, kStart, FlowState::established, kForever);
}
int32_t add_unanswered(FlowTable& table, uint32_t number) {
  return add(table, number, kStart, FlowState::tcp_syn_sent, 240);
}
int32_t add_closing(FlowTable& table, uint32_t number) {
  return add(table, number, kStart, FlowState::tcp_closing, 240);
}
bool is_there(FlowTable& table, uint32_t number) { return find(table, number) >= 0; }

}  // namespace

// proves: K52
TEST(FlowEviction, RefusesANewFlowWhenAllAreEstablished) {
  const auto table = make_table("full", 100);
  for (uint32_t i = 0; i < 100; ++i) ASSERT_GE(add_established(*table, i), 0);
  EXPECT_LT(add_established(*table, 100), 0);
  EXPECT_EQ(table->counts().refused, 1U);
  EXPECT_EQ(table->counts().evicted, 0U);
  EXPECT_EQ(table->counts().current, 100U);
}

// proves: K52
TEST(FlowEviction, TakesEveryUnansweredOrTransitoryStateAndNoOther) {
  for (unsigned i = 1; i < static_cast<unsigned>(FlowState::count_); ++i) {
    const auto state = static_cast<FlowState>(i);
    const auto table = make_table("states", 1);
    add(*table, 1, kStart, state, 100);
    EXPECT_EQ(add(*table, 2, kStart, state, 100) < 0, standing_of(state) == Standing::kept) << name_of(state);
  }
}

// proves: K52
TEST(FlowEviction, NeverTakesAnEstablishedFlow) {
  using enum FlowState;
  for (const FlowState state :
       {established, tcp_established, tcp_fin_wait, sctp_established, dccp_established})
    EXPECT_EQ(standing_of(state), Standing::kept) << name_of(state);
}

// proves: K52
TEST(FlowEviction, CountsFlowsOfEveryProtocolAsUnansweredAtTheirBeginning) {
  using enum FlowState;
  for (const FlowState state : {opening, tcp_syn_sent, tcp_picked_up, sctp_opening, dccp_opening})
    EXPECT_EQ(standing_of(state), Standing::unanswered) << name_of(state);
}

// proves: K52
TEST(FlowEviction, TakesTheExpiredFirst) {
  const auto table = make_table("expired", 10);
  add_closing(*table, 0);
  add_unanswered(*table, 1);
  for (uint32_t i = 2; i < 9; ++i) add_established(*table, i);
  add(*table, 9, kStart, FlowState::established, 10);
  EXPECT_GE(add(*table, 10, kStart + seconds(10), FlowState::established, 10), 0);
  EXPECT_FALSE(is_there(*table, 9));
  EXPECT_EQ(table->counts().expired, 1U);
  EXPECT_EQ(table->counts().evicted, 0U);
}

// proves: K52
TEST(FlowEviction, TakesTheExpiredTransitoryFlowBeforeTheUnansweredOne) {
  const auto table = make_table("expired far", 1000);
  for (uint32_t i = 0; i < 998; ++i) add_established(*table, i);
  add_unanswered(*table, 998);
  add(*table, 999, kStart, FlowState::tcp_closed, 0);
  EXPECT_GE(add_established(*table, 1000), 0);
  EXPECT_TRUE(is_there(*table, 998));
  EXPECT_EQ(table->counts().expired, 1U);
}

// proves: K52
TEST(FlowEviction, TakesTheOldestUnansweredFlowsThenTheOldestTransitoryOnes) {
  const auto table = make_table("order", 10);
  add_closing(*table, 0);
  add_closing(*table, 1);
  add_unanswered(*table, 2);
  add_unanswered(*table, 3);
  for (uint32_t i = 4; i < 10; ++i) add_established(*table, i);
  uint32_t next = 10;
  for (const uint32_t victim : {2U, 3U, 0U, 1U}) {
    EXPECT_TRUE(is_there(*table, victim));
    EXPECT_GE(add_established(*table, next++), 0);
    EXPECT_FALSE(is_there(*table, victim)) << victim;
  }
  EXPECT_LT(add_established(*table, next), 0);
  EXPECT_EQ(table->counts().evicted, 4U);
}

// proves: K52
TEST(FlowEviction, KeepsTheUnansweredBelowHalfOfTheTable) {
  const auto table = make_table("half", 100);
  for (uint32_t i = 0; i < 1000; ++i) ASSERT_GE(add_unanswered(*table, i), 0);
  EXPECT_EQ(table->unanswered(), 50U);
  EXPECT_EQ(table->counts().current, 50U);
  EXPECT_EQ(table->counts().evicted, 950U);
  for (uint32_t i = 950; i < 1000; ++i) EXPECT_TRUE(is_there(*table, i)) << i;
}

// proves: K52
TEST(FlowEviction, SparesAFlowThatHasBeenAnswered) {
  const auto table = make_table("answered", 100);
  const int32_t position = add_unanswered(*table, 0);
  table->entry(position).state = FlowState::tcp_syn_received;
  table->refile(position, kStart);
  for (uint32_t i = 1; i < 1000; ++i) add_unanswered(*table, i);
  EXPECT_TRUE(is_there(*table, 0));
}

// proves: K52
TEST(FlowEviction, LeavesEstablishedFlowsAloneInAFlood) {
  const auto table = make_table("flood", 1000);
  for (uint32_t i = 0; i < 600; ++i) add_established(*table, i);
  for (uint32_t i = 600; i < 20000; ++i) ASSERT_GE(add_unanswered(*table, i), 0);
  for (uint32_t i = 0; i < 600; ++i) ASSERT_TRUE(is_there(*table, i)) << i;
  EXPECT_EQ(table->counts().current, 1000U);
  EXPECT_EQ(table->counts().refused, 0U);
}

TEST(FlowEviction, DoesNotUseAPositionAgainInABurst) {
  const auto table = make_table("stale", 64);
  for (uint32_t i = 0; i < 64; ++i) add_closing(*table, i);
  std::set<int32_t> seen;
  for (uint32_t i = 0; i < 64; ++i) seen.insert(find(*table, i));
  for (uint32_t i = 100; i < 100 + kBulk; ++i) EXPECT_EQ(seen.count(add_established(*table, i)), 0U) << i;
}

TEST(FlowEviction, UsesTheMemoryOfEndedFlowsAgain) {
  const auto table = make_table("dense", 100000);
  std::set<int32_t> used;
  for (uint32_t i = 0; i < 10000; ++i) {
    const int32_t position = add_established(*table, i);
    used.insert(position);
    table->erase(position);
  }
  EXPECT_LE(used.size(), 4U * kBulk);
}

}  // namespace gate41::testing
