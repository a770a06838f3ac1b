#include "appliance/init/backoff.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

using appliance::Backoff;
using namespace std::chrono_literals;

TEST(BackoffTest, StartsOneThatDiedOnceAlmostAtOnce) { EXPECT_EQ(Backoff().after(2h), 100ms); }

TEST(BackoffTest, DoublesThePauseOfOneThatDiesAgainAndAgain) {
  Backoff backoff;
  for (const Duration pause : {100ms, 200ms, 400ms, 800ms}) EXPECT_EQ(backoff.after(1s), pause);
}

TEST(BackoffTest, NeverWaitsLongerThanHalfAMinute) {
  Backoff backoff;
  for (int i = 0; i < 100; ++i) backoff.after(0s);
  EXPECT_EQ(backoff.after(0s), 30s);
}

TEST(BackoffTest, ForgivesOneThatRanForAMinute) {
  Backoff backoff;
  for (int i = 0; i < 100; ++i) backoff.after(0s);
  EXPECT_EQ(backoff.after(60s), 100ms);
  EXPECT_EQ(backoff.after(0s), 200ms);
}

}  // namespace
}  // namespace gate41::testing
