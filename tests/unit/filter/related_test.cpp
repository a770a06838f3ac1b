// ICMPv6 errors and the flow of the packet that they quote.
#include <gtest/gtest.h>

#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::testing {
namespace {

// The key that an error from `direction` about `quoted` leads to.
std::optional<FlowKey> related(Direction direction, const PacketBuilder& quoted,
                               std::size_t quote_length = SIZE_MAX) {
  PacketBuilder::Bytes quote = quoted.build();
  quote.resize(std::min(quote.size(), quote_length));
  const ParsedPacket error = parsed(from(direction).icmpv6(1, 4).payload(quote));
  return related_key(error, parse_quoted_ipv6(quote), direction);
}

PacketBuilder sent_udp() { return from(kOut).udp(kHostPort, kServerPort).payload(100); }

}  // namespace

TEST(IsIcmpv6Error, HoldsForTypesOneToFourAlone) {
  for (unsigned type = 0; type < 256; ++type)
    EXPECT_EQ(is_icmpv6_error(icmpv6(kIn, static_cast<uint8_t>(type))), type >= 1 && type <= 4) << type;
}

// proves: K18 I13 J11
TEST(Related, FindsTheUdpFlowOfTheQuote) { EXPECT_EQ(related(kIn, sent_udp()), flow_key(udp(kOut), kOut)); }

// proves: K36 I13 J11
TEST(Related, FindsTheTcpFlowOfTheQuote) {
  EXPECT_EQ(related(kIn, from(kOut).tcp(kHostPort, kServerPort, {kAck})), flow_key(tcp(kOut, {kAck}), kOut));
}

// proves: I13
TEST(Related, FindsTheEchoFlowOfTheQuote) {
  EXPECT_EQ(related(kIn, from(kOut).echo_request(7, 1)), flow_key(echo_request(kOut, 7), kOut));
}

// proves: K10
TEST(Related, FindsTheGenericFlowOfTheQuote) {
  EXPECT_EQ(related(kIn, from(kOut).esp(1, 1).payload(16)), flow_key(esp(kOut), kOut));
}

// proves: J11
TEST(Related, HasNoFlowForAnErrorAboutAnError) {
  EXPECT_EQ(related(kIn, from(kOut).icmpv6(2, 0).payload(sent_udp().build())), std::nullopt);
  EXPECT_NE(related(kIn, from(kOut).icmpv6(146, 0).payload(16)), std::nullopt);
}

TEST(Related, FindsTheFlowOfAnErrorFromTheLan) {
  const PacketBuilder received = from(kIn).udp(kServerPort, kHostPort).payload(100);
  EXPECT_EQ(related(kOut, received), flow_key(udp(kOut), kOut));
}

// proves: I13
TEST(Related, NeedsTheQuoteUpToThePorts) {
  EXPECT_EQ(related(kIn, sent_udp(), 44), flow_key(udp(kOut), kOut));
  for (std::size_t length = 0; length < 44; ++length)
    EXPECT_EQ(related(kIn, sent_udp(), length), std::nullopt) << length;
}

// A quote may end with the ports.
// proves: K41 K45
TEST(Related, FindsTheSctpAndDccpFlowsByThePortsAlone) {
  for (const PacketBuilder& sent : {from(kOut).sctp(kHostPort, kServerPort).payload({0, 3, 0, 4}),
                                    from(kOut).dccp(kHostPort, kServerPort)}) {
    EXPECT_EQ(related(kIn, sent, 44), flow_key(parsed(sent), kOut));
    EXPECT_EQ(related(kIn, sent, 43), std::nullopt);
  }
}

TEST(Related, RefusesAnErrorToAnotherHostThanTheQuotedSender) {
  const PacketBuilder::Bytes quote =
      PacketBuilder().ipv6(ip6("2002:b00:2:1::66"), kServer).udp(kHostPort, kServerPort).payload(8).build();
  const ParsedPacket error = parsed(from(kIn).icmpv6(1, 4).payload(quote));
  EXPECT_EQ(related_key(error, parse_quoted_ipv6(quote), kIn), std::nullopt);
}

// proves: J11 K10
TEST(Related, GivesAnotherKeyForAnotherPort) {
  EXPECT_NE(related(kIn, from(kOut).udp(kHostPort + 1, kServerPort).payload(8)), flow_key(udp(kOut), kOut));
}

}  // namespace gate41::testing
