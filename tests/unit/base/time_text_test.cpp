// Times as people read them.
#include "dataplane/base/time_text.hpp"

#include <gtest/gtest.h>

namespace gate41 {
namespace {

using namespace std::chrono_literals;

std::string in(Duration left) { return time_left(TimePoint(1h + left), TimePoint(1h)); }

}  // namespace

TEST(TimeLeft, IsInTheUnitThatTellsIt) {
  EXPECT_EQ(in(120s), "120 s");
  EXPECT_EQ(in(12min), "12 min");
  EXPECT_EQ(in(24h), "24 h");
}

TEST(TimeLeft, IsRoundedUp) {
  EXPECT_EQ(in(84'001ms), "85 s");
  EXPECT_EQ(in(121s), "3 min");
  EXPECT_EQ(in(7201s), "3 h");
}

TEST(TimeLeft, IsNeverNegative) { EXPECT_EQ(in(-5s), "0 s"); }

}  // namespace gate41
