// Ethernet, VLAN, ARP and IPv4.
#include <gtest/gtest.h>

#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

const Ipv4Address kHere = ip4("11.0.0.2");
const Ipv4Address kThere = ip4("12.0.0.5");
const Ipv6Address kInside = ip6("2002:b00:2:1::10");
const Ipv6Address kOutside = ip6("2600:41::80");

PacketBuilder ipv4_frame() { return PacketBuilder().ethernet().ipv4(kThere, kHere); }
PacketBuilder tunnel_frame() { return ipv4_frame().ipv6(kOutside, kInside); }

ParseError error_of(const PacketBuilder& builder) { return parse_frame(builder.build()).error; }

}  // namespace

TEST(ParseEthernet, ReadsBothStations) {
  const ParsedPacket parsed =
      parse_frame(PacketBuilder().ethernet().ipv6(kInside, kOutside).udp(1, 2).build());
  EXPECT_EQ(parsed.destination_mac, kTestDestinationMac);
  EXPECT_EQ(parsed.source_mac, kTestSourceMac);
  EXPECT_EQ(parsed.ethernet_length, 14);
  EXPECT_EQ(parsed.vlan, 0);
  EXPECT_EQ(parsed.frame_length, 14 + 40 + 8);
}

TEST(ParseEthernet, RefusesEveryLengthBelowTheHeader) {
  const auto frame = PacketBuilder().ethernet().ipv6(kInside, kOutside).build();
  for (std::size_t size = 0; size < 14; ++size)
    EXPECT_EQ(parse_frame(Bytes(frame).first(size)).error, ParseError::ethernet_truncated) << size;
}

TEST(ParseEthernet, RefusesOtherTypes) {
  constexpr std::array<uint16_t, 5> kOthers = {0x0801, 0x88cc, 0x8864, 0x0000, 0x05dc};
  for (const uint16_t type : kOthers)
    EXPECT_EQ(error_of(PacketBuilder().ethernet().ether_type(type).payload(60)),
              ParseError::ether_type_unknown)
        << type;
}

TEST(ParseVlan, ReadsTheIdWithoutPriority) {
  const ParsedPacket parsed =
      parse_frame(PacketBuilder().ethernet().vlan(0xabc, 7).ipv6(kInside, kOutside).udp(1, 2).build());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.vlan, 0xabc);
  EXPECT_EQ(parsed.ethernet_length, 18);
  EXPECT_EQ(parsed.v6.offset, 18);
}

TEST(ParseVlan, PriorityTagIsUntagged) {
  const ParsedPacket parsed =
      parse_frame(PacketBuilder().ethernet().vlan(0, 5).ipv6(kInside, kOutside).udp(1, 2).build());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.vlan, 0);
}

TEST(ParseVlan, RefusesASecondTag) {
  EXPECT_EQ(error_of(PacketBuilder().ethernet().vlan(1).vlan(2).ipv6(kInside, kOutside)),
            ParseError::ether_type_unknown);
}

TEST(ParseVlan, RefusesACutOffTag) {
  const auto frame = PacketBuilder().ethernet().vlan(1).ipv6(kInside, kOutside).build();
  for (std::size_t size = 14; size < 18; ++size)
    EXPECT_EQ(parse_frame(Bytes(frame).first(size)).error, ParseError::ethernet_truncated) << size;
}

namespace {
PacketBuilder arp() { return PacketBuilder().ethernet().arp(1, kTestSourceMac, kThere, {}, kHere); }
}  // namespace

TEST(ParseArp, TakesARequest) {
  const ParsedPacket parsed = parse_frame(arp().ethernet_padding(18).build());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.layer3, Layer3::arp);
}

TEST(ParseArp, RefusesEveryCutOffLength) {
  const auto frame = arp().build();
  for (std::size_t size = 14; size < 42; ++size)
    EXPECT_EQ(parse_frame(Bytes(frame).first(size)).error, ParseError::arp_malformed) << size;
}

TEST(ParseArp, RefusesOtherHardwareAndProtocols) {
  EXPECT_EQ(error_of(arp().set_u16(0, 6)), ParseError::arp_malformed);
  EXPECT_EQ(error_of(arp().set_u16(2, 0x86dd)), ParseError::arp_malformed);
  EXPECT_EQ(error_of(arp().set_u8(4, 8)), ParseError::arp_malformed);
  EXPECT_EQ(error_of(arp().set_u8(5, 16)), ParseError::arp_malformed);
}

TEST(ParseIpv4, ReadsItsFields) {
  const ParsedPacket parsed =
      parse_frame(ipv4_frame().tos(0x2e).id(0x1234).ttl(7).udp(68, 67).payload(5).build());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.layer3, Layer3::ipv4);
  EXPECT_FALSE(parsed.has_v6);
  EXPECT_EQ(parsed.v4.source, kThere);
  EXPECT_EQ(parsed.v4.destination, kHere);
  EXPECT_EQ(parsed.v4.offset, 14);
  EXPECT_EQ(parsed.v4.header_length, 20);
  EXPECT_EQ(parsed.v4.total_length, 20 + 8 + 5);
  EXPECT_EQ(parsed.v4.id, 0x1234);
  EXPECT_EQ(parsed.v4.ttl, 7);
  EXPECT_EQ(parsed.v4.tos, 0x2e);
  EXPECT_EQ(parsed.v4.protocol, 17);
  EXPECT_EQ(parsed.v4.fragment, FragmentState::none);
  EXPECT_EQ(parsed.l4.source_port, 68);
  EXPECT_EQ(parsed.l4.destination_port, 67);
  EXPECT_EQ(parsed.l4.offset, 34);
  EXPECT_EQ(parsed.l4.length, 13);
}

TEST(ParseIpv4, RefusesEveryCutOffLength) {
  const auto frame = ipv4_frame().udp(1, 2).payload(9).build();
  for (std::size_t size = 14; size < frame.size(); ++size)
    EXPECT_EQ(parse_frame(Bytes(frame).first(size)).error, ParseError::ipv4_truncated) << size;
  EXPECT_EQ(parse_frame(frame).error, ParseError::none);
}

TEST(ParseIpv4, RefusesOtherVersions) {
  EXPECT_EQ(error_of(ipv4_frame().set_u8(0, 0x55).udp(1, 2)), ParseError::ipv4_version);
  EXPECT_EQ(error_of(ipv4_frame().set_u8(0, 0x65).udp(1, 2)), ParseError::ipv4_version);
}

// proves: D14
TEST(ParseIpv4, RefusesAHeaderLengthBelowFive) {
  for (unsigned ihl = 0; ihl < 5; ++ihl)
    EXPECT_EQ(error_of(ipv4_frame().set_u8(0, static_cast<uint8_t>(0x40 + ihl)).udp(1, 2)),
              ParseError::ipv4_header_length);
}

TEST(ParseIpv4, RefusesOptionsPastThePacket) {
  EXPECT_EQ(error_of(ipv4_frame().set_u8(0, 0x4f).set_u16(2, 60).payload(10)),
            ParseError::ipv4_header_length);
}

TEST(ParseIpv4, RefusesATotalLengthBelowItsHeader) {
  EXPECT_EQ(error_of(ipv4_frame().total_length(19).udp(1, 2)), ParseError::ipv4_total_length);
  EXPECT_EQ(error_of(ipv4_frame().total_length(0).udp(1, 2)), ParseError::ipv4_total_length);
}

TEST(ParseIpv4, RefusesAFragmentPast65535) {
  EXPECT_EQ(error_of(ipv4_frame().ipv4_fragment(65528, false).payload(8)), ParseError::ipv4_total_length);
  EXPECT_EQ(error_of(ipv4_frame().ipv4_fragment(65528, false).payload(7)), ParseError::none);
}

TEST(ParseIpv4, RefusesAWrongChecksum) {
  EXPECT_EQ(error_of(ipv4_frame().spoil_ipv4_checksum(0x0bad).udp(1, 2)), ParseError::ipv4_checksum);
}

TEST(ParseIpv4, ReadsPastOptions) {
  const ParsedPacket parsed = parse_frame(
      PacketBuilder().ethernet().ipv4(kThere, kHere).ipv4_options({1, 1, 1, 0}).udp(68, 67).build());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.v4.header_length, 24);
  EXPECT_EQ(parsed.l4.offset, 38);
  EXPECT_EQ(parsed.l4.source_port, 68);
}

TEST(ParseIpv4, LeavesEthernetPaddingOut) {
  const ParsedPacket parsed = parse_frame(ipv4_frame().udp(68, 67).payload(3).ethernet_padding(15).build());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.l4.length, 11);
}

TEST(ParseIpv4, KnowsFragments) {
  const ParsedPacket first = parse_frame(ipv4_frame().ipv4_fragment(0, true).udp(1, 2).payload(8).build());
  EXPECT_EQ(first.v4.fragment, FragmentState::first);
  EXPECT_TRUE(first.v4.more_fragments);
  const ParsedPacket later =
      parse_frame(ipv4_frame().ipv4_fragment(1480, true).next_header(17).payload(8).build());
  EXPECT_EQ(later.v4.fragment, FragmentState::later);
  EXPECT_TRUE(later.v4.more_fragments);
  EXPECT_EQ(later.v4.fragment_offset, 1480);
  EXPECT_FALSE(later.l4.present);
  EXPECT_EQ(later.l4.protocol, 17);
}

TEST(ParseTunnel, ReadsTheInnerPacket) {
  const ParsedPacket parsed =
      parse_frame(tunnel_frame().traffic_class(0xb9).hop_limit(9).udp(7, 8).payload(4).build());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.inner_error, ParseError::none);
  EXPECT_EQ(parsed.layer3, Layer3::ipv4);
  ASSERT_TRUE(parsed.has_v6);
  EXPECT_EQ(parsed.v4.protocol, 41);
  EXPECT_EQ(parsed.v6.offset, 34);
  EXPECT_EQ(parsed.v6.source, kOutside);
  EXPECT_EQ(parsed.v6.destination, kInside);
  EXPECT_EQ(parsed.v6.traffic_class, 0xb9);
  EXPECT_EQ(parsed.v6.hop_limit, 9);
  EXPECT_EQ(parsed.v6.payload_length, 12);
  EXPECT_EQ(parsed.l4.protocol, 17);
  EXPECT_EQ(parsed.l4.source_port, 7);
}

// proves: D28
TEST(ParseTunnel, InnerLengthComesFromTheInnerHeader) {
  const ParsedPacket parsed = parse_frame(tunnel_frame().udp(7, 8).payload(4).tunnel_padding(13).build());
  EXPECT_EQ(parsed.inner_error, ParseError::none);
  EXPECT_EQ(parsed.v6.total_length(), 52);
  EXPECT_EQ(parsed.l4.length, 12);
}

// proves: D28
TEST(ParseTunnel, RefusesAnInnerPacketLongerThanTheOuterOne) {
  const ParsedPacket parsed =
      parse_frame(tunnel_frame().payload_length(13).udp(7, 8).payload(4).ethernet_padding(9).build());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.inner_error, ParseError::ipv6_truncated);
}

// proves: D28
TEST(ParseTunnel, RefusesAnOuterPacketWithoutAnInnerHeader) {
  for (std::size_t size = 0; size < 40; ++size) {
    const ParsedPacket parsed =
        parse_frame(ipv4_frame().next_header(41).payload(std::vector<uint8_t>(size, 0x60)).build());
    EXPECT_EQ(parsed.error, ParseError::none) << size;
    EXPECT_EQ(parsed.inner_error, ParseError::ipv6_truncated) << size;
    EXPECT_FALSE(parsed.has_v6) << size;
  }
}

TEST(ParseTunnel, RefusesAnotherInnerVersion) {
  EXPECT_EQ(parse_frame(tunnel_frame().set_u8(0, 0x45).udp(1, 2).build()).inner_error,
            ParseError::ipv6_version);
}

TEST(ParseTunnel, LooksIntoNoFragment) {
  const ParsedPacket first =
      parse_frame(ipv4_frame().ipv4_fragment(0, true).ipv6(kOutside, kInside).udp(1, 2).build());
  EXPECT_EQ(first.error, ParseError::none);
  EXPECT_FALSE(first.has_v6);
}

TEST(ParseTunnel, GoesOneLevelDeep) {
  const ParsedPacket parsed = parse_frame(tunnel_frame().ipv6(kInside, kOutside).udp(1, 2).build());
  EXPECT_EQ(parsed.v6.source, kOutside);
  EXPECT_EQ(parsed.l4.protocol, 41);
}

// A chained mbuf: only the head lies together, the lengths are those of the whole frame.
TEST(ParseFrame, TakesTheHeadOfALongerFrame) {
  const auto frame = tunnel_frame().udp(7, 8).payload(1000).build();
  const ParsedPacket parsed = parse_frame(Bytes(frame).first(128), frame.size());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.inner_error, ParseError::none);
  EXPECT_EQ(parsed.l4.length, 1008);
  EXPECT_EQ(parse_frame(Bytes(frame).first(128), 1000).error, ParseError::ipv4_truncated);
}

TEST(ParseFrame, RefusesAHeadThatEndsWithinTheHeaders) {
  const auto frame = tunnel_frame().udp(7, 8).payload(1000).build();
  for (std::size_t head = 0; head < 14 + 20 + 40 + 8; ++head) {
    const ParsedPacket parsed = parse_frame(Bytes(frame).first(head), frame.size());
    EXPECT_TRUE(parsed.error != ParseError::none || parsed.inner_error != ParseError::none) << head;
  }
}

TEST(ParseIpv4Packet, CountsFromItsFirstByte) {
  const ParsedPacket parsed = parse_ipv4_packet(PacketBuilder().ipv4(kHere, kThere).udp(68, 67).build());
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.v4.offset, 0);
  EXPECT_EQ(parsed.l4.offset, 20);
}

}  // namespace gate41::testing
