// INIT-REBOOT from a stored lease, and the confirmation of a lease after a pause: RFC 2131 §3.2, §4.4.2.
#include <gtest/gtest.h>

#include "tests/unit/dhcp/site.hpp"

namespace gate41::testing {
namespace {

using dhcp::State;

const dhcp::StoredLease kStored{kAddress, kServer, 2000000000};

Site rebooted_site() {
  Site site;
  site.start(kStored);
  return site;
}

// proves: M14
TEST(DhcpReboot, AsksEverybodyForTheStoredAddress) {
  const Site site = rebooted_site();
  ASSERT_EQ(site.asked.size(), 1U);
  const Asked& asked = site.last();
  EXPECT_EQ(asked.type, kRequest);
  EXPECT_EQ(asked.options.at(50), octets(kAddress));
  EXPECT_FALSE(asked.has(54));
  EXPECT_EQ(asked.client_address, kNone);
  EXPECT_EQ(asked.source, kNone);
  EXPECT_EQ(asked.destination, kEverybody);
}

// proves: M14 X14
TEST(DhcpReboot, IsBoundAfterOneRoundTrip) {
  Site site = rebooted_site();
  site.receive(answer_to(site.last(), kAck));
  EXPECT_EQ(site.client.state(), State::bound);
  EXPECT_EQ(site.gained.size(), 1U);
  EXPECT_EQ(site.asked.size(), 1U);
}

// proves: M14
TEST(DhcpReboot, DiscoversAfterFourTriesInAMinute) {
  Site site = rebooted_site();
  const TimePoint since = site.now;
  ASSERT_TRUE(site.run_to(State::selecting));
  EXPECT_EQ(site.asked.size(), 5U);
  EXPECT_GE(site.now - since, seconds(56));
  EXPECT_LE(site.now - since, seconds(64));
  EXPECT_EQ(site.last().options.at(50), octets(kAddress));
}

// proves: M12 M14
TEST(DhcpReboot, DiscoversAtOnceAfterANak) {
  Site site = rebooted_site();
  site.receive(answer_to(site.last(), kNak, 0, kOtherServer));
  EXPECT_EQ(site.last().type, kDiscover);
  EXPECT_FALSE(site.last().has(50));
  EXPECT_TRUE(site.lost.empty());
}

// proves: M14
TEST(DhcpReboot, TakesAnotherServersAck) {
  Site site = rebooted_site();
  site.receive(answer_to(site.last(), kAck, 3600, kOtherServer));
  EXPECT_EQ(site.client.lease()->server, kOtherServer);
}

// proves: M6
TEST(DhcpReboot, FallsBackToTheBroadcastFlag) {
  Site site = rebooted_site();
  site.run_for(seconds(20));
  ASSERT_GE(site.asked.size(), 3U);
  EXPECT_EQ(site.asked[1].flags, 0);
  EXPECT_EQ(site.asked[2].flags, 0x8000);
}

TEST(DhcpReboot, DoesNotAskForAnAddressThatIsNone) {
  Site site;
  site.start(dhcp::StoredLease{});
  EXPECT_EQ(site.last().type, kDiscover);
}

// proves: M21
TEST(DhcpResume, AsksAtOnceWhetherTheLeaseHolds) {
  Site site = bound_site();
  site.now += seconds(10);
  site.resume();
  EXPECT_EQ(site.client.state(), State::init_reboot);
  EXPECT_EQ(site.last().options.at(50), octets(kAddress));
  EXPECT_EQ(site.last().destination, kEverybody);
  EXPECT_TRUE(site.client.lease());
}

// proves: M21
TEST(DhcpResume, KeepsTheConfirmedLease) {
  Site site = bound_site();
  site.resume();
  site.receive(answer_to(site.last(), kAck));
  EXPECT_EQ(site.updated.size(), 1U);
  EXPECT_TRUE(site.lost.empty());
}

// proves: M21
TEST(DhcpResume, LosesARefusedLease) {
  Site site = bound_site();
  site.resume();
  site.receive(answer_to(site.last(), kNak, 0, kOtherServer));
  EXPECT_EQ(site.lost.size(), 1U);
  EXPECT_EQ(site.last().type, kDiscover);
}

// proves: M14 M21
TEST(DhcpResume, KeepsAnUnexpiredLeaseWhenNobodyAnswers) {
  Site site = bound_site(3600);
  const TimePoint renew_at = site.client.lease()->renew_at;
  site.resume();
  site.run_for(seconds(70));
  EXPECT_EQ(site.client.state(), State::bound);
  EXPECT_EQ(site.client.next_deadline(), renew_at);
}

// proves: M21
TEST(DhcpResume, RenewsAtOnceWhenT1PassedInSilence) {
  Site site = bound_site(3600);
  site.now = site.client.lease()->renew_at - seconds(10);
  site.resume();
  ASSERT_TRUE(site.run_to(State::renewing));
  EXPECT_FALSE(site.stuck);
  EXPECT_EQ(site.last().destination, kServer);
}

// proves: M13 M21
TEST(DhcpResume, LosesALeaseThatExpiredInThePause) {
  Site site = bound_site(3600);
  site.now += seconds(3600);
  site.resume();
  EXPECT_EQ(site.lost.size(), 1U);
  EXPECT_EQ(site.last().type, kDiscover);
}

// proves: M13
TEST(DhcpResume, LosesALeaseThatExpiresWhileItAsks) {
  Site site = bound_site(3600);
  const TimePoint end = site.client.lease()->expires;
  site.now = end - seconds(20);
  site.resume();
  site.run_until(end);
  EXPECT_EQ(site.lost.size(), 1U);
}

TEST(DhcpResume, BeginsASearchAnew) {
  Site site;
  site.start();
  site.run_for(seconds(300));
  const std::size_t before = site.asked.size();
  site.resume();
  EXPECT_EQ(site.asked.size(), before + 1);
  EXPECT_LE(*site.client.next_deadline() - site.now, seconds(5));
}

TEST(DhcpResume, MeansNothingToAStoppedClient) {
  Site site;
  site.resume();
  EXPECT_TRUE(site.asked.empty());
}

}  // namespace
}  // namespace gate41::testing
