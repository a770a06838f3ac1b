// Misses: who may open a flow; related errors; pinholes.
#include <gtest/gtest.h>

#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::testing {
namespace {

ParsedPacket fragment(Direction direction, uint16_t offset, bool more) {
  PacketBuilder builder = from(direction).fragment(offset, more, 99);
  if (offset == 0) return parsed(builder.udp(kHostPort, kServerPort).payload(16));
  return parsed(builder.next_header(ip_proto::kUdp).payload(16));
}

}  // namespace

// proves: S66
TEST(DecideNew, LetsTheLanOpenFlowsOfEveryProtocol) {
  EXPECT_EQ(decide_new(udp(kOut), kOut, {}), std::nullopt);
  EXPECT_EQ(decide_new(tcp(kOut, {kSyn}), kOut, {}), std::nullopt);
  EXPECT_EQ(decide_new(echo_request(kOut), kOut, {}), std::nullopt);
  EXPECT_EQ(decide_new(esp(kOut), kOut, {}), std::nullopt);
}

// proves: S65 X5
TEST(DecideNew, LetsNothingInUnasked) {
  EXPECT_EQ(decide_new(udp(kIn), kIn, {}), DropReason::filter_unsolicited);
  EXPECT_EQ(decide_new(tcp(kIn, {kSyn}), kIn, {}), DropReason::filter_unsolicited);
  EXPECT_EQ(decide_new(tcp(kIn, {kAck}), kIn, {}), DropReason::filter_unsolicited);
  EXPECT_EQ(decide_new(esp(kIn), kIn, {}), DropReason::filter_unsolicited);
  EXPECT_EQ(decide_new(icmpv6(kIn, 144), kIn, {}), DropReason::filter_unsolicited);
}

// proves: J10 X7
TEST(DecideNew, AsksAllowEchoForRequestsFromOutside) {
  Policy policy;
  EXPECT_EQ(decide_new(echo_request(kIn), kIn, policy), DropReason::filter_unsolicited);
  policy.allow_echo = true;
  EXPECT_EQ(decide_new(echo_request(kIn), kIn, policy), std::nullopt);
  EXPECT_EQ(decide_new(echo_reply(kIn), kIn, policy), DropReason::filter_unsolicited);
}

TEST(DecideNew, LetsNoEchoReplyOpenAFlow) {
  EXPECT_EQ(decide_new(echo_reply(kOut), kOut, {}), DropReason::filter_unsolicited);
}

TEST(DecideNew, LetsAPinholeTakeItsPortsOnly) {
  const Policy policy = pinhole_policy(ip_proto::kUdp, kHostPort, kHostPort);
  EXPECT_EQ(decide_new(udp(kIn), kIn, policy), std::nullopt);
  EXPECT_EQ(decide_new(udp(kIn, kHostPort + 1), kIn, policy), DropReason::filter_unsolicited);
}

TEST(DecideNew, LetsOnlyASynThroughATcpPinhole) {
  const Policy policy = pinhole_policy(ip_proto::kTcp, kHostPort, kHostPort);
  EXPECT_EQ(decide_new(tcp(kIn, {kSyn}), kIn, policy), std::nullopt);
  for (const uint8_t flags : {kSynAck, kAck, kFinAck, kRst})
    EXPECT_EQ(decide_new(tcp(kIn, {flags}), kIn, policy), DropReason::filter_unsolicited) << int{flags};
}

TEST(DecideNew, LetsAnEchoPinholeTakeRequestsOnly) {
  const Policy policy = pinhole_policy(ip_proto::kIcmpv6, 0, 0xffff);
  EXPECT_EQ(decide_new(echo_request(kIn), kIn, policy), std::nullopt);
  EXPECT_EQ(decide_new(echo_reply(kIn), kIn, policy), DropReason::filter_unsolicited);
  EXPECT_EQ(decide_new(icmpv6(kIn, 146), kIn, policy), DropReason::filter_unsolicited);
}

// proves: K47
TEST(DecideNew, LooksThroughAShim6Header) {
  EXPECT_EQ(decide_new(parsed(from(kOut).extension(ip_proto::kShim6).udp(1, 2).payload(8)), kOut, {}),
            std::nullopt);
  const Policy policy = pinhole_policy(ip_proto::kUdp, kHostPort, kHostPort);
  const ParsedPacket in = parsed(from(kIn).extension(ip_proto::kShim6).udp(1, kHostPort).payload(8));
  EXPECT_EQ(decide_new(in, kIn, policy), std::nullopt);
  EXPECT_EQ(decide_new(in, kIn, {}), DropReason::filter_unsolicited);
}

// proves: K58
TEST(DecideNew, PicksUpTcpFromTheLanOnlyByAnAck) {
  EXPECT_EQ(decide_new(tcp(kOut, {kAck}), kOut, {}), std::nullopt);
  for (const uint8_t flags : {kSynAck, kFinAck, kRst, kRstAck})
    EXPECT_EQ(decide_new(tcp(kOut, {flags}), kOut, {}), DropReason::filter_tcp_no_flow) << int{flags};
}

// proves: K55
TEST(DecideNew, RefusesEveryImpossibleSetOfTcpFlags) {
  const Policy policy = pinhole_policy(ip_proto::kTcp, 0, 0xffff);
  for (unsigned flags = 0; flags < 64; ++flags) {
    const bool fin = (flags & 1U) != 0, syn = (flags & 2U) != 0, rst = (flags & 4U) != 0,
               ack = (flags & 16U) != 0;
    const bool possible = (syn && !fin && !rst) || (rst && !fin && !syn) || (ack && !syn && !rst);
    const TcpFields fields{static_cast<uint8_t>(flags)};
    EXPECT_EQ(decide_new(tcp(kOut, fields), kOut, policy) == DropReason::filter_tcp_invalid, !possible)
        << flags;
    EXPECT_EQ(decide_new(tcp(kIn, fields), kIn, policy) == DropReason::filter_tcp_invalid, !possible)
        << flags;
  }
}

// proves: K53
TEST(DecideNew, TakesAFirstFragmentLikeAWholePacket) {
  EXPECT_EQ(decide_new(fragment(kOut, 0, true), kOut, {}), std::nullopt);
  EXPECT_EQ(decide_new(fragment(kIn, 0, true), kIn, {}), DropReason::filter_unsolicited);
}

// proves: K53
TEST(DecideNew, LetsNoLaterFragmentOpenAFlow) {
  EXPECT_EQ(decide_new(fragment(kOut, 24, false), kOut, {}), DropReason::filter_fragment);
  EXPECT_EQ(decide_new(fragment(kIn, 24, true), kIn, {}), DropReason::filter_fragment);
}

// proves: K10
TEST(DecideNew, LetsNoErrorOpenAFlow) {
  for (const Direction direction : {kOut, kIn})
    EXPECT_EQ(decide_new(icmpv6(direction, 1), direction, {}), DropReason::filter_error_unrelated);
}

TEST(StillAllowed, AsksAgainForWhatCameThroughAPinhole) {
  const Policy with = pinhole_policy(ip_proto::kUdp, kHostPort, kHostPort);
  Flow flow{with};
  ASSERT_TRUE(flow.passes(udp(kIn), kIn));
  const FlowKey key = flow_key(udp(kIn), kIn);
  EXPECT_TRUE(still_allowed(flow.entry, key, with));
  EXPECT_FALSE(still_allowed(flow.entry, key, Policy{}));
}

TEST(StillAllowed, KeepsToTheRemotePrefixOfThePinhole) {
  const auto policy = [](const char* prefix) {
    Policy made;
    made.inbound = Pinholes({{kHost, ip_proto::kUdp, kHostPort, kHostPort, Ipv6Prefix::of(ip6(prefix), 32)}});
    return made;
  };
  Flow flow{policy("2600:41::")};
  ASSERT_TRUE(flow.passes(udp(kIn), kIn));
  const FlowKey key = flow_key(udp(kIn), kIn);
  EXPECT_TRUE(still_allowed(flow.entry, key, policy("2600:41::")));
  EXPECT_FALSE(still_allowed(flow.entry, key, policy("2600:42::")));
}

TEST(StillAllowed, AsksAllowEchoAgain) {
  Policy policy;
  policy.allow_echo = true;
  Flow flow{policy};
  ASSERT_TRUE(flow.passes(echo_request(kIn), kIn));
  const FlowKey key = flow_key(echo_request(kIn), kIn);
  EXPECT_TRUE(still_allowed(flow.entry, key, policy));
  EXPECT_FALSE(still_allowed(flow.entry, key, Policy{}));
}

// proves: J10 X7
TEST(StillAllowed, KeepsAnEchoFlowInWhichTheLanHasAskedToo) {
  Policy policy;
  policy.allow_echo = true;
  Flow flow{policy};
  ASSERT_TRUE(flow.passes(echo_request(kIn), kIn));
  ASSERT_TRUE(flow.passes(echo_request(kOut), kOut));
  flow.policy = Policy{};
  EXPECT_TRUE(still_allowed(flow.entry, flow_key(echo_request(kIn), kIn), flow.policy));
  EXPECT_TRUE(flow.passes(echo_reply(kIn), kIn));
  EXPECT_EQ(flow.send(echo_request(kIn), kIn), DropReason::filter_unsolicited);
}

TEST(StillAllowed, KeepsWhatTheLanOpened) {
  Flow flow;
  ASSERT_TRUE(flow.passes(udp(kOut), kOut));
  EXPECT_TRUE(still_allowed(flow.entry, flow_key(udp(kOut), kOut), Policy{}));
}

}  // namespace gate41::testing
