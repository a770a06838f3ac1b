// Lifetimes under a lease, and prompt advertisements on change.
#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {
namespace {

ra::Content leased(Duration lease, TimePoint from) { return {{{kPrefix, from + lease}}, {kDelegated}, true}; }

}  // namespace

// proves: P20 P22
TEST_F(RaAdvertiser, NeverAdvertisesPastTheLease) {
  const TimePoint end = kStart + seconds(7200);
  start_advertising({{{kPrefix, end}}, {kDelegated}, true});
  run_until(end + seconds(700));
  ASSERT_GT(sent.size(), 10U);
  for (const Sent& one : sent) {
    const auto rest = std::max<int64_t>((end - one.at) / seconds(1), 0);
    EXPECT_EQ(one.ra.prefixes.at(0).valid, std::min<int64_t>(rest, 5400));
    EXPECT_EQ(one.ra.prefixes.at(0).preferred, std::min<int64_t>(rest, 2700));
  }
}

// proves: P23
TEST_F(RaAdvertiser, BoundsRoutesByTheLease) {
  const TimePoint end = kStart + seconds(1000);
  start_advertising(leased(seconds(1000), kStart));
  EXPECT_EQ(last().routes.at(0).lifetime, static_cast<uint32_t>((end - sent.back().at) / seconds(1)));
}

// proves: U15 P11
TEST_F(RaAdvertiser, IsNoDefaultRouterAfterTheLease) {
  start_advertising(leased(seconds(1000), kStart));
  run_until(kStart + seconds(2000));
  EXPECT_EQ(last().lifetime, 0);
  EXPECT_EQ(last().prefixes.at(0).valid, 0U);
}

// proves: P5 S29
TEST_F(RaAdvertiser, SaysAtOnceThatTheDefaultRouteIsGone) {
  settle();
  run_for(seconds(5));
  const TimePoint change = now;
  advertiser.set_content({{{kPrefix}}, {kDelegated}, false}, now);
  run_for(seconds(1));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].at, change);
  EXPECT_EQ(last().lifetime, 0);
}

// proves: H12 H19
TEST_F(RaAdvertiser, WaitsWithAChangeUntilThreeSecondsAfterTheLast) {
  settle();
  advertiser.set_content({{{kPrefix}}, {kDelegated}, false}, now);
  run_for(seconds(1));
  const TimePoint first = sent.at(0).at;
  advertiser.set_content(site_content(), now);
  run_for(seconds(4));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[1].at, first + seconds(3));
  EXPECT_EQ(last().lifetime, 2700);
}

// proves: H19
TEST_F(RaAdvertiser, RepeatsAChangeTwiceAtMostSixteenSecondsApart) {
  settle();
  advertiser.set_content({{{kPrefix}}, {}, false}, now);
  run_for(seconds(40));
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_LE(sent[1].at - sent[0].at, seconds(16));
  EXPECT_LE(sent[2].at - sent[1].at, seconds(16));
}

TEST_F(RaAdvertiser, MakesOneAdvertisementOfSeveralChangesInATurn) {
  settle();
  advertiser.set_content({{{kPrefix}}, {kDelegated}, true}, now);
  advertiser.set_content({{{kPrefix}}, {}, true}, now);
  advertiser.add_stale({kOldPrefix, now + seconds(5400)}, now);
  run_for(seconds(1));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(last().prefixes.size(), 2U);
}

TEST_F(RaAdvertiser, SendsNothingForContentThatIsTheSame) {
  settle();
  advertiser.set_content(site_content(), now);
  run_for(seconds(60));
  EXPECT_TRUE(sent.empty());
}

TEST_F(RaAdvertiser, SendsNothingWhenALongLeaseIsExtended) {
  start_advertising(leased(seconds(86400), now));
  run_for(seconds(40));
  sent.clear();
  advertiser.set_content(leased(seconds(86400), now), now);
  run_for(seconds(60));
  EXPECT_TRUE(sent.empty());
}

// proves: H16
TEST_F(RaAdvertiser, SendsNothingMoreForALeaseOfAnHourThatIsRenewedEveryThreeSeconds) {
  start_advertising(leased(seconds(3600), now));
  run_for(seconds(40));
  sent.clear();
  for (int renewal = 0; renewal < 40; ++renewal) {
    advertiser.set_content(leased(seconds(3600), now), now);
    run_for(seconds(3));
  }
  EXPECT_TRUE(sent.empty());
}

// Hosts were told 600 s less what had passed, in whole seconds; at half of it they are told again.
// proves: P20
TEST_F(RaAdvertiser, TellsOfAnExtendedLeaseWhenHalfOfWhatHostsKnowIsOver) {
  start_advertising(leased(seconds(600), now));
  run_for(seconds(100));
  const TimePoint told = sent.back().at;
  const Duration half = seconds(sent.back().ra.prefixes.at(0).preferred) / 2;
  sent.clear();
  advertiser.set_content(leased(seconds(600), now), now);
  run_until(told + half - milliseconds(1));
  EXPECT_TRUE(sent.empty());
  run_for(seconds(1));
  ASSERT_EQ(sent.size(), 1U);
}

// proves: P20 P22
TEST_F(RaAdvertiser, KeepsAPrefixAliveUnderAShortLeaseThatIsRenewed) {
  start_advertising(leased(seconds(120), now));
  for (int renewal = 0; renewal < 100; ++renewal) {
    run_for(seconds(60));
    advertiser.set_content(leased(seconds(120), now), now);
  }
  ASSERT_GT(sent.size(), 50U);
  for (std::size_t i = 4; i < sent.size(); ++i)
    ASSERT_LT(sent[i].at - sent[i - 1].at, seconds(sent[i - 1].ra.prefixes.at(0).preferred));
}

// proves: P20
TEST_F(RaAdvertiser, TellsWhenALeaseGetsShorter) {
  start_advertising(leased(seconds(86400), now));
  run_for(seconds(40));
  sent.clear();
  advertiser.set_content(leased(seconds(300), now), now);
  run_for(seconds(1));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(last().prefixes.at(0).valid, 300U);
}

TEST_F(RaAdvertiser, WithdrawsARouteThatIsGone) {
  settle();
  advertiser.set_content({{{kPrefix}}, {{ip6("2002:b00:2b::"), 48}}, true}, now);
  run_for(seconds(1));
  ASSERT_EQ(last().routes.size(), 2U);
  EXPECT_EQ(last().routes[0].lifetime, 5400U);
  EXPECT_EQ(last().routes[1].lifetime, 0U);
  EXPECT_EQ(last().routes[1].prefix.at(5), 0x2a);
}

}  // namespace gate41::testing
