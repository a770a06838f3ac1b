#include <gtest/gtest.h>

#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

PacketBuilder ipv6() { return PacketBuilder().ipv6(ip6("2002:b00:2:1::10"), ip6("2600:41::80")); }

ParsedPacket parse(const PacketBuilder& builder) { return parse_ipv6_packet(builder.build()); }

uint8_t window_scale(uint8_t flags, const std::vector<uint8_t>& options) {
  const ParsedPacket parsed = parse(ipv6().tcp(1, 2, {.flags = flags, .options = options}));
  EXPECT_EQ(parsed.error, ParseError::none);
  return parsed.l4.tcp_window_scale;
}

constexpr uint8_t kAbsent = 0xff;

}  // namespace

TEST(ParseTcp, ReadsItsFields) {
  const ParsedPacket parsed = parse(ipv6()
                                        .tcp(40000, 443,
                                             {.flags = tcp_flag::kAck | tcp_flag::kPsh,
                                              .sequence = 0x01020304,
                                              .acknowledgement = 0xfffefdfc,
                                              .window = 777})
                                        .payload(5));
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_TRUE(parsed.l4.present);
  EXPECT_EQ(parsed.l4.source_port, 40000);
  EXPECT_EQ(parsed.l4.destination_port, 443);
  EXPECT_EQ(parsed.l4.tcp_flags, tcp_flag::kAck | tcp_flag::kPsh);
  EXPECT_EQ(parsed.l4.tcp_header_length, 20);
  EXPECT_EQ(parsed.l4.tcp_sequence, 0x01020304U);
  EXPECT_EQ(parsed.l4.tcp_acknowledgement, 0xfffefdfcU);
  EXPECT_EQ(parsed.l4.tcp_window, 777);
  EXPECT_EQ(parsed.l4.length, 25);
}

TEST(ParseTcp, RefusesWrongHeaderLengths) {
  for (const uint8_t words : {uint8_t{0}, uint8_t{4}, uint8_t{7}, uint8_t{15}})
    EXPECT_EQ(parse(ipv6().tcp(1, 2).tcp_data_offset(words).payload(4)).error, ParseError::l4_truncated)
        << int{words};
  EXPECT_EQ(parse(ipv6().tcp(1, 2).tcp_data_offset(6).payload(4)).error, ParseError::none);
}

TEST(ParseTcp, RefusesACutOffHeader) {
  for (std::size_t size = 0; size < 20; ++size)
    EXPECT_EQ(parse(ipv6().next_header(6).payload(std::vector<uint8_t>(size, 0x50))).error,
              ParseError::l4_truncated)
        << size;
}

TEST(ParseTcp, ReadsTheWindowScaleOfASyn) {
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {3, 3, 7, 0}), 7);
  EXPECT_EQ(window_scale(tcp_flag::kSyn | tcp_flag::kAck, {2, 4, 5, 0xb4, 1, 3, 3, 9}), 9);
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {3, 3, 0, 0}), 0);
}

// RFC 7323 §2.2: only there; §2.3: more than 14 is 14.
TEST(ParseTcp, HasNoWindowScaleElsewhere) {
  EXPECT_EQ(window_scale(tcp_flag::kAck, {3, 3, 7, 0}), kAbsent);
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {}), kAbsent);
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {2, 4, 5, 0xb4}), kAbsent);
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {0, 3, 3, 7}), kAbsent);
}

TEST(ParseTcp, LimitsTheWindowScaleTo14) { EXPECT_EQ(window_scale(tcp_flag::kSyn, {3, 3, 15, 0}), 14); }

TEST(ParseTcp, StopsAtAMalformedOption) {
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {2, 0, 3, 3, 7, 0, 0, 0}), kAbsent);
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {2, 1, 3, 3, 7, 0, 0, 0}), kAbsent);
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {2, 200, 3, 3}), kAbsent);
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {3, 4, 7, 7}), kAbsent);
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {1, 1, 1, 3}), kAbsent);
  EXPECT_EQ(window_scale(tcp_flag::kSyn, {1, 1, 3, 3}), kAbsent);
}

// Bytes behind the header are payload.
TEST(ParseTcp, TakesNoOptionFromThePayload) {
  EXPECT_EQ(parse(ipv6().tcp(1, 2).payload(std::vector<uint8_t>{3, 3, 7, 0})).l4.tcp_window_scale, kAbsent);
}

TEST(ParseUdp, ReadsItsPorts) {
  const ParsedPacket parsed = parse(ipv6().udp(5000, 53).payload(9));
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.l4.source_port, 5000);
  EXPECT_EQ(parsed.l4.destination_port, 53);
}

TEST(ParseUdp, RefusesWrongLengths) {
  EXPECT_EQ(parse(ipv6().udp(1, 2).udp_length(7).payload(9)).error, ParseError::l4_truncated);
  EXPECT_EQ(parse(ipv6().udp(1, 2).udp_length(0).payload(9)).error, ParseError::l4_truncated);
  EXPECT_EQ(parse(ipv6().udp(1, 2).udp_length(18).payload(9)).error, ParseError::l4_truncated);
  EXPECT_EQ(parse(ipv6().udp(1, 2).udp_length(17).payload(9)).error, ParseError::none);
  EXPECT_EQ(parse(ipv6().next_header(17).payload(7)).error, ParseError::l4_truncated);
}

// RFC 3828 §3.1
TEST(ParseUdpLite, TakesACoverageOfZeroOrEightAndMore) {
  EXPECT_EQ(parse(ipv6().udp_lite(5, 6).udp_length(0).payload(9)).error, ParseError::none);
  EXPECT_EQ(parse(ipv6().udp_lite(5, 6).udp_length(8).payload(9)).error, ParseError::none);
  EXPECT_EQ(parse(ipv6().udp_lite(5, 6).udp_length(7).payload(9)).error, ParseError::l4_truncated);
  EXPECT_EQ(parse(ipv6().udp_lite(5, 6).udp_length(18).payload(9)).error, ParseError::l4_truncated);
}

TEST(ParseSctpAndDccp, ReadTheirPorts) {
  for (const PacketBuilder& builder : {ipv6().sctp(9, 10), ipv6().dccp(9, 10)}) {
    const ParsedPacket parsed = parse(builder);
    EXPECT_EQ(parsed.error, ParseError::none);
    EXPECT_EQ(parsed.l4.source_port, 9);
    EXPECT_EQ(parsed.l4.destination_port, 10);
  }
}

TEST(ParseSctpAndDccp, RefuseACutOffHeader) {
  for (const uint8_t protocol : {ip_proto::kSctp, ip_proto::kDccp})
    EXPECT_EQ(parse(ipv6().next_header(protocol).payload(11)).error, ParseError::l4_truncated);
}

// RFC 9260 §3.2, §3.3.2
TEST(ParseSctp, ReadsTheTagsAndTheFirstChunk) {
  const std::vector<uint8_t> init = {1, 7, 0, 20, 0xa, 0xb, 0xc, 0xd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const SctpFields sctp = parse(ipv6().sctp(9, 10).set_u32(4, 0x01020304).payload(init)).l4.sctp;
  EXPECT_EQ(sctp.tag, 0x01020304U);
  EXPECT_EQ(sctp.chunk, 1);
  EXPECT_EQ(sctp.chunk_flags, 7);
  EXPECT_EQ(sctp.initiate_tag, 0x0a0b0c0dU);
  EXPECT_TRUE(sctp.has_chunk);
  EXPECT_TRUE(sctp.alone);
}

TEST(ParseSctp, SaysThatThereIsNoChunk) {
  EXPECT_FALSE(parse(ipv6().sctp(9, 10)).l4.sctp.has_chunk);
  EXPECT_FALSE(parse(ipv6().sctp(9, 10).payload({0, 0, 0})).l4.sctp.has_chunk);
}

TEST(ParseSctp, SaysThatAnotherChunkFollows) {
  EXPECT_FALSE(parse(ipv6().sctp(9, 10).payload({0, 0, 0, 4, 3, 0, 0, 4})).l4.sctp.alone);
}

TEST(ParseSctp, TakesNoInitiateTagFromOtherChunks) {
  EXPECT_EQ(parse(ipv6().sctp(9, 10).payload({0, 0, 0, 8, 1, 2, 3, 4})).l4.sctp.initiate_tag, 0U);
}

// RFC 4340 §5.1
TEST(ParseDccp, ReadsTheTypeAndWhetherNumbersAreLong) {
  const DccpFields request = parse(ipv6().dccp(9, 10)).l4.dccp;
  EXPECT_EQ(request.type, 0);
  EXPECT_TRUE(request.extended);
  EXPECT_TRUE(request.fits);
  const DccpFields ack = parse(ipv6().dccp(9, 10).set_u8(8, 3U << 1U)).l4.dccp;
  EXPECT_EQ(ack.type, 3);
  EXPECT_FALSE(ack.extended);
}

TEST(ParseDccp, SaysThatTheDataOffsetDoesNotFit) {
  EXPECT_FALSE(parse(ipv6().dccp(9, 10).set_u8(4, 6)).l4.dccp.fits);
  EXPECT_FALSE(parse(ipv6().dccp(9, 10).set_u8(4, 3)).l4.dccp.fits);
}

TEST(ParseIcmpv6, HasTheEchoIdInBothPorts) {
  for (const PacketBuilder& builder : {ipv6().echo_request(0x1234, 9), ipv6().echo_reply(0x1234, 9)}) {
    const ParsedPacket parsed = parse(builder);
    EXPECT_EQ(parsed.l4.source_port, 0x1234);
    EXPECT_EQ(parsed.l4.destination_port, 0x1234);
    EXPECT_EQ(parsed.l4.quote_offset, 0);
  }
}

TEST(ParseIcmpv6, KnowsWhereTheQuoteIs) {
  const ParsedPacket parsed =
      parse(ipv6().destination_options().icmpv6(icmpv6_type::kPacketTooBig, 0, 1280).payload(60));
  EXPECT_EQ(parsed.l4.icmp_type, 2);
  EXPECT_EQ(parsed.l4.quote_offset, 40 + 8 + 8);
}

TEST(ParseIcmpv6, QuotesAreOfErrorsAlone) {
  for (unsigned type = 0; type < 256; ++type) {
    const ParsedPacket parsed = parse(ipv6().icmpv6(static_cast<uint8_t>(type), 0).payload(60));
    EXPECT_EQ(parsed.l4.quote_offset != 0, type < 128) << type;
  }
}

TEST(ParseIcmpv6, RefusesACutOffHeader) {
  for (std::size_t size = 0; size < 8; ++size)
    EXPECT_EQ(parse(ipv6().next_header(58).payload(size)).error, ParseError::l4_truncated) << size;
}

TEST(ParseIcmpv4, KnowsWhereTheQuoteIs) {
  const auto packet = [](uint8_t type) {
    return parse_ipv4_packet(
        PacketBuilder().ipv4(ip4("12.0.0.5"), ip4("11.0.0.2")).icmpv4(type, 0).payload(28).build());
  };
  for (unsigned type = 0; type < 256; ++type) {
    const bool is_error = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    EXPECT_EQ(packet(static_cast<uint8_t>(type)).l4.quote_offset, is_error ? 28 : 0) << type;
  }
}

// ICMPv6 belongs to IPv6, ICMPv4 to IPv4: in the other one it is a protocol like any other.
TEST(ParseIcmp, OfTheOtherVersionIsNotRead) {
  const ParsedPacket parsed =
      parse(ipv6().next_header(1).payload(std::vector<uint8_t>{3, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_EQ(parsed.l4.quote_offset, 0);
}

TEST(ParseUpperLayer, TakesUnknownProtocols) {
  const ParsedPacket parsed = parse(ipv6().next_header(253).payload(3));
  EXPECT_EQ(parsed.error, ParseError::none);
  EXPECT_TRUE(parsed.l4.present);
  EXPECT_EQ(parsed.l4.protocol, 253);
  EXPECT_EQ(parsed.l4.length, 3);
}

}  // namespace gate41::testing
