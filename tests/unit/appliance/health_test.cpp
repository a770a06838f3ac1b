#include "appliance/init/health.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

using appliance::Health;
using namespace std::chrono_literals;

constexpr TimePoint kNow(100s);

TEST(HealthTest, IsUnknownBeforeTheFirstWord) {
  EXPECT_FALSE(Health().ready());
  EXPECT_EQ(Health().deadline(), std::nullopt);
}

TEST(HealthTest, TakesSeveralLinesOfOneMessage) {
  Health health;
  health.on_message("MAINPID=7\nREADY=1\nSTATUS=relay 192.88.99.1 is alive", kNow);
  EXPECT_TRUE(health.ready());
  EXPECT_EQ(health.sentence(), "relay 192.88.99.1 is alive");
}

TEST(HealthTest, CountsHalfAMinuteFromTheLastWord) {
  Health health;
  health.on_message("WATCHDOG=1", kNow);
  EXPECT_FALSE(health.ready());
  EXPECT_EQ(health.deadline(), kNow + 30s);
  health.on_message("WATCHDOG=1\n", kNow + 10s);
  EXPECT_EQ(health.deadline(), kNow + 40s);
}

TEST(HealthTest, BeginsAnewWithEachStart) {
  Health health;
  health.on_message("READY=1", kNow);
  health.on_start();
  EXPECT_FALSE(health.ready());
  EXPECT_EQ(health.deadline(), std::nullopt);
}

}  // namespace
}  // namespace gate41::testing
