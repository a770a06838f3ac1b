#include "dataplane/worker/idle.hpp"

#include <gtest/gtest.h>

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
    EXPECT_EQ(policy_.after_turn(true, kStart), Duration::zero());
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(policy_.after_turn(false, kStart), Duration::zero());
  }
  Duration after_nothing(Duration since_start = Duration::zero()) {
    return policy_.after_turn(false, kStart + since_start);
  }
  void reach_the_longest_nap() {
    for (int i = 0; i < 10; ++i) static_cast<void>(after_nothing());
  }

  IdlePolicy policy_{true};
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
  EXPECT_EQ(after_nothing(milliseconds(999)), microseconds(250));
}

TEST_F(AdaptiveIdle, NapsUpToAMillisecondInSilence) {
  reach_the_longest_nap();
  EXPECT_EQ(after_nothing(seconds(1)), microseconds(500));
  EXPECT_EQ(after_nothing(seconds(1)), milliseconds(1));
  EXPECT_EQ(after_nothing(seconds(100)), milliseconds(1));
}

TEST_F(AdaptiveIdle, StartsOverWhenThereIsWork) {
  reach_the_longest_nap();
  EXPECT_EQ(policy_.after_turn(true, kStart), Duration::zero());
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(after_nothing(), Duration::zero());
  EXPECT_EQ(after_nothing(), microseconds(10));
}

TEST(PollingIdle, NeverNaps) {
  IdlePolicy policy(false);
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(policy.after_turn(false, kStart + seconds(i)), Duration::zero());
}

}  // namespace gate41::testing
