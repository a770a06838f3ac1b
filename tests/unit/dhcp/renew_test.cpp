// Keeping a lease: RFC 2131 §4.4.5.
#include <gtest/gtest.h>

#include "tests/unit/dhcp/site.hpp"

namespace gate41::testing {
namespace {

using dhcp::State;

// Bound with these options 58 and 59.
Site site_with_times(uint32_t lease, std::optional<uint32_t> renewal, std::optional<uint32_t> rebinding) {
  Site site;
  site.start();
  site.offer(lease);
  Answer answer = answer_to(site.last(), kAck, lease);
  if (renewal) answer = answer.with(58, octets(*renewal));
  if (rebinding) answer = answer.with(59, octets(*rebinding));
  site.receive(answer);
  return site;
}

// proves: M7
TEST(DhcpTimes, AreHalfAndSevenEighthsOfTheLeaseWithin64ths) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Site site = bound_site(6400, seed);
    const auto& lease = *site.client.lease();
    EXPECT_NEAR(static_cast<double>((lease.renew_at - site.now) / seconds(1)), 3200, 100);
    EXPECT_NEAR(static_cast<double>((lease.rebind_at - site.now) / seconds(1)), 5600, 100);
    EXPECT_EQ(lease.expires - site.now, seconds(6400));
  }
}

// proves: M7
TEST(DhcpTimes, DifferBetweenClients) {
  EXPECT_NE(bound_site(6400, 1).client.lease()->renew_at, bound_site(6400, 2).client.lease()->renew_at);
}

// proves: M7
TEST(DhcpTimes, FollowTheServer) {
  const Site site = site_with_times(3600, 20, 30);
  EXPECT_EQ(site.client.lease()->renew_at - site.now, seconds(20));
  EXPECT_EQ(site.client.lease()->rebind_at - site.now, seconds(30));
}

// proves: M7
TEST(DhcpTimes, FollowARenewalTimeAlone) {
  const Site site = site_with_times(3600, 20, std::nullopt);
  EXPECT_EQ(site.client.lease()->renew_at - site.now, seconds(20));
}

struct Disorder {
  uint32_t renewal, rebinding;
};

class TimesOutOfOrder : public ::testing::TestWithParam<Disorder> {};

// proves: M7
TEST_P(TimesOutOfOrder, GiveWayToTheUsualOnes) {
  const Site site = site_with_times(3600, GetParam().renewal, GetParam().rebinding);
  EXPECT_NEAR(static_cast<double>((site.client.lease()->renew_at - site.now) / seconds(1)), 1800, 57);
  EXPECT_NEAR(static_cast<double>((site.client.lease()->rebind_at - site.now) / seconds(1)), 3150, 57);
}

INSTANTIATE_TEST_SUITE_P(All, TimesOutOfOrder,
                         ::testing::Values(Disorder{0, 3000}, Disorder{2000, 2000}, Disorder{3000, 2000},
                                           Disorder{100, 3600}, Disorder{100, 0xffffffff},
                                           Disorder{4000, 5000}));

TEST(DhcpTimes, CountFromTheRequestNotFromTheAck) {
  Site site;
  site.start();
  site.offer();
  const TimePoint requested = site.now;
  site.now += seconds(2);
  site.receive(answer_to(site.last(), kAck, 3600));
  EXPECT_EQ(site.client.lease()->expires, requested + seconds(3600));
}

// proves: M8
TEST(DhcpRenewing, AsksTheServerByUnicastFromTheLeasedAddress) {
  Site site = site_with_times(3600, 100, 3000);
  site.run_for(seconds(100));
  EXPECT_EQ(site.client.state(), State::renewing);
  const Asked& asked = site.last();
  EXPECT_EQ(asked.type, kRequest);
  EXPECT_EQ(asked.source, kAddress);
  EXPECT_EQ(asked.destination, kServer);
  EXPECT_EQ(asked.client_address, kAddress);
  EXPECT_FALSE(asked.has(50) || asked.has(54));
  EXPECT_EQ(asked.flags, 0);
}

// proves: M8
TEST(DhcpRebinding, AsksEverybodyFromTheLeasedAddress) {
  Site site = site_with_times(3600, 100, 3000);
  site.run_for(seconds(3000));
  EXPECT_EQ(site.client.state(), State::rebinding);
  const Asked& asked = site.last();
  EXPECT_EQ(asked.source, kAddress);
  EXPECT_EQ(asked.destination, kEverybody);
  EXPECT_EQ(asked.client_address, kAddress);
  EXPECT_FALSE(asked.has(50) || asked.has(54));
}

// proves: M9
TEST(DhcpRenewing, AsksAgainAfterHalfOfTheTimeToRebinding) {
  Site site = site_with_times(8000, 1000, 5000);
  site.run_for(seconds(1000));
  const std::size_t first = site.asked.size() - 1;
  site.run_until(site.client.lease()->rebind_at - seconds(1));
  // 4000 s to go at first: 2000, 1000, 500, 250, 125, 62.5, then 60 instead of 31.25; 2.5 s are left.
  const std::vector<double> expected{2000, 1000, 500, 250, 125, 62.5, 60};
  ASSERT_EQ(site.asked.size() - first - 1, expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto gap = std::chrono::duration<double>(site.asked[first + i + 1].at - site.asked[first + i].at);
    EXPECT_DOUBLE_EQ(gap.count(), expected[i]) << i;
  }
}

// proves: M9
TEST(DhcpRebinding, AsksAgainAfterHalfOfTheRestOfTheLease) {
  Site site = site_with_times(8000, 1000, 4000);
  site.run_for(seconds(4000));
  const std::size_t first = site.asked.size() - 1;
  site.run_until(site.client.lease()->expires - seconds(1));
  // 4000 s to go as above.
  ASSERT_GT(site.asked.size(), first + 2);
  EXPECT_EQ(site.asked[first + 1].at - site.asked[first].at, seconds(2000));
  EXPECT_EQ(site.asked[first + 2].at - site.asked[first + 1].at, seconds(1000));
}

// proves: M9
TEST(DhcpRenewing, NeverAsksTwiceWithinAMinute) {
  Site site = site_with_times(8000, 1000, 5000);
  site.run_until(site.client.lease()->rebind_at - seconds(1));
  for (std::size_t i = 3; i < site.asked.size(); ++i) {
    EXPECT_GE(site.asked[i].at - site.asked[i - 1].at, seconds(60)) << i;
  }
}

TEST(DhcpRenewing, ReportsNewTimesAndOptionsOfTheSameAddress) {
  Site site = site_with_times(3600, 100, 3000);
  site.run_for(seconds(100));
  site.receive(answer_to(site.last(), kAck, 7200).with(212, {1, 2, 3}));
  ASSERT_EQ(site.updated.size(), 1U);
  EXPECT_EQ(site.updated[0].expires, site.now + seconds(7200));
  EXPECT_EQ(Octets(site.updated[0].options.end() - 3, site.updated[0].options.end()), (Octets{1, 2, 3}));
  EXPECT_EQ(site.client.state(), State::bound);
  EXPECT_EQ(site.gained.size(), 1U);
}

TEST(DhcpRenewing, ReportsAnotherAddressAsGained) {
  Site site = site_with_times(3600, 100, 3000);
  site.run_for(seconds(100));
  Answer answer = answer_to(site.last(), kAck);
  answer.your_address = kOtherAddress;
  site.receive(answer);
  ASSERT_EQ(site.gained.size(), 2U);
  EXPECT_EQ(site.gained[1].address, kOtherAddress);
  EXPECT_TRUE(site.updated.empty());
}

TEST(DhcpRebinding, TakesAnyServersAck) {
  Site site = site_with_times(3600, 100, 3000);
  site.run_for(seconds(3000));
  site.receive(answer_to(site.last(), kAck, 3600, kOtherServer));
  EXPECT_EQ(site.client.lease()->server, kOtherServer);
}

TEST(DhcpRenewing, DatesTheLeaseFromTheTryThatWasAnswered) {
  Site site = site_with_times(8000, 1000, 5000);
  site.run_for(seconds(1000));
  site.step();
  site.receive(answer_to(site.last(), kAck, 8000));
  EXPECT_EQ(site.client.lease()->expires, site.now + seconds(8000));
}

TEST(DhcpRenewing, IgnoresTheAnswerToAnEarlierTry) {
  Site site = site_with_times(8000, 1000, 5000);
  site.run_for(seconds(1000));
  const Asked earlier = site.last();
  site.step();
  site.receive(answer_to(earlier, kAck, 8000));
  EXPECT_TRUE(site.updated.empty());
}

// proves: M12
TEST(DhcpRenewing, LosesTheLeaseByANakAndDiscoversAtOnce) {
  Site site = site_with_times(3600, 100, 3000);
  site.run_for(seconds(100));
  site.receive(answer_to(site.last(), kNak));
  EXPECT_EQ(site.lost.size(), 1U);
  EXPECT_FALSE(site.client.lease());
  EXPECT_EQ(site.last().type, kDiscover);
  EXPECT_FALSE(site.last().has(50));
}

TEST(DhcpRenewing, IgnoresANakOfAnotherServer) {
  Site site = site_with_times(3600, 100, 3000);
  site.run_for(seconds(100));
  site.receive(answer_to(site.last(), kNak, 0, kOtherServer));
  EXPECT_TRUE(site.lost.empty());
}

TEST(DhcpBound, IgnoresANakThatItDidNotAskFor) {
  Site site = bound_site();
  site.receive(answer_to(site.last(), kNak));
  EXPECT_TRUE(site.lost.empty());
}

// proves: M13
TEST(DhcpRebinding, LosesTheLeaseWhenItExpiresAndDiscoversAtOnce) {
  Site site = bound_site(3600);
  const TimePoint end = site.client.lease()->expires;
  site.run_until(end - milliseconds(1));
  ASSERT_TRUE(site.client.lease());
  site.run_until(end);
  EXPECT_EQ(site.lost.size(), 1U);
  EXPECT_FALSE(site.client.lease());
  EXPECT_EQ(site.last().type, kDiscover);
}

// proves: M13
TEST(DhcpRebinding, TakesNoAckThatComesAfterTheEnd) {
  Site site = bound_site(3600);
  site.run_until(site.client.lease()->expires - milliseconds(1));
  const Asked late = site.last();
  site.now += milliseconds(1);
  site.receive(answer_to(late, kAck));
  EXPECT_EQ(site.lost.size(), 1U);
  EXPECT_TRUE(site.updated.empty());
}

TEST(DhcpClient, AsksAfterExpiryForTheAddressItHad) {
  Site site = bound_site(3600);
  site.run_for(seconds(3600));
  EXPECT_EQ(site.last().options.at(50), octets(kAddress));
}

// proves: M21
TEST(DhcpBound, NeverRenewsAnInfiniteLease) {
  const Site site = bound_site(0xffffffff);
  EXPECT_EQ(site.client.lease()->expires, TimePoint::max());
  EXPECT_FALSE(site.client.next_deadline());
}

// proves: M21
TEST(DhcpBound, RenewsALeaseOfAMinuteForADay) {
  Site site = bound_site(60);
  const TimePoint end = site.now + hours(24);
  while (site.now < end) {
    site.step();
    site.receive(answer_to(site.last(), kAck, 60));
  }
  EXPECT_EQ(site.gained.size(), 1U);
  EXPECT_TRUE(site.lost.empty());
}

// proves: M21
TEST(DhcpBound, KeepsALeaseOfAMinuteWhenEveryOtherRequestIsLost) {
  Site site = bound_site(60);
  for (int i = 0; i < 1000; ++i) {
    site.step();
    site.step();
    site.receive(answer_to(site.last(), kAck, 60));
  }
  EXPECT_TRUE(site.lost.empty());
}

// proves: M21
TEST(DhcpBound, LivesWithALeaseOfASecond) {
  Site site = bound_site(1);
  for (int i = 0; i < 1000; ++i) {
    site.step();
    site.receive(answer_to(site.last(), kAck, 1));
  }
  EXPECT_EQ(site.updated.size(), 1000U);
}

// proves: M21
TEST(DhcpBound, FindsAtTheNextTimerThatAPauseOutlivedTheLease) {
  Site site = bound_site(3600);
  site.now += hours(5);
  site.client.on_timer(site.now);
  site.collect();
  EXPECT_EQ(site.lost.size(), 1U);
  EXPECT_EQ(site.last().type, kDiscover);
}

// proves: M21
TEST(DhcpBound, GoesStraightToRebindingAfterAPauseBeyondT2) {
  Site site = site_with_times(3600, 100, 3000);
  site.now += seconds(3100);
  site.client.on_timer(site.now);
  site.collect();
  EXPECT_EQ(site.client.state(), State::rebinding);
  EXPECT_EQ(site.last().destination, kEverybody);
}

}  // namespace
}  // namespace gate41::testing
