#include "dataplane/worker/idle.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace gate41::testing {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{seconds(1000)};

// A policy that has just found work at kStart, and then nothing a thousand times.
class AdaptiveIdle : public ::testing::Test {
 protected:
  AdaptiveIdle() {
    EXPECT_EQ(policy_.after_turn(true, kStart).length, Duration::zero());
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(after_nothing(), Duration::zero());
  }
  Duration after_nothing(Duration since_start = Duration::zero()) {
    const Rest rest = policy_.after_turn(false, kStart + since_start);
    EXPECT_FALSE(rest.armed);
    return rest.length;
  }
  void reach_the_longest_nap() {
    for (int i = 0; i < 10; ++i) static_cast<void>(after_nothing());
  }

  IdlePolicy policy_{IdleMode::nap};
};

// The same with devices that can interrupt.
class InterruptedIdle : public ::testing::Test {
 protected:
  InterruptedIdle() { go_quiet(); }
  // Until it would wait for an interrupt; the naps before.
  std::vector<Duration> go_quiet() {
    std::vector<Duration> naps;
    for (Rest rest = policy_.after_turn(true, kStart); !rest.armed;
         rest = policy_.after_turn(false, kStart)) {
      if (rest.length > Duration::zero()) naps.push_back(rest.length);
      if (naps.size() > 100) break;  // it never will
    }
    return naps;
  }
  [[nodiscard]] Rest after_nothing() { return policy_.after_turn(false, kStart); }
  // Frames are there after a wait that nothing has ended.
  void miss_an_interrupt() {
    policy_.after_wait(Waking::time_out);
    static_cast<void>(policy_.after_turn(true, kStart));
  }
  [[nodiscard]] bool still_waits() {
    go_quiet();
    return after_nothing().armed;
  }

  IdlePolicy policy_{IdleMode::interrupt};
};

}  // namespace

TEST_F(AdaptiveIdle, NapsTenMicrosecondsAfterAThousandEmptyPolls) {
  EXPECT_EQ(after_nothing(), microseconds(10));
}

TEST_F(AdaptiveIdle, DoublesItsNaps) {
  EXPECT_EQ(after_nothing(), microseconds(10));
  EXPECT_EQ(after_nothing(), microseconds(20));
  EXPECT_EQ(after_nothing(), microseconds(40));
  EXPECT_EQ(after_nothing(), microseconds(80));
  EXPECT_EQ(after_nothing(), microseconds(160));
}

TEST_F(AdaptiveIdle, NapsNoLongerThanAQueueLasts) {
  reach_the_longest_nap();
  EXPECT_EQ(after_nothing(milliseconds(60)), microseconds(250));
}

TEST_F(AdaptiveIdle, NapsForASmallPartOfTheSilence) {
  reach_the_longest_nap();
  EXPECT_EQ(after_nothing(milliseconds(128)), microseconds(500));
  EXPECT_EQ(after_nothing(milliseconds(256)), milliseconds(1));
  EXPECT_EQ(after_nothing(milliseconds(512)), milliseconds(2));
}

TEST_F(AdaptiveIdle, NapsForFiveMillisecondsAtMost) {
  for (int i = 0; i < 20; ++i) static_cast<void>(after_nothing(seconds(100)));
  EXPECT_EQ(after_nothing(seconds(100)), milliseconds(5));
}

TEST_F(AdaptiveIdle, StartsOverWhenThereIsWork) {
  reach_the_longest_nap();
  EXPECT_EQ(policy_.after_turn(true, kStart).length, Duration::zero());
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(after_nothing(), Duration::zero());
  EXPECT_EQ(after_nothing(), microseconds(10));
}

TEST_F(InterruptedIdle, PollsForAMillisecondAtMost) {
  EXPECT_EQ(policy_.after_turn(true, kStart).length, Duration::zero());
  EXPECT_EQ(policy_.after_turn(false, kStart + microseconds(999)).length, Duration::zero());
  EXPECT_EQ(policy_.after_turn(false, kStart + milliseconds(1)).length, microseconds(10));
}

TEST_F(InterruptedIdle, NapsBeforeItWaitsSoThatPacketsByTheMillisecondCauseFewInterrupts) {
  const std::vector<Duration> naps = go_quiet();
  EXPECT_EQ(naps, (std::vector<Duration>{microseconds(10), microseconds(20), microseconds(40),
                                         microseconds(80), microseconds(160), microseconds(250)}));
}

TEST_F(InterruptedIdle, WaitsAQuarterOfASecondAtATimeUntilItKnowsThatInterruptsCome) {
  EXPECT_EQ(after_nothing().length, milliseconds(250));
  policy_.after_wait(Waking::bell);
  EXPECT_EQ(after_nothing().length, milliseconds(250));
  policy_.after_wait(Waking::interrupt);
  EXPECT_EQ(after_nothing().length, seconds(1));
}

TEST_F(InterruptedIdle, WaitsAgainAfterAWaitThatBroughtNothing) {
  policy_.after_wait(Waking::time_out);
  EXPECT_TRUE(after_nothing().armed);
}

TEST_F(InterruptedIdle, PollsAgainWhenThereIsWork) {
  policy_.after_wait(Waking::interrupt);
  EXPECT_EQ(policy_.after_turn(true, kStart).length, Duration::zero());
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(after_nothing().length, Duration::zero());
}

TEST_F(InterruptedIdle, NapsOnceThreeInterruptsHaveNotCome) {
  for (int i = 0; i < 2; ++i) {
    miss_an_interrupt();
    EXPECT_TRUE(still_waits());
  }
  EXPECT_FALSE(policy_.gave_up_waiting());
  miss_an_interrupt();
  EXPECT_FALSE(still_waits());
  EXPECT_TRUE(policy_.gave_up_waiting());
}

TEST_F(InterruptedIdle, ForgivesMissedInterruptsAsSoonAsOneComes) {
  for (int i = 0; i < 9; ++i) {
    miss_an_interrupt();
    EXPECT_TRUE(still_waits());
    policy_.after_wait(i % 2 == 0 ? Waking::bell : Waking::interrupt);
  }
}

TEST_F(InterruptedIdle, NapsOnceAHundredInterruptsInARowWereForNothing) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(after_nothing().armed);
    policy_.after_wait(Waking::interrupt);
  }
  EXPECT_FALSE(after_nothing().armed);
  EXPECT_TRUE(policy_.gave_up_waiting());
}

TEST_F(InterruptedIdle, ForgivesInterruptsForNothingAsSoonAsOneIsForAFrame) {
  for (int i = 0; i < 300; ++i) {
    policy_.after_wait(Waking::interrupt);
    const bool found = i % 50 == 49;
    static_cast<void>(policy_.after_turn(found, kStart));
    if (found) go_quiet();
  }
  EXPECT_TRUE(still_waits());
}

TEST_F(InterruptedIdle, DoesNotTakeTheBellForAnInterrupt) {
  for (int i = 0; i < 3; ++i) {
    miss_an_interrupt();
    policy_.after_wait(Waking::bell);
    static_cast<void>(policy_.after_turn(true, kStart));
  }
  EXPECT_FALSE(still_waits());
}

TEST(PollingIdle, NeverNaps) {
  IdlePolicy policy(IdleMode::poll);
  for (int i = 0; i < 5000; ++i)
    EXPECT_EQ(policy.after_turn(false, kStart + seconds(i)).length, Duration::zero());
}

}  // namespace gate41::testing
