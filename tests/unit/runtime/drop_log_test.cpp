// Samples of drops on their way from the worker to the control thread.
#include "dataplane/worker/drop_log.hpp"

#include <gtest/gtest.h>
#include <thread>

#include "tests/unit/runtime/box.hpp"

namespace gate41::testing {
namespace {

using Numbers = SpscRing<uint64_t, 8>;

TEST(SpscRing, GivesBackWhatCameInItsOrder) {
  Numbers ring;
  uint64_t value = 0;
  EXPECT_FALSE(ring.pop(value));
  for (uint64_t i = 0; i < 3; ++i) ASSERT_TRUE(ring.push(i));
  for (uint64_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(ring.pop(value));
    EXPECT_EQ(value, i);
  }
  EXPECT_FALSE(ring.pop(value));
}

TEST(SpscRing, TakesNoMoreThanItHasRoomFor) {
  Numbers ring;
  for (uint64_t i = 0; i < 8; ++i) ASSERT_TRUE(ring.push(i));
  EXPECT_FALSE(ring.push(8));
  uint64_t value = 0;
  ASSERT_TRUE(ring.pop(value));
  EXPECT_TRUE(ring.push(9));
}

// Each value in two halves, so that a torn one would show.
TEST(SpscRing, LosesAndChangesNothingBetweenTwoThreads) {
  struct Pair {
    uint64_t one = 0, two = 0;
  };
  constexpr uint64_t kValues = 100'000;
  SpscRing<Pair, 64> ring;
  std::thread producer([&ring] {
    for (uint64_t i = 1; i <= kValues; ++i)
      while (!ring.push({i, ~i})) std::this_thread::yield();
  });
  uint64_t expected = 1;
  while (expected <= kValues) {
    Pair pair;
    if (!ring.pop(pair)) {
      std::this_thread::yield();
      continue;
    }
    if (pair.one != expected || pair.two != ~expected) break;
    ++expected;
  }
  EXPECT_EQ(expected, kValues + 1);
  Pair rest;
  while (ring.pop(rest)) continue;
  producer.join();
}

// proves: S87
TEST(DropLog, AFullOneCountsWhatItMisses) {
  DropLog log;
  Packet packet;
  TimePoint now{std::chrono::seconds(1)};
  for (uint32_t i = 0; i < DropLog::kRoom + 3; ++i, now += DropLog::kPeriod)
    log.note(packet, DropReason::hop_limit, now);
  EXPECT_EQ(log.missed(), 3U);
  DropSample sample;
  uint32_t taken = 0;
  while (log.take(sample)) ++taken;
  EXPECT_EQ(taken, DropLog::kRoom);
}

// proves: S87
TEST(DropLog, ControlTakesWhatARunningWorkerHasDropped) {
  bool seen = false;
  EXPECT_TRUE(eventually([&] {  // one a period is kept: another test's may be it
    box().inject_frame(kLan, unknown_frame());
    box().take_drops([&](const DropSample& sample) {
      seen |= sample.reason == DropReason::ether_type_unknown && sample.link == kLan;
    });
    return seen;
  }));
}

}  // namespace
}  // namespace gate41::testing
