// The share of each site, by a clock of the test's own.
#include "dataplane/forward/site_meters.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr uint32_t kPacket = 1000;
constexpr SiteLimit kLimit{1'000'000, 10 * kPacket};
constexpr TimePoint kNow{seconds(5000)};

Ipv4Address site(uint32_t number) { return Ipv4Address(Be32(0x0b000000U + number)); }

// How many of `packets` sent at once pass.
int passed(SiteMeters& meters, Ipv4Address from, int packets, TimePoint now,
           const SiteLimit& limit = kLimit) {
  int count = 0;
  for (int i = 0; i < packets; ++i) count += meters.passes(limit, from, kPacket, now);
  return count;
}

// proves: C28
TEST(SiteMeters, ABurstPassesAndNoMore) {
  SiteMeters meters(HashSecret{});
  EXPECT_EQ(passed(meters, site(1), 20, kNow), 10);
}

// proves: C28
TEST(SiteMeters, EachSiteHasAShareOfItsOwn) {
  SiteMeters meters(HashSecret{});
  passed(meters, site(1), 20, kNow);
  EXPECT_EQ(passed(meters, site(2), 20, kNow), 10);
}

// proves: C28
TEST(SiteMeters, WhatIsSparedIsNeverMoreThanABurst) {
  SiteMeters meters(HashSecret{});
  passed(meters, site(1), 20, kNow);
  EXPECT_EQ(passed(meters, site(1), 20, kNow + milliseconds(5)), 5);
  EXPECT_EQ(passed(meters, site(1), 20, kNow + seconds(3600)), 10);
}

TEST(SiteMeters, APacketOfFullSizePassesHoweverSmallTheBurst) {
  SiteMeters meters(HashSecret{});
  EXPECT_TRUE(meters.passes({125'000, 1}, site(1), SiteMeters::kMinBurst, kNow));
}

class SiteRate : public ::testing::TestWithParam<uint64_t> {};

// Twice the rate is offered for ten seconds, once the burst is gone.
// proves: C28
TEST_P(SiteRate, HoldsWithinOnePercentOfWhatIsConfigured) {
  const uint64_t rate = GetParam() * 125'000;  // bytes a second
  const SiteLimit limit{rate, rate / 10};
  const auto packet = static_cast<uint32_t>(std::min<uint64_t>(rate / 10'000, 2048));
  const Duration gap(static_cast<int64_t>(uint64_t{1'000'000'000} * packet / rate / 2));
  SiteMeters meters(HashSecret{});
  while (meters.passes(limit, site(1), packet, kNow)) continue;
  uint64_t bytes = 0;
  for (TimePoint now = kNow; now < kNow + seconds(10); now += gap)
    if (meters.passes(limit, site(1), packet, now)) bytes += packet;
  EXPECT_NEAR(static_cast<double>(bytes), static_cast<double>(rate) * 10,
              static_cast<double>(rate) * 10 / 100);
}

INSTANTIATE_TEST_SUITE_P(Megabits, SiteRate, ::testing::Values(1, 3, 20, 79, 100, 999));

// proves: C28
TEST(SiteMeters, AnotherLimitHoldsForAllAtOnce) {
  SiteMeters meters(HashSecret{});
  passed(meters, site(1), 20, kNow);
  constexpr SiteLimit kFaster{10'000'000, 100 * kPacket};
  EXPECT_EQ(passed(meters, site(1), 100, kNow + milliseconds(5), kFaster), 50);
  constexpr SiteLimit kSlower{100'000, 4 * kPacket};
  EXPECT_EQ(passed(meters, site(1), 20, kNow + seconds(5), kSlower), 4);
}

// proves: C28
TEST(SiteMeters, ANewSiteTakesThePlaceOfTheOneThatIsSilentLongest) {
  SiteMeters meters(HashSecret{}, 1);
  for (uint32_t i = 0; i < SiteMeters::kWays; ++i) passed(meters, site(i + 1), 20, kNow + milliseconds(i));
  passed(meters, site(1), 20, kNow + milliseconds(4));  // so that 2 is the silent one
  passed(meters, site(9), 20, kNow + milliseconds(5));
  EXPECT_LE(passed(meters, site(1), 20, kNow + milliseconds(6)), 2) << "1 has kept its meter";
  EXPECT_EQ(passed(meters, site(2), 20, kNow + milliseconds(6)), 10) << "2 begins anew, with a full burst";
}

// Three times as many made-up sites as there are places, while one that is there goes on sending.
// proves: C28
TEST(SiteMeters, AFloodOfMadeUpSitesTakesNoBusySitesMeterAway) {
  SiteMeters meters(HashSecret{}, 64);
  passed(meters, site(1), 20, kNow);
  int passed_since = 0;
  for (uint32_t flood = 0; flood < 3 * 64 * SiteMeters::kWays; ++flood) {
    const TimePoint now = kNow + microseconds(flood);
    static_cast<void>(meters.passes(kLimit, site(100 + flood), kPacket, now));
    passed_since += meters.passes(kLimit, site(1), kPacket, now);
  }
  EXPECT_EQ(passed_since, 0) << "768 us are worth 768 bytes; a new meter would let ten packets pass";
}

}  // namespace
}  // namespace gate41::testing
