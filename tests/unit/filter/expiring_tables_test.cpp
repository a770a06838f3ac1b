// FragmentTable and HostFlows.
#include <gtest/gtest.h>

#include "dataplane/filter/fragment_table.hpp"
#include "dataplane/filter/host_flows.hpp"
#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ParsedPacket first_fragment(uint32_t id, Direction direction = kIn) {
  return parsed(from(direction).fragment(0, true, id).udp(kServerPort, kHostPort).payload(16));
}
ParsedPacket later_fragment(uint32_t id, Direction direction = kIn) {
  return parsed(from(direction).fragment(24, false, id).next_header(ip_proto::kUdp).payload(16));
}

const Ipv4Address kOwn4 = ip4("11.0.0.2");
const Ipv4Address kPeer4 = ip4("11.0.0.53");

ParsedPacket parsed4(const PacketBuilder& builder) { return parse_ipv4_packet(builder.build()); }
PacketBuilder sent4() { return PacketBuilder().ipv4(kOwn4, kPeer4); }
PacketBuilder received4() { return PacketBuilder().ipv4(kPeer4, kOwn4); }
ParsedPacket dns_query() { return parsed4(sent4().udp(5353, 53).payload(20)); }
ParsedPacket dns_answer(uint16_t port = 5353) { return parsed4(received4().udp(53, port).payload(20)); }

}  // namespace

// proves: K53
TEST(FragmentTable, LetsLaterFragmentsFollowTheFirst) {
  FragmentTable table;
  EXPECT_EQ(table.pass(later_fragment(5), kStart), DropReason::filter_fragment);
  EXPECT_EQ(table.pass(first_fragment(5), kStart), std::nullopt);
  EXPECT_EQ(table.pass(later_fragment(5), kStart), std::nullopt);
}

// proves: K53
TEST(FragmentTable, KeepsToIdAndAddresses) {
  FragmentTable table;
  EXPECT_EQ(table.pass(first_fragment(5), kStart), std::nullopt);
  EXPECT_EQ(table.pass(later_fragment(6), kStart), DropReason::filter_fragment);
  EXPECT_EQ(table.pass(later_fragment(5, kOut), kStart), DropReason::filter_fragment);
}

// proves: K53
TEST(FragmentTable, PassesNoByteTwice) {
  FragmentTable table;
  EXPECT_EQ(table.pass(first_fragment(5), kStart), std::nullopt);
  EXPECT_EQ(table.pass(first_fragment(5), kStart), DropReason::fragment_duplicate);
  EXPECT_EQ(table.pass(later_fragment(5), kStart), std::nullopt);
  EXPECT_EQ(table.pass(later_fragment(5), kStart), DropReason::fragment_duplicate);
}

TEST(FragmentTable, RemembersPacketsByTheirFirstFragmentOnly) {
  FragmentTable table;
  EXPECT_EQ(table.pass(later_fragment(5), kStart), DropReason::filter_fragment);
  EXPECT_EQ(table.size(), 0U);
}

TEST(FragmentTable, ForgetsAfterThirtySeconds) {
  FragmentTable table;
  for (const uint32_t id : {5U, 6U}) EXPECT_EQ(table.pass(first_fragment(id), kStart), std::nullopt);
  EXPECT_EQ(table.pass(later_fragment(5), kStart + kFragmentLifetime - milliseconds(1)), std::nullopt);
  EXPECT_EQ(table.pass(later_fragment(6), kStart + kFragmentLifetime), DropReason::filter_fragment);
}

TEST(FragmentTable, ANumberUsedAgainLaterIsANewPacket) {
  FragmentTable table;
  EXPECT_EQ(table.pass(first_fragment(5), kStart), std::nullopt);
  EXPECT_EQ(table.pass(later_fragment(5), kStart), std::nullopt);
  EXPECT_EQ(table.pass(first_fragment(5), kStart + kFragmentLifetime), std::nullopt);
  EXPECT_EQ(table.pass(later_fragment(5), kStart + kFragmentLifetime), std::nullopt);
}

TEST(FragmentTable, StaysWithinItsSizeAndKeepsTheNewest) {
  FragmentTable table(16);
  for (uint32_t id = 0; id < 1000; ++id)
    EXPECT_EQ(table.pass(first_fragment(id), kStart + milliseconds(id)), std::nullopt);
  EXPECT_EQ(table.size(), 16U);
  EXPECT_EQ(table.pass(later_fragment(999), kStart + seconds(1)), std::nullopt);
  EXPECT_EQ(table.pass(later_fragment(0), kStart + seconds(1)), DropReason::filter_fragment);
}

// proves: K53
TEST(FragmentFault, IsWhatNoSenderMakes) {
  const auto fault = [](uint16_t offset, bool more, std::size_t bytes) {
    return fragment_fault(
        parsed(from(kIn).fragment(offset, more, 5).next_header(ip_proto::kUdp).payload(bytes)).v6);
  };
  EXPECT_EQ(fault(24, true, 16), std::nullopt);
  EXPECT_EQ(fault(24, false, 13), std::nullopt);
  EXPECT_EQ(fault(24, true, 13), DropReason::fragment_malformed);
  EXPECT_EQ(fault(24, false, 0), DropReason::fragment_malformed);
  EXPECT_EQ(fault(65528, false, 7), std::nullopt);
  EXPECT_EQ(fault(65528, false, 8), DropReason::fragment_too_long);
}

// proves: S62
TEST(HostFlows, ExpectAnAnswerOnly) {
  HostFlows flows;
  EXPECT_FALSE(flows.expects(dns_answer(), nullptr, kStart));
  flows.on_sent(dns_query(), kStart);
  EXPECT_TRUE(flows.expects(dns_answer(), nullptr, kStart));
  EXPECT_FALSE(flows.expects(dns_answer(5354), nullptr, kStart));
}

// proves: S64
TEST(HostFlows, ExpectIpv6AnswersToo) {
  HostFlows flows;
  flows.on_sent(udp(kOut), kStart);
  EXPECT_TRUE(flows.expects(udp(kIn), nullptr, kStart));
  EXPECT_FALSE(flows.expects(echo_request(kIn), nullptr, kStart));
}

TEST(HostFlows, EndAfterAMinute) {
  HostFlows flows;
  flows.on_sent(dns_query(), kStart);
  EXPECT_TRUE(flows.expects(dns_answer(), nullptr, kStart + seconds(60) - milliseconds(1)));
  EXPECT_FALSE(flows.expects(dns_answer(), nullptr, kStart + seconds(60)));
}

TEST(HostFlows, KeepEstablishedTcpLonger) {
  const auto lives = [](uint8_t last_sent, Duration idle) {
    HostFlows flows;
    flows.on_sent(tcp(kOut, {kSyn}), kStart);
    flows.on_sent(tcp(kOut, {last_sent}), kStart);
    return flows.expects(tcp(kIn, {kAck}), nullptr, kStart + idle);
  };
  EXPECT_TRUE(lives(kSyn, seconds(240) - milliseconds(1)));
  EXPECT_FALSE(lives(kSyn, seconds(240)));
  EXPECT_TRUE(lives(kAck, seconds(7440) - milliseconds(1)));
  EXPECT_FALSE(lives(kAck, seconds(7440)));
  EXPECT_FALSE(lives(kFinAck, seconds(240)));
}

TEST(HostFlows, ExpectEchoRepliesAndNoRequests) {
  HostFlows flows;
  flows.on_sent(echo_request(kOut), kStart);
  EXPECT_TRUE(flows.expects(echo_reply(kIn), nullptr, kStart));
  EXPECT_FALSE(flows.expects(echo_request(kIn), nullptr, kStart));
  flows.on_sent(parsed4(sent4().icmpv4(8, 0, 0x00070001)), kStart);
  EXPECT_TRUE(flows.expects(parsed4(received4().icmpv4(0, 0, 0x00070001)), nullptr, kStart));
  EXPECT_FALSE(flows.expects(parsed4(received4().icmpv4(8, 0, 0x00070001)), nullptr, kStart));
}

// RFC 4443 §2.2: an anycast address is no source.
// proves: E21
TEST(HostFlows, ExpectAnIpv6EchoReplyFromAnyAddressWithTheIdentifierThatWeSent) {
  HostFlows flows;
  const auto reply = [](uint16_t id) {
    return parsed(PacketBuilder().ipv6(ip6("2600:99::1"), kHost).echo_reply(id, 1));
  };
  flows.on_sent(parsed(PacketBuilder().ipv6(kHost, kServer).echo_request(7, 1)), kStart);
  EXPECT_TRUE(flows.expects(reply(7), nullptr, kStart));
  EXPECT_FALSE(flows.expects(reply(8), nullptr, kStart));
}

TEST(HostFlows, AreNotOpenedByOurOwnRepliesAndErrors) {
  HostFlows flows;
  flows.on_sent(echo_reply(kOut), kStart);
  flows.on_sent(icmpv6(kOut, 1), kStart);
  EXPECT_EQ(flows.size(), 0U);
}

TEST(HostFlows, ExpectErrorsAboutWhatWeSent) {
  HostFlows flows;
  flows.on_sent(dns_query(), kStart);
  const ParsedPacket error = parsed4(received4().icmpv4(3, 3).payload(32));
  const ParsedPacket about_ours = parse_quoted_ipv4(sent4().udp(5353, 53).payload(20).build());
  const ParsedPacket about_another = parse_quoted_ipv4(sent4().udp(5354, 53).payload(20).build());
  EXPECT_TRUE(flows.expects(error, &about_ours, kStart));
  EXPECT_FALSE(flows.expects(error, &about_another, kStart));
}

TEST(HostFlows, ExpectNoErrorThatGoesToAnotherAddressThanItsQuoteCameFrom) {
  HostFlows flows;
  flows.on_sent(dns_query(), kStart);
  const ParsedPacket error = parsed4(PacketBuilder().ipv4(kPeer4, ip4("11.0.0.3")).icmpv4(3, 3).payload(32));
  const ParsedPacket quote = parse_quoted_ipv4(sent4().udp(5353, 53).payload(20).build());
  EXPECT_FALSE(flows.expects(error, &quote, kStart));
}

TEST(HostFlows, StayWithinTheirSizeAndKeepTheNewest) {
  HostFlows flows(8);
  for (uint16_t i = 0; i < 500; ++i)
    flows.on_sent(parsed4(sent4().udp(static_cast<uint16_t>(1000 + i), 53)), kStart + milliseconds(i));
  EXPECT_EQ(flows.size(), 8U);
  EXPECT_TRUE(flows.expects(dns_answer(1499), nullptr, kStart + seconds(1)));
  EXPECT_TRUE(flows.expects(dns_answer(1492), nullptr, kStart + seconds(1)));
  EXPECT_FALSE(flows.expects(dns_answer(1491), nullptr, kStart + seconds(1)));
}

}  // namespace gate41::testing
