// From nothing to a lease: RFC 2131 §3.1, §4.1, §4.4.1.
#include <gtest/gtest.h>
#include <set>

#include "tests/unit/dhcp/site.hpp"

namespace gate41::testing {
namespace {

using dhcp::State;

// proves: M1 M3
TEST(DhcpClient, DiscoversAtOnceByBroadcast) {
  Site site;
  site.start();
  ASSERT_EQ(site.asked.size(), 1U);
  EXPECT_EQ(site.last().type, kDiscover);
  EXPECT_EQ(site.last().source, kNone);
  EXPECT_EQ(site.last().destination, kEverybody);
  EXPECT_EQ(site.last().client_address, kNone);
}

// proves: M3
TEST(DhcpClient, AsksForTheOfferedAddress) {
  Site site;
  site.start();
  site.offer();
  ASSERT_EQ(site.last().type, kRequest);
  EXPECT_EQ(site.last().options.at(50), octets(kAddress));
  EXPECT_EQ(site.last().options.at(54), octets(kServer));
  EXPECT_EQ(site.last().client_address, kNone);
  EXPECT_EQ(site.last().destination, kEverybody);
}

// proves: M3
TEST(DhcpClient, IsBoundByTheAck) {
  const Site site = bound_site();
  EXPECT_EQ(site.client.state(), State::bound);
  ASSERT_EQ(site.gained.size(), 1U);
  EXPECT_EQ(site.gained[0].address, kAddress);
  EXPECT_EQ(site.gained[0].server, kServer);
  EXPECT_EQ(site.asked.size(), 2U);
}

TEST(DhcpClient, KeepsTheXidOfTheOffer) {
  const Site site = bound_site();
  EXPECT_EQ(site.asked[1].xid, site.asked[0].xid);
}

TEST(DhcpClient, RepeatsTheSecondsOfTheDiscoverInItsRequest) {
  Site site;
  site.start();
  site.run_for(seconds(30));
  const uint16_t discovered = site.last().seconds;
  site.now += seconds(2);
  site.offer();
  EXPECT_GT(discovered, 0);
  EXPECT_EQ(site.last().seconds, discovered);
}

// proves: M2
TEST(DhcpClient, DrawsItsXidFromTheSeed) {
  std::set<uint32_t> seen;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Site site(seed);
    site.start();
    seen.insert(site.last().xid);
  }
  EXPECT_EQ(seen.size(), 100U);
}

// proves: M2
TEST(DhcpClient, IgnoresAnotherXid) {
  Site site;
  site.start();
  Answer answer = answer_to(site.last(), kOffer);
  ++answer.xid;
  site.receive(answer);
  EXPECT_EQ(site.client.state(), State::selecting);
}

// proves: M2
TEST(DhcpClient, IgnoresAnotherMac) {
  Site site;
  site.start();
  Answer answer = answer_to(site.last(), kOffer);
  answer.mac.bytes[5] ^= 1;
  site.receive(answer);
  EXPECT_EQ(site.client.state(), State::selecting);
}

// RFC 6842 §3
TEST(DhcpClient, IgnoresAReplyForAnotherClientId) {
  Site site;
  site.start();
  site.receive(answer_to(site.last(), kOffer).with(61, {1, 2, 3}));
  EXPECT_EQ(site.client.state(), State::selecting);
}

TEST(DhcpClient, AcceptsAReplyThatRepeatsItsClientId) {
  Site site;
  site.start();
  site.receive(answer_to(site.last(), kOffer).with(61, kClientId));
  EXPECT_EQ(site.client.state(), State::requesting);
}

// proves: M4
TEST(DhcpClient, RepeatsTheDiscoverAfter4SecondsDoubledUpTo64) {
  Site site;
  site.start();
  site.run_for(seconds(400));
  const std::vector<int> expected{4, 8, 16, 32, 64, 64, 64};
  ASSERT_GE(site.asked.size(), expected.size() + 1);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Duration gap = site.asked[i + 1].at - site.asked[i].at;
    EXPECT_GE(gap, seconds(expected[i] - 1)) << i;
    EXPECT_LE(gap, seconds(expected[i] + 1)) << i;
  }
}

// proves: M4
TEST(DhcpClient, SpreadsItsRepetitionsOverTwoSeconds) {
  Duration least = seconds(99);
  Duration most = seconds(0);
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Site site(seed);
    site.start();
    least = std::min(least, *site.client.next_deadline() - site.now);
    most = std::max(most, *site.client.next_deadline() - site.now);
  }
  EXPECT_LT(least, milliseconds(3200));
  EXPECT_GT(most, milliseconds(4800));
}

// proves: M5
TEST(DhcpClient, GivesUpARequestAfterFourTriesInAMinute) {
  Site site;
  site.start();
  site.offer();
  const TimePoint since = site.now;
  ASSERT_TRUE(site.run_to(State::selecting));
  EXPECT_EQ(
      std::count_if(site.asked.begin(), site.asked.end(), [](const auto& a) { return a.type == kRequest; }),
      4);
  EXPECT_GE(site.now - since, seconds(56));
  EXPECT_LE(site.now - since, seconds(64));
  EXPECT_EQ(site.last().type, kDiscover);
}

// proves: M6
TEST(DhcpClient, BeginsWithoutTheBroadcastFlag) {
  Site site;
  site.start();
  EXPECT_EQ(site.last().flags, 0);
}

// proves: M6 S33
TEST(DhcpClient, SetsTheBroadcastFlagAfterTwoUnansweredDiscovers) {
  Site site;
  site.start();
  site.run_for(seconds(20));
  ASSERT_GE(site.asked.size(), 3U);
  EXPECT_EQ(site.asked[1].flags, 0);
  EXPECT_EQ(site.asked[2].flags, 0x8000);
}

// proves: M6 S33
TEST(DhcpClient, SetsTheBroadcastFlagAfterTwoUnansweredRequests) {
  Site site;
  site.start();
  site.offer();
  site.run_for(seconds(20));
  ASSERT_GE(site.asked.size(), 4U);
  EXPECT_EQ(site.asked[2].flags, 0);
  EXPECT_EQ(site.asked[3].flags, 0x8000);
}

// proves: M6
TEST(DhcpClient, KeepsTheBroadcastFlagThatHelped) {
  Site site;
  site.start();
  site.run_for(seconds(20));
  site.bind();
  EXPECT_EQ(site.last().flags, 0x8000);
}

// proves: S33
TEST(DhcpClient, SetsTheBroadcastFlagFromTheStartWhenTold) {
  dhcp::Settings settings = usual_settings();
  settings.broadcast = true;
  Site site(1, settings);
  site.start();
  EXPECT_EQ(site.last().flags, 0x8000);
}

TEST(DhcpClient, IgnoresTheAckOfAServerNotChosen) {
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.last(), kAck, 3600, kOtherServer));
  EXPECT_EQ(site.client.state(), State::requesting);
}

TEST(DhcpClient, TakesTheFirstOfferOnly) {
  Site site;
  site.start();
  site.offer();
  site.receive(answer_to(site.asked[0], kOffer, 3600, kOtherServer));
  EXPECT_EQ(site.asked.size(), 2U);
}

TEST(DhcpClient, IgnoresAnAckThatItDidNotAskFor) {
  Site site;
  site.start();
  site.receive(answer_to(site.last(), kAck));
  EXPECT_TRUE(site.gained.empty());
}

TEST(DhcpClient, TakesTheAckTwiceForOnce) {
  Site site = bound_site();
  site.receive(answer_to(site.last(), kAck));
  EXPECT_EQ(site.gained.size() + site.updated.size(), 1U);
}

struct NoLease {
  std::string name;
  Answer (*spoil)(const Answer&);
};

Answer at_address(const Answer& answer, Ipv4Address address) {
  Answer copy = answer;
  copy.your_address = address;
  return copy;
}

const std::vector<NoLease> kNoLeases{
    {"no_lease_time", [](const Answer& a) { return a.without(51); }},
    {"zero_lease_time", [](const Answer& a) { return a.replaced(51, octets(0U)); }},
    {"short_lease_time",
     [](const Answer& a) {
       return a.replaced(51, {0, 1});
     }},
    {"address_zero", [](const Answer& a) { return at_address(a, kNone); }},
    {"address_loopback", [](const Answer& a) { return at_address(a, Ipv4Address::of(127, 0, 0, 1)); }},
    {"address_multicast", [](const Answer& a) { return at_address(a, Ipv4Address::of(224, 0, 0, 1)); }},
    {"address_broadcast", [](const Answer& a) { return at_address(a, kEverybody); }},
};

class NotALease : public ::testing::TestWithParam<NoLease> {};

// proves: M19
TEST_P(NotALease, IsIgnoredAsAnOffer) {
  Site site;
  site.start();
  site.receive(GetParam().spoil(answer_to(site.last(), kOffer)));
  EXPECT_EQ(site.client.state(), State::selecting);
}

// proves: M19
TEST_P(NotALease, IsIgnoredAsAnAck) {
  Site site;
  site.start();
  site.offer();
  site.receive(GetParam().spoil(answer_to(site.last(), kAck)));
  EXPECT_TRUE(site.gained.empty());
}

INSTANTIATE_TEST_SUITE_P(All, NotALease, ::testing::ValuesIn(kNoLeases),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace gate41::testing
