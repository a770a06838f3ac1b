#include "dataplane/base/clock.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {

using namespace std::chrono_literals;

TEST(CoarseSeconds, CountsWholeSeconds) {
  EXPECT_EQ(coarse_seconds(TimePoint(0s)), 0U);
  EXPECT_EQ(coarse_seconds(TimePoint(41s + 999ms)), 41U);
}

TEST(CoarseSeconds, WrapsAt32Bits) { EXPECT_EQ(coarse_seconds(TimePoint(0x100000005s)), 5U); }

TEST(Clock, NeverGoesBack) {
  TimePoint last = now();
  for (int i = 0; i < 1000; ++i) {
    const TimePoint next = now();
    EXPECT_GE(next, last);
    last = next;
  }
}

}  // namespace gate41::testing
