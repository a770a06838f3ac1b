#include "dataplane/forward/error_rate.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;
constexpr TimePoint kLongAgo{1000s};

unsigned taken(TokenBucket& bucket, TimePoint now, unsigned asked) {
  unsigned count = 0;
  for (unsigned i = 0; i < asked; ++i)
    if (bucket.take(now)) ++count;
  return count;
}

// proves: I5
TEST(ErrorRate, ABurstAndThenTheRate) {
  TokenBucket bucket(10, 5);
  EXPECT_EQ(taken(bucket, kLongAgo, 100), 5U);
  EXPECT_EQ(taken(bucket, kLongAgo + 99ms, 100), 0U);
  EXPECT_EQ(taken(bucket, kLongAgo + 100ms, 100), 1U);
  EXPECT_EQ(taken(bucket, kLongAgo + 400ms, 100), 3U);
}

TEST(ErrorRate, NoMoreThanTheBurstIsSaved) {
  TokenBucket bucket(10, 5);
  EXPECT_EQ(taken(bucket, kLongAgo, 100), 5U);
  EXPECT_EQ(taken(bucket, kLongAgo + 24h * 365 * 100, 100), 5U);
}

TEST(ErrorRate, FractionsOfATokenAddUp) {
  TokenBucket bucket(3, 2);
  EXPECT_EQ(taken(bucket, kLongAgo, 2), 2U);
  unsigned count = 0;
  for (int i = 1; i <= 1000; ++i) count += taken(bucket, kLongAgo + i * 10ms, 1);
  EXPECT_EQ(count, 30U);
}

TEST(ErrorRate, TimeThatStandsStillOrGoesBackGivesNothing) {
  TokenBucket bucket(10, 1);
  EXPECT_TRUE(bucket.take(kLongAgo));
  EXPECT_FALSE(bucket.take(kLongAgo));
  EXPECT_FALSE(bucket.take(kLongAgo - 500s));
  EXPECT_TRUE(bucket.take(kLongAgo + 100ms));
}

TEST(ErrorRate, WithoutARateThereIsNone) {
  TokenBucket bucket;
  EXPECT_FALSE(bucket.take(kLongAgo));
}

unsigned in_ten_seconds(TokenBucket& bucket) {
  unsigned count = 0;
  for (int i = 0; i < 10000; ++i) count += taken(bucket, kLongAgo + i * 1ms, 5);
  return count;
}

// proves: X9 I5
TEST(ErrorRate, AGatewaySends10ErrorsASecondAnd100PacketTooBig) {
  ErrorRates rates = gateway_error_rates();
  EXPECT_NEAR(in_ten_seconds(rates.other), 10 * 10 + 10, 1);
  EXPECT_NEAR(in_ten_seconds(rates.packet_too_big), 10 * 100 + 100, 1);
}

// proves: B21 X9
TEST(ErrorRate, ARelaySends1000OfEachASecond) {
  ErrorRates rates = relay_error_rates();
  EXPECT_NEAR(in_ten_seconds(rates.other), 10 * 1000 + 1000, 1);
  EXPECT_NEAR(in_ten_seconds(rates.packet_too_big), 10 * 1000 + 1000, 1);
}

// proves: X9
TEST(ErrorRate, OtherErrorsDoNotStarvePacketTooBig) {
  ErrorRates rates = gateway_error_rates();
  while (rates.other.take(kLongAgo)) continue;
  EXPECT_TRUE(rates.packet_too_big.take(kLongAgo));
}

}  // namespace
}  // namespace gate41::testing
