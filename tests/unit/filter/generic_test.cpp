// UDP, echo and generic flows.
#include <gtest/gtest.h>

#include "tests/unit/filter/site.hpp"

namespace gate41::testing {

// proves: S65
TEST(UdpFlow, LetsTheAnswerIn) {
  Flow flow;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  EXPECT_EQ(flow.entry.state, FlowState::opening);
  ASSERT_TRUE(flow.passes(udp(kIn), kIn));
  EXPECT_EQ(flow.entry.state, FlowState::established);
}

TEST(UdpFlow, IsNotEstablishedByOneSideAlone) {
  Flow flow;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  EXPECT_EQ(flow.entry.state, FlowState::opening);
}

TEST(UdpFlow, ThroughAPinholeIsEstablishedByTheHost) {
  Flow flow{pinhole_policy(ip_proto::kUdp, 0, 0xffff)};
  ASSERT_TRUE(flow.passes(udp(kIn), kIn));
  ASSERT_TRUE(flow.passes(udp(kIn), kIn));
  EXPECT_EQ(flow.entry.state, FlowState::opening);
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  EXPECT_EQ(flow.entry.state, FlowState::established);
}

// proves: K16
TEST(UdpFlow, IsKeptAliveByOutboundPackets) {
  Flow flow;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  flow.now += std::chrono::seconds(200);
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  flow.now += std::chrono::seconds(200);
  EXPECT_TRUE(flow.passes(udp(kIn), kIn));
}

TEST(UdpFlow, IsNotKeptAliveFromOutsideBeforeTheHostAnswers) {
  Flow flow{pinhole_policy(ip_proto::kUdp, 0, 0xffff)};
  ASSERT_TRUE(flow.passes(udp(kIn), kIn));
  const uint32_t expires = flow.entry.expires;
  flow.now += std::chrono::seconds(200);
  ASSERT_TRUE(flow.passes(udp(kIn), kIn));
  EXPECT_EQ(flow.entry.expires, expires);
}

// proves: J10
TEST(EchoFlow, LetsRepliesInAndRequestsNot) {
  Flow flow;
  ASSERT_TRUE(flow.passes(echo_request(kOut), kOut));
  EXPECT_TRUE(flow.passes(echo_reply(kIn), kIn));
  EXPECT_EQ(flow.send(echo_request(kIn), kIn), DropReason::filter_unsolicited);
}

// proves: X7
TEST(EchoFlow, FromOutsideTakesRequestsAndNoReplies) {
  Flow flow;
  flow.policy.allow_echo = true;
  ASSERT_TRUE(flow.passes(echo_request(kIn), kIn));
  EXPECT_TRUE(flow.passes(echo_reply(kOut), kOut));
  EXPECT_TRUE(flow.passes(echo_request(kIn), kIn));
  EXPECT_EQ(flow.send(echo_reply(kIn), kIn), DropReason::filter_unsolicited);
}

TEST(EchoFlow, OfBothSidesWithOneIdServesBoth) {
  Flow flow;
  flow.policy.allow_echo = true;
  ASSERT_TRUE(flow.passes(echo_request(kOut), kOut));
  EXPECT_TRUE(flow.passes(echo_request(kIn), kIn));
  EXPECT_TRUE(flow.passes(echo_reply(kIn), kIn));
}

// proves: J3
TEST(GenericFlow, CarriesMobilePrefixMessages) {
  Flow flow;
  ASSERT_TRUE(flow.passes(icmpv6(kOut, 146), kOut));
  EXPECT_TRUE(flow.passes(icmpv6(kIn, 147), kIn));
}

TEST(Flow, CountsBytesOfBothDirections) {
  Flow flow;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  ASSERT_TRUE(flow.passes(udp(kIn), kIn));
  EXPECT_EQ(flow.entry.bytes, 2U * (40 + 8 + 8));
}

// proves: C27
TEST(Flow, KeepsTheOuterSourceOfWhatCameThroughTheTunnel) {
  Flow flow;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  const auto frame = PacketBuilder()
                         .ethernet()
                         .ipv4(ip4("192.88.99.1"), ip4("11.0.0.2"))
                         .ipv6(kServer, kHost)
                         .udp(kServerPort, kHostPort)
                         .payload(8)
                         .build();
  ASSERT_TRUE(flow.passes(parse_frame(frame), kIn));
  EXPECT_EQ(flow.entry.outer_source, ip4("192.88.99.1"));
}

TEST(Flow, StampsThePolicyThatLetItIn) {
  Flow flow;
  flow.policy.epoch = 9;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  EXPECT_EQ(flow.entry.policy_epoch, 9U);
}

TEST(Flow, ThatHasExpiredBeginsAnew) {
  Flow flow;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  EXPECT_FALSE(begins_anew(flow.entry, udp(kIn), flow.now));
  EXPECT_TRUE(begins_anew(flow.entry, udp(kIn), flow.now + std::chrono::hours(1)));
}

TEST(Flow, ThatWasEvictedInItsBurstIsNotTracked) {
  FlowEntry evicted;
  EXPECT_EQ(track(evicted, udp(kOut), kOut, {}, kStart), DropReason::flow_table_full);
}

TEST(FlowState, HasANameForEach) {
  for (unsigned state = 0; state < static_cast<unsigned>(FlowState::count_); ++state)
    EXPECT_STRNE(name_of(static_cast<FlowState>(state)), "unknown") << state;
}

}  // namespace gate41::testing
