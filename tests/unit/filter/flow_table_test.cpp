#include "dataplane/filter/flow_table.hpp"

#include <gtest/gtest.h>
#include <set>
#include <vector>

#include "tests/unit/filter/table_keys.hpp"

namespace gate41::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

static_assert(sizeof(FlowEntry) == kCacheLine && alignof(FlowEntry) == kCacheLine);
static_assert(sizeof(FlowKey) == 40);

constexpr uint32_t kForever = 1000000;

int32_t add_established(FlowTable& table, uint32_t number) {
  return add(table, number, kStart, FlowState::established, kForever);
}

}  // namespace

TEST(FlowTable, SaysWhatIsWrongWithItsLimit) {
  EXPECT_FALSE(FlowTable::create("zero", 0, SOCKET_ID_ANY).has_value());
  const auto huge = FlowTable::create("huge", kMaxFlowLimit + 1, SOCKET_ID_ANY);
  ASSERT_FALSE(huge.has_value());
  EXPECT_NE(huge.error().message.find("are possible"), std::string::npos);
}

TEST(FlowTable, SaysHowToHelpWhenThereIsNoMemory) {
  const auto huge = FlowTable::create("too big", 1U << 25U, SOCKET_ID_ANY);
  ASSERT_FALSE(huge.has_value());
  EXPECT_NE(huge.error().message.find("max_flows"), std::string::npos);
}

TEST(FlowTable, FindsWhatWasInserted) {
  const auto table = make_table("finds", 100);
  const int32_t position = add_established(*table, 1);
  ASSERT_GE(position, 0);
  EXPECT_EQ(find(*table, 1), position);
  EXPECT_LT(find(*table, 2), 0);
  EXPECT_EQ(table->key(position), key_of(1));
}

TEST(FlowTable, TellsFlowsApartByTheirPortsAlone) {
  const auto table = make_table("ports", 100);
  FlowKey key = key_of(1);
  const int32_t first = table->insert(key, 42, kStart);
  ++key.exterior_port;
  EXPECT_NE(table->insert(key, 42, kStart), first);
}

TEST(FlowTable, GivesFreshEntriesOnCacheLines) {
  const auto table = make_table("fresh", 100);
  const int32_t position = table->insert(key_of(1), signature_of(1), kStart);
  const FlowEntry& entry = table->entry(position);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(&entry) % kCacheLine, 0U);
  EXPECT_EQ(entry.bytes, 0U);
  EXPECT_EQ(entry.created, coarse_seconds(kStart));
}

TEST(FlowTable, GivesTheSameEntryForTheSameKey) {
  const auto table = make_table("same", 100);
  const int32_t position = add_established(*table, 1);
  EXPECT_EQ(table->insert(key_of(1), signature_of(1), kStart), position);
  EXPECT_EQ(table->entry(position).state, FlowState::established);
  EXPECT_EQ(table->counts().current, 1U);
}

TEST(FlowTable, ForgetsWhatWasErased) {
  const auto table = make_table("erases", 100);
  const int32_t position = add_established(*table, 1);
  table->erase(position);
  table->erase(position);
  EXPECT_LT(find(*table, 1), 0);
  EXPECT_EQ(table->counts().current, 0U);
}

TEST(FlowTable, GivesNothingOfAnEndedFlowToTheNextOne) {
  const auto table = make_table("clean", 1);
  for (uint32_t i = 0; i < 200; ++i) {
    const int32_t position = table->insert(key_of(i), signature_of(i), kStart);
    ASSERT_EQ(table->entry(position).bytes, 0U) << i;
    table->entry(position).bytes = 1;
    table->erase(position);
  }
}

TEST(FlowTable, LooksUpABurstLikeItsPackets) {
  const auto table = make_table("bulk", 1000);
  for (uint32_t i = 0; i < 1000; i += 3) add_established(*table, i);
  for (uint32_t base = 0; base + kBulk <= 1000; base += kBulk) {
    std::array<FlowKey, kBulk> keys;
    std::array<const FlowKey*, kBulk> pointers;
    std::array<uint32_t, kBulk> signatures;
    std::array<int32_t, kBulk> positions{};
    for (uint32_t i = 0; i < kBulk; ++i) {
      keys[i] = key_of(base + i);
      pointers[i] = &keys[i];
      signatures[i] = signature_of(base + i);
    }
    table->lookup_bulk(pointers, signatures, positions);
    for (uint32_t i = 0; i < kBulk; ++i) {
      EXPECT_EQ(positions[i], find(*table, base + i));
      EXPECT_EQ(positions[i] >= 0, (base + i) % 3 == 0);
    }
  }
}

TEST(FlowTable, LooksUpNothing) {
  const auto table = make_table("nothing", 10);
  table->lookup_bulk({}, {}, {});
  EXPECT_EQ(table->counts().current, 0U);
}

TEST(FlowTable, RefusesWhatTheIndexCannotHoldAndGoesOn) {
  const auto table = make_table("collide", 2000);
  constexpr uint32_t kSome = FlowIndex::kWays * FlowIndex::kLongestChain;
  for (uint32_t i = 0; i < kSome; ++i) ASSERT_GE(table->insert(key_of(i), 42, kStart), 0) << i;
  for (int attempt = 0; attempt < 3000; ++attempt) ASSERT_LT(table->insert(key_of(kSome), 42, kStart), 0);
  EXPECT_EQ(table->counts().refused, 3000U);
  EXPECT_EQ(table->counts().current, kSome);
  for (uint32_t i = 0; i < kSome; ++i) ASSERT_GE(find(*table, i, 42), 0) << i;
  EXPECT_GE(add_established(*table, 1000), 0);
}

TEST(FlowTable, TakesLessThan160BytesAFlow) {
  const auto table = make_table("memory", 100000);
  EXPECT_LT(table->bytes(), 100000U * 160);
  EXPECT_GT(table->bytes(), 100000U * 2 * kCacheLine);
}

// proves: K52
TEST(FlowTable, RefusesWhenAllAreEstablished) {
  const auto table = make_table("full", 100);
  for (uint32_t i = 0; i < 100; ++i) ASSERT_GE(add_established(*table, i), 0);
  EXPECT_LT(table->insert(key_of(100), signature_of(100), kStart), 0);
  EXPECT_EQ(table->counts().refused, 1U);
  EXPECT_EQ(table->counts().evicted, 0U);
  EXPECT_EQ(table->counts().current, 100U);
}

TEST(FlowTable, TellsOfEveryFlowThatEnds) {
  struct Ends : FlowObserver {
    std::vector<uint64_t> seen;
    void on_erase(const FlowKey& key, const FlowEntry& entry) noexcept override {
      EXPECT_NE(entry.state, FlowState::free);
      seen.push_back(key.exterior.low());
    }
  } ends;
  const auto table = make_table("observed", 4);
  table->observe(&ends);
  for (uint32_t i = 0; i < 4; ++i) add(*table, i, kStart, FlowState::tcp_closing, 100 - 10 * i);
  table->erase(find(*table, 1));  // at will
  add_established(*table, 4);
  add_established(*table, 5);                                        // evicts 0
  for (int i = 0; i < 20; ++i) table->expire(kStart + seconds(75));  // 3, by its timer
  EXPECT_EQ(ends.seen, (std::vector<uint64_t>{1, 0, 3}));
}

TEST(FlowTableExpiry, FreesWhatHasExpiredWithinARound) {
  const auto table = make_table("expiry", 1000);
  for (uint32_t i = 0; i < 1000; ++i)
    add(*table, i, kStart, FlowState::established, i % 2 == 0 ? 60 : kForever);
  for (TimePoint t = kStart; t <= kStart + seconds(59); t += milliseconds(10)) table->expire(t);
  EXPECT_EQ(table->counts().current, 1000U);
  for (TimePoint t = kStart + seconds(60); t <= kStart + seconds(71); t += milliseconds(10)) table->expire(t);
  EXPECT_EQ(table->counts().current, 500U);
  EXPECT_EQ(table->counts().expired, 500U);
  for (uint32_t i = 0; i < 1000; ++i) EXPECT_EQ(find(*table, i) >= 0, i % 2 != 0) << i;
}

TEST(FlowTableExpiry, IsPacedByTimeAndNotByCalls) {
  const auto table = make_table("paced", 1000);
  for (uint32_t i = 0; i < 1000; ++i) add(*table, i, kStart, FlowState::established, 0);
  for (TimePoint t = kStart; t < kStart + seconds(20); t += seconds(1))
    table->expire(t);  // pay what is owed at first
  for (uint32_t i = 1000; i < 2000; ++i) add(*table, i, kStart, FlowState::established, 0);
  const uint64_t before = table->counts().expired;
  const TimePoint start = kStart + seconds(20);
  for (int call = 0; call < 100000; ++call) table->expire(start + Duration(call));
  EXPECT_LT(table->counts().expired - before, 200U);  // about a second of ten
}

TEST(FlowTableExpiry, LooksAtABoundedNumberOfFlowsAfterAPause) {
  const auto table = make_table("pause", 5000);
  for (uint32_t i = 0; i < 5000; ++i) add(*table, i, kStart, FlowState::established, 1);
  table->expire(kStart + seconds(60));
  EXPECT_EQ(table->counts().expired, kExpiryLooks);
  for (int i = 0; i < 20; ++i) table->expire(kStart + seconds(60));
  EXPECT_EQ(table->counts().current, 0U);  // the rest was owed, without more time
}

TEST(FlowTableExpiry, PassesABoundedNumberOfSlotsAfterAPause) {
  const auto table = make_table("long pause", 10000);
  for (uint32_t i = 0; i < 10000; ++i)
    add(*table, i, kStart, FlowState::established, i % 50 == 0 ? 30 : kForever);
  for (TimePoint t = kStart; t <= kStart + seconds(20); t += milliseconds(10)) table->expire(t);
  table->expire(kStart + seconds(31));
  EXPECT_NEAR(static_cast<double>(table->counts().expired), kExpirySlice / 50, 1);
}

// A reset that its receiver may not take makes a timer shorter without another state.
TEST(FlowTableExpiry, FindsATimerThatHasBecomeShorterWithinAMinuteAndARound) {
  const auto table = make_table("shorter", 10);
  const int32_t position = add(*table, 1, kStart, FlowState::tcp_established, 7440);
  table->expire(kStart + seconds(10));  // the hand has seen two hours
  table->entry(position).expires = coarse_seconds(kStart) + 15;
  for (TimePoint t = kStart + seconds(10); t <= kStart + seconds(80); t += milliseconds(100))
    table->expire(t);
  EXPECT_EQ(table->counts().current, 0U);
}

TEST(FlowTableExpiry, FindsTheShorterTimerOfAnotherStateWithinARound) {
  const auto table = make_table("closing", 10);
  const int32_t position = add(*table, 1, kStart, FlowState::tcp_established, 7440);
  table->expire(kStart + seconds(10));  // the hand has seen two hours
  table->entry(position).state = FlowState::tcp_closing;
  table->entry(position).expires = coarse_seconds(kStart) + 15;
  table->refile(position, kStart + seconds(10));
  for (TimePoint t = kStart + seconds(10); t <= kStart + seconds(26); t += milliseconds(100))
    table->expire(t);
  EXPECT_EQ(table->counts().current, 0U);
}

TEST(FlowTableExpiry, LeavesAFlowWhoseTimerWasRefreshed) {
  const auto table = make_table("refreshed", 10);
  const int32_t position = add(*table, 1, kStart, FlowState::established, 10);
  for (int second = 0; second < 300; ++second) {
    table->entry(position).expires = coarse_seconds(kStart) + static_cast<uint32_t>(second) + 10;
    table->expire(kStart + seconds(second));
  }
  EXPECT_EQ(table->counts().current, 1U);
}

TEST(FlowTableWalk, VisitsEachFlowOnce) {
  const auto table = make_table("walk", 500);
  std::set<int32_t> expected;
  for (uint32_t i = 0; i < 300; ++i) expected.insert(add_established(*table, i));
  std::set<int32_t> visited;
  uint32_t cursor = 0;
  unsigned calls = 0;
  do {
    cursor = table->walk(cursor, 7, [&](int32_t position) { EXPECT_TRUE(visited.insert(position).second); });
    ++calls;
  } while (cursor != 0);
  EXPECT_EQ(visited, expected);
  EXPECT_GE(calls, 300U / 7);
}

TEST(FlowTableWalk, MayEraseWhatItVisits) {
  const auto table = make_table("purge", 500);
  for (uint32_t i = 0; i < 300; ++i) add_established(*table, i);
  uint32_t cursor = 0;
  do cursor = table->walk(cursor, 64, [&](int32_t position) { table->erase(position); });
  while (cursor != 0);
  EXPECT_EQ(table->counts().current, 0U);
}

TEST(FlowTableApproval, IsOfTheWayTheDirectionAndTheEpoch) {
  const auto table = make_table("approved", 10);
  const int32_t position = add_established(*table, 1);
  for (uint16_t way = 0; way < FlowTable::kWays; ++way) {
    const auto epoch = static_cast<uint16_t>(way + 1);
    EXPECT_EQ(table->approved_way(position, kOut, epoch), FlowTable::kNoWay);
    table->approve(position, kOut, way, epoch);
    EXPECT_EQ(table->approved_way(position, kOut, epoch), way);
    EXPECT_EQ(table->approved_way(position, kIn, epoch), FlowTable::kNoWay);
    table->approve(position, kIn, FlowTable::kWays - 1, epoch);
    EXPECT_EQ(table->approved_way(position, kIn, epoch), FlowTable::kWays - 1);
    EXPECT_EQ(table->approved_way(position, kOut, epoch), way);
  }
}

TEST(FlowTableApproval, OfAWayThatHasNoRoomIsNone) {
  const auto table = make_table("no way", 10);
  const int32_t position = add_established(*table, 1);
  table->approve(position, Direction::outbound, FlowTable::kWays, 1);
  EXPECT_EQ(table->approved_way(position, Direction::outbound, 1), FlowTable::kNoWay);
}

TEST(FlowTableApproval, EndsWithItsFlow) {
  const auto table = make_table("ends", 10);
  for (uint32_t round = 0; round < 30; ++round)
    for (uint32_t number = 0; number < 10; ++number) {
      const int32_t position = add_established(*table, 10 * round + number);
      ASSERT_GE(position, 0);
      EXPECT_EQ(table->approved_way(position, kOut, 1), FlowTable::kNoWay);
      table->approve(position, kOut, 0, 1);
      if (number == 9) table->walk(0, 100, [&](int32_t flow) { table->erase(flow); });
    }
}

}  // namespace gate41::testing
