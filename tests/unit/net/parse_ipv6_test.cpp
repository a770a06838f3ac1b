// The IPv6 header, extension headers and fragments.
#include <gtest/gtest.h>

#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

PacketBuilder ipv6() { return PacketBuilder().ipv6(ip6("2002:b00:2:1::10"), ip6("2600:41::80")); }

ParsedPacket parse(const PacketBuilder& builder) { return parse_ipv6_packet(builder.build()); }
ParseError error_of(const PacketBuilder& builder) { return parse(builder).error; }

}  // namespace

TEST(ParseIpv6, ReadsItsFields) {
  const ParsedPacket parsed = parse(ipv6().traffic_class(0x5a).hop_limit(3).udp(1, 2).payload(3));
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.layer3, Layer3::ipv6);
  EXPECT_TRUE(parsed.has_v6);
  EXPECT_EQ(parsed.v6.source, ip6("2002:b00:2:1::10"));
  EXPECT_EQ(parsed.v6.destination, ip6("2600:41::80"));
  EXPECT_EQ(parsed.v6.payload_length, 11);
  EXPECT_EQ(parsed.v6.total_length(), 51);
  EXPECT_EQ(parsed.v6.traffic_class, 0x5a);
  EXPECT_EQ(parsed.v6.hop_limit, 3);
  EXPECT_EQ(parsed.v6.next_header, 17);
  EXPECT_EQ(parsed.v6.fragment, FragmentState::none);
}

TEST(ParseIpv6, RefusesEveryCutOffLength) {
  const auto packet = ipv6().udp(1, 2).payload(3).build();
  for (std::size_t size = 0; size < packet.size(); ++size)
    EXPECT_EQ(parse_ipv6_packet(Bytes(packet).first(size)).error, ParseError::ipv6_truncated) << size;
}

TEST(ParseIpv6, RefusesOtherVersions) {
  EXPECT_EQ(error_of(ipv6().set_u8(0, 0x40).udp(1, 2)), ParseError::ipv6_version);
}

// proves: D14
TEST(ParseIpv6, RefusesAJumbogram) {
  EXPECT_EQ(error_of(ipv6().payload_length(0).hop_by_hop().udp(1, 2)), ParseError::ipv6_jumbo);
}

TEST(ParseIpv6, TakesAPacketWithoutPayload) {
  const ParsedPacket parsed = parse(ipv6().next_header(ip_proto::kNoNext));
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_FALSE(parsed.l4.present);
  EXPECT_EQ(parsed.l4.protocol, ip_proto::kNoNext);
}

TEST(ParseIpv6, LeavesPaddingOut) {
  auto packet = ipv6().udp(1, 2).payload(3).build();
  packet.resize(packet.size() + 20, 0xee);
  const ParsedPacket parsed = parse_ipv6_packet(packet);
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.l4.length, 11);
}

TEST(ParseExtensions, ReadsPastEveryKind) {
  const ParsedPacket parsed = parse(ipv6()
                                        .hop_by_hop(8)
                                        .destination_options(16)
                                        .routing(4)
                                        .ah(24)
                                        .fragment(0, false, 9)
                                        .destination_options()
                                        .udp(5, 6));
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.l4.protocol, 17);
  EXPECT_EQ(parsed.l4.offset, 40 + 8 + 16 + 24 + 24 + 8 + 8);
  EXPECT_EQ(parsed.l4.source_port, 5);
  EXPECT_EQ(parsed.v6.next_header, ip_proto::kHopByHop);
}

TEST(ParseExtensions, KnowsMobilityHipAndShim6) {
  for (const uint8_t type : {ip_proto::kMobility, ip_proto::kHip, ip_proto::kShim6}) {
    const ParsedPacket parsed = parse(ipv6().extension(type, 16).udp(5, 6));
    EXPECT_EQ(parsed.error, ParseError::none);
    EXPECT_EQ(parsed.l4.offset, 56) << int{type};
  }
}

// proves: K54
TEST(ParseExtensions, TakesAChainOf256BytesAndNoMore) {
  EXPECT_EQ(error_of(ipv6().destination_options(256).udp(1, 2)), ParseError::none);
  EXPECT_EQ(error_of(ipv6().destination_options(264).udp(1, 2)), ParseError::extension_too_long);
  EXPECT_EQ(error_of(ipv6().hop_by_hop(128).destination_options(128).udp(1, 2)), ParseError::none);
  EXPECT_EQ(error_of(ipv6().hop_by_hop(128).destination_options(136).udp(1, 2)),
            ParseError::extension_too_long);
}

// proves: K54
TEST(ParseExtensions, CountsManySmallHeaders) {
  for (unsigned count = 1; count <= 40; ++count) {
    PacketBuilder builder = ipv6();
    for (unsigned i = 0; i < count; ++i) builder.destination_options(8);
    EXPECT_EQ(error_of(builder.udp(1, 2)), count <= 32 ? ParseError::none : ParseError::extension_too_long)
        << count;
  }
}

// proves: K54
TEST(ParseExtensions, RefusesAChainPastThePacket) {
  EXPECT_EQ(error_of(ipv6().destination_options(16).set_u8(1, 5).udp(1, 2)), ParseError::extension_truncated);
  EXPECT_EQ(error_of(ipv6().next_header(ip_proto::kDestinationOptions)), ParseError::extension_truncated);
  EXPECT_EQ(error_of(ipv6().next_header(ip_proto::kDestinationOptions).payload(std::vector<uint8_t>(7, 0))),
            ParseError::extension_truncated);
}

TEST(ParseExtensions, RefusesHopByHopElsewhereThanFirst) {
  EXPECT_EQ(error_of(ipv6().destination_options().hop_by_hop().udp(1, 2)), ParseError::extension_order);
  EXPECT_EQ(error_of(ipv6().hop_by_hop().hop_by_hop().udp(1, 2)), ParseError::extension_order);
}

TEST(ParseExtensions, RefusesASecondFragmentHeader) {
  EXPECT_EQ(error_of(ipv6().fragment(0, false, 1).fragment(0, true, 1).udp(1, 2)),
            ParseError::extension_order);
}

// proves: K4
TEST(ParseExtensions, RefusesRoutingType0) {
  EXPECT_EQ(error_of(ipv6().routing(0, 1).udp(1, 2)), ParseError::routing_type_0);
  EXPECT_EQ(error_of(ipv6().routing(0, 0).udp(1, 2)), ParseError::routing_type_0);
  EXPECT_EQ(error_of(ipv6().hop_by_hop().routing(0, 1).udp(1, 2)), ParseError::routing_type_0);
  EXPECT_EQ(error_of(ipv6().routing(2, 1).udp(1, 2)), ParseError::none);
}

TEST(ParseExtensions, EspEndsTheChain) {
  const ParsedPacket parsed = parse(ipv6().esp(7, 1).payload(20));
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.l4.protocol, ip_proto::kEsp);
  EXPECT_EQ(parsed.l4.offset, 40);
}

TEST(ParseFragments, KnowsTheFourStates) {
  const ParsedPacket atomic = parse(ipv6().fragment(0, false, 7).udp(1, 2));
  EXPECT_EQ(atomic.v6.fragment, FragmentState::atomic);
  EXPECT_TRUE(atomic.l4.present);
  const ParsedPacket first = parse(ipv6().fragment(0, true, 8).udp(1, 2).udp_length(2000).payload(8));
  EXPECT_EQ(first.error, ParseError::none);
  EXPECT_EQ(first.v6.fragment, FragmentState::first);
  EXPECT_EQ(first.v6.fragment_id, 8U);
  EXPECT_EQ(first.v6.fragment_offset, 0U);
  EXPECT_TRUE(first.v6.more_fragments);
  EXPECT_TRUE(first.l4.present);
  const ParsedPacket later = parse(ipv6().fragment(1232, true, 0xdeadbeef).next_header(17).payload(8));
  EXPECT_EQ(later.v6.fragment, FragmentState::later);
  EXPECT_EQ(later.v6.fragment_id, 0xdeadbeef);
  EXPECT_EQ(later.v6.fragment_offset, 1232U);
  EXPECT_TRUE(later.v6.more_fragments);
}

// What stands behind a later fragment's header is payload, whatever it looks like.
TEST(ParseFragments, TakesALaterOneWithItsProtocolAlone) {
  for (const uint8_t protocol : {ip_proto::kTcp, ip_proto::kUdp, ip_proto::kIcmpv6,
                                 ip_proto::kDestinationOptions, ip_proto::kRouting, ip_proto::kHopByHop}) {
    const ParsedPacket parsed =
        parse(ipv6().fragment(8, false, 1).next_header(protocol).payload(std::vector<uint8_t>(3, 0xff)));
    EXPECT_EQ(parsed.error, ParseError::none) << int{protocol};
    EXPECT_FALSE(parsed.l4.present) << int{protocol};
    EXPECT_EQ(parsed.l4.protocol, protocol);
    EXPECT_EQ(parsed.l4.source_port, 0);
  }
}

// proves: K53
TEST(ParseFragments, RefusesAFirstOneWithoutTheWholeChain) {
  EXPECT_EQ(error_of(ipv6().fragment(0, true, 1).next_header(6).payload(8)),
            ParseError::fragment_header_chain);
  EXPECT_EQ(error_of(ipv6().fragment(0, true, 1).next_header(17)), ParseError::fragment_header_chain);
  EXPECT_EQ(error_of(ipv6().fragment(0, true, 1).destination_options(16).set_u8(1, 9).payload(8)),
            ParseError::fragment_header_chain);
}

}  // namespace gate41::testing
