// NAK, DECLINE, RELEASE and stop: RFC 2131 §3.1, §4.4.
#include <gtest/gtest.h>

#include "tests/unit/dhcp/site.hpp"

namespace gate41::testing {
namespace {

using dhcp::State;

// proves: M12
TEST(DhcpNak, LeadsFromARequestToADiscoverAtOnce) {
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.last(), kNak));
  EXPECT_EQ(site.client.state(), State::selecting);
  EXPECT_EQ(site.last().type, kDiscover);
  EXPECT_NE(site.last().xid, site.asked[0].xid);
}

TEST(DhcpNak, IsIgnoredFromAServerNotChosen) {
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.last(), kNak, 0, kOtherServer));
  EXPECT_EQ(site.client.state(), State::requesting);
}

TEST(DhcpNak, NeedsAServerId) {
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.last(), kNak).without(54));
  EXPECT_EQ(site.client.state(), State::requesting);
}

// A server that offers and refuses without end.
TEST(DhcpNak, UponNakSlowsTheClientDown) {
  Site site;
  site.start();
  const TimePoint end = site.now + hours(1);
  while (site.now < end) {
    while (site.client.state() != State::selecting) site.step();
    site.offer();
    site.receive(answer_to(site.last(), kNak));
  }
  EXPECT_LT(site.asked.size(), 2U * 70U);  // at 64 s each, and the shorter ones at the beginning
}

TEST(DhcpNak, IsForgivenByALease) {
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.last(), kNak));
  site.bind();
  ASSERT_TRUE(site.run_to(State::renewing));
  site.receive(answer_to(site.last(), kNak));
  EXPECT_EQ(site.client.state(), State::selecting);
}

// proves: M11 N6
TEST(DhcpConflict, DeclinesTheLeasedAddress) {
  Site site = bound_site();
  site.conflict();
  const Asked& asked = site.last();
  EXPECT_EQ(asked.type, kDecline);
  EXPECT_EQ(asked.options.at(50), octets(kAddress));
  EXPECT_EQ(asked.options.at(54), octets(kServer));
  EXPECT_EQ(asked.client_address, kNone);
  EXPECT_EQ(asked.source, kNone);
  EXPECT_EQ(asked.destination, kEverybody);
  EXPECT_FALSE(asked.has(55));
}

// proves: M11
TEST(DhcpConflict, LosesTheLease) {
  Site site = bound_site();
  site.conflict();
  EXPECT_EQ(site.lost, std::vector<std::string>{"11.0.0.42 is in use by another host"});
  EXPECT_FALSE(site.client.lease());
}

// proves: M11
TEST(DhcpConflict, WaitsTenSecondsBeforeTheNextDiscover) {
  Site site = bound_site();
  site.conflict();
  const TimePoint declined = site.now;
  site.step();
  EXPECT_EQ(site.last().type, kDiscover);
  EXPECT_GE(site.now - declined, seconds(10));
  EXPECT_FALSE(site.last().has(50));
}

// proves: M11
TEST(DhcpConflict, DeclinesAnAddressThatIsOnlyOffered) {
  Site site;
  site.start();
  site.offer();
  site.conflict();
  EXPECT_EQ(site.last().type, kDecline);
  EXPECT_EQ(site.last().options.at(50), octets(kAddress));
  EXPECT_TRUE(site.lost.empty());
}

TEST(DhcpConflict, MeansNothingWithoutAnAddress) {
  Site site;
  site.start();
  site.conflict();
  EXPECT_EQ(site.asked.size(), 1U);
}

// RFC 2131 table 5: an xid of the client's own choice.
TEST(DhcpConflict, DeclinesWithANewXid) {
  Site site = bound_site();
  site.conflict();
  EXPECT_NE(site.asked[2].xid, site.asked[1].xid);
}

TEST(DhcpConflict, TakesNoAckForTheDeclinedAddress) {
  Site site = bound_site();
  const Asked request = site.last();
  site.conflict();
  site.receive(answer_to(request, kAck));
  EXPECT_EQ(site.gained.size(), 1U);
}

// proves: M24
TEST(DhcpStop, ReleasesWhenTold) {
  Site site = bound_site();
  site.stop(true);
  const Asked& asked = site.last();
  EXPECT_EQ(asked.type, kRelease);
  EXPECT_EQ(asked.client_address, kAddress);
  EXPECT_EQ(asked.source, kAddress);
  EXPECT_EQ(asked.destination, kServer);
  EXPECT_EQ(asked.options.at(54), octets(kServer));
  EXPECT_EQ(asked.options.at(61), kClientId);
  EXPECT_FALSE(asked.has(50) || asked.has(55));
  EXPECT_EQ(site.lost.size(), 1U);
}

// proves: M24 P27
TEST(DhcpStop, SaysNothingOtherwise) {
  Site site = bound_site();
  site.stop(false);
  EXPECT_EQ(site.asked.size(), 2U);
  EXPECT_TRUE(site.lost.empty());
  EXPECT_EQ(site.client.state(), State::stopped);
  EXPECT_FALSE(site.client.next_deadline());
}

TEST(DhcpStop, ReleasesNothingWithoutALease) {
  Site site;
  site.start();
  site.stop(true);
  EXPECT_EQ(site.asked.size(), 1U);
}

TEST(DhcpStop, TakesNoReplies) {
  Site site;
  site.start();
  const Asked discover = site.last();
  site.stop(false);
  site.receive(answer_to(discover, kOffer));
  EXPECT_EQ(site.client.state(), State::stopped);
}

TEST(DhcpStop, CanBeFollowedByAStart) {
  Site site = bound_site();
  site.stop(false);
  site.start();
  site.bind();
  EXPECT_EQ(site.gained.size(), 2U);
}

}  // namespace
}  // namespace gate41::testing
