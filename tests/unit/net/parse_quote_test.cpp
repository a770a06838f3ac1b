// Packets quoted by ICMP errors, cut off at every length.
#include <gtest/gtest.h>

#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kInside = ip6("2002:b00:2:1::10");
const Ipv6Address kOutside = ip6("2600:41::80");

PacketBuilder ipv6() { return PacketBuilder().ipv6(kInside, kOutside); }

// The quote of each length says exactly what it holds: nothing below 40 bytes, addresses from there on, and
// the upper layer from `ports_end` on.
void expect_known_from(const PacketBuilder& builder, std::size_t ports_end, uint16_t port) {
  const auto packet = builder.build();
  for (std::size_t size = 0; size <= packet.size(); ++size) {
    const ParsedPacket quote = parse_quoted_ipv6(Bytes(packet).first(size));
    EXPECT_EQ(quote.has_v6, size >= 40) << size;
    EXPECT_EQ(quote.error, size < 40 ? ParseError::ipv6_truncated : ParseError::none) << size;
    EXPECT_EQ(quote.l4.present, size >= ports_end) << size;
    if (size < 40) continue;
    EXPECT_EQ(quote.v6.source, kInside) << size;
    EXPECT_EQ(quote.v6.destination, kOutside) << size;
    if (quote.l4.present) {
      EXPECT_EQ(quote.l4.source_port, port) << size;
    }
  }
}

}  // namespace

TEST(ParseQuotedIpv6, OfUdpAtEveryLength) { expect_known_from(ipv6().udp(5000, 53).payload(30), 44, 5000); }
TEST(ParseQuotedIpv6, OfTcpAtEveryLength) {
  expect_known_from(ipv6().tcp(40000, 443).payload(30), 44, 40000);
}
TEST(ParseQuotedIpv6, OfAnEchoAtEveryLength) {
  expect_known_from(ipv6().echo_request(77, 1).payload(30), 46, 77);
}
TEST(ParseQuotedIpv6, PastExtensionHeadersAtEveryLength) {
  expect_known_from(ipv6().hop_by_hop(16).destination_options(8).udp(5000, 53).payload(30), 68, 5000);
}
TEST(ParseQuotedIpv6, OfAFirstFragmentAtEveryLength) {
  expect_known_from(ipv6().fragment(0, true, 9).udp(5000, 53).payload(30), 52, 5000);
}

TEST(ParseQuotedIpv6, HasNoPortsOfALaterFragment) {
  const ParsedPacket quote =
      parse_quoted_ipv6(ipv6().fragment(1232, false, 9).next_header(17).payload(30).build());
  EXPECT_EQ(quote.error, ParseError::none);
  EXPECT_FALSE(quote.l4.present);
  EXPECT_EQ(quote.v6.fragment_id, 9U);
}

TEST(ParseQuotedIpv6, ReadsTheSequenceNumberWhereItIs) {
  const auto packet = ipv6().tcp(1, 2, {.sequence = 0x11223344}).build();
  EXPECT_EQ(parse_quoted_ipv6(Bytes(packet).first(48)).l4.tcp_sequence, 0x11223344U);
  EXPECT_EQ(parse_quoted_ipv6(Bytes(packet).first(47)).l4.tcp_sequence, 0U);
}

TEST(ParseQuotedIpv6, LeavesPaddingBehindThePacketOut) {
  auto packet = ipv6().next_header(17).payload(2).build();
  packet.resize(packet.size() + 20, 0x11);
  EXPECT_FALSE(parse_quoted_ipv6(packet).l4.present);
}

TEST(ParseQuotedIpv6, RefusesOtherVersions) {
  EXPECT_EQ(parse_quoted_ipv6(ipv6().set_u8(0, 0x40).udp(1, 2).build()).error, ParseError::ipv6_version);
}

TEST(ParseQuotedIpv4, OfProtocol41AtEveryLength) {
  const auto packet = PacketBuilder()
                          .ipv4(ip4("11.0.0.2"), ip4("192.88.99.1"))
                          .ipv6(kInside, kOutside)
                          .udp(5000, 53)
                          .payload(30)
                          .build();
  for (std::size_t size = 0; size <= packet.size(); ++size) {
    const ParsedPacket quote = parse_quoted_ipv4(Bytes(packet).first(size));
    EXPECT_EQ(quote.error, size < 20 ? ParseError::ipv4_truncated : ParseError::none) << size;
    EXPECT_EQ(quote.has_v6, size >= 60) << size;
    EXPECT_EQ(quote.has_v6 && quote.l4.present, size >= 64) << size;
    if (size < 20) continue;
    EXPECT_EQ(quote.v4.source, ip4("11.0.0.2"));
    EXPECT_EQ(quote.v4.protocol, 41);
  }
}

TEST(ParseQuotedIpv4, MindsNoChecksum) {
  const auto packet =
      PacketBuilder().ipv4(ip4("11.0.0.2"), ip4("12.0.0.5")).spoil_ipv4_checksum(0x0bad).udp(68, 67).build();
  const ParsedPacket quote = parse_quoted_ipv4(packet);
  EXPECT_EQ(quote.error, ParseError::none);
  EXPECT_EQ(quote.l4.source_port, 68);
}

TEST(ParseQuotedIpv4, RefusesAHeaderThatIsCutOffInItsOptions) {
  const auto packet =
      PacketBuilder().ipv4(ip4("11.0.0.2"), ip4("12.0.0.5")).ipv4_options({1, 1, 1, 0}).udp(68, 67).build();
  EXPECT_EQ(parse_quoted_ipv4(Bytes(packet).first(23)).error, ParseError::ipv4_truncated);
  EXPECT_EQ(parse_quoted_ipv4(Bytes(packet).first(28)).l4.source_port, 68);
}

}  // namespace gate41::testing
