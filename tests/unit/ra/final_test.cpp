// The end: final advertisements.
#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {
namespace {

ra::Settings with_dns() {
  ra::Settings settings = lan_settings();
  settings.rdnss = {ip6("2002:b00:2a:1::53")};
  settings.dnssl = {"example"};
  return settings;
}

}  // namespace

// proves: H18 X19
TEST_F(RaAdvertiser, SaysAtOnceThatItGoes) {
  settle();
  receive(Solicitation{kHostMac, ip6("::"), {}}.build());
  run_for(milliseconds(500));
  sent.clear();
  stop(1, false);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(last().lifetime, 0);
  EXPECT_EQ(last().flags, 0);
  EXPECT_EQ(last().destination, ip6("ff02::1"));
  EXPECT_EQ(advertiser.state(), ra::State::stopped);
  EXPECT_FALSE(advertiser.next_deadline());
}

// proves: H18 X19 S85
TEST_F(RaAdvertiser, SendsThreeFinalOnesThreeSecondsApartOnRequest) {
  settle();
  const TimePoint begin = now;
  stop(3, true);
  EXPECT_EQ(advertiser.state(), ra::State::stopping);
  run_for(seconds(100));
  ASSERT_EQ(sent.size(), 3U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sent[static_cast<std::size_t>(i)].at, begin + seconds(3 * i));
    EXPECT_EQ(sent[static_cast<std::size_t>(i)].ra.lifetime, 0);
  }
  EXPECT_EQ(advertiser.state(), ra::State::stopped);
}

// proves: X25
TEST_F(RaAdvertiser, LeavesPrefixesAndDnsAsTheyAreWithKeep) {
  advertiser.update_settings(with_dns(), now);
  settle();
  stop(1, false);
  EXPECT_TRUE(last().prefixes.empty());
  EXPECT_TRUE(last().rdnss.empty());
  EXPECT_TRUE(last().dnssl.empty());
}

// proves: X25 H18 S85
TEST_F(RaAdvertiser, WithdrawsPrefixesAndDnsWithDeprecate) {
  advertiser.update_settings(with_dns(), now);
  settle();
  stop(1, true);
  ASSERT_EQ(last().prefixes.size(), 1U);
  EXPECT_EQ(last().prefixes[0].preferred, 0U);
  EXPECT_EQ(last().prefixes[0].valid, 0U);
  EXPECT_EQ(last().prefixes[0].flags, 0xc0);
  ASSERT_EQ(last().rdnss.size(), 1U);
  EXPECT_EQ(last().rdnss[0].lifetime, 0U);
  ASSERT_EQ(last().dnssl.size(), 1U);
  EXPECT_EQ(last().dnssl[0].lifetime, 0U);
}

TEST_F(RaAdvertiser, TakesItsRoutesBackWhenItGoes) {
  settle();
  stop(1, false);
  ASSERT_EQ(last().routes.size(), 1U);
  EXPECT_EQ(last().routes[0].lifetime, 0U);
}

// proves: X25
TEST_F(RaAdvertiser, StillDeprecatesAnOldPrefixWithKeep) {
  settle();
  advertiser.add_stale({kOldPrefix, now + seconds(5400)}, now);
  stop(1, false);
  ASSERT_EQ(last().prefixes.size(), 1U);
  EXPECT_EQ(last().prefixes[0].address, kOldPrefix.address);
  EXPECT_EQ(last().prefixes[0].valid, 0U);
}

TEST_F(RaAdvertiser, HasNothingToTakeBackBeforeItSpoke) {
  advertiser.set_content(site_content(), now);
  advertiser.start(now);
  run_for(seconds(1));
  stop(3, true);
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(advertiser.state(), ra::State::stopped);
}

TEST_F(RaAdvertiser, AnswersNobodyWhileItGoes) {
  settle();
  stop(3, false);
  sent.clear();
  receive(Solicitation{}.build());
  advertiser.set_content(site_content(), now);
  run_for(seconds(2));
  EXPECT_TRUE(sent.empty());
}

}  // namespace gate41::testing
