// Reading ICMPv4 errors about protocol 41.
#include "control/path/tunnel_error.hpp"

#include <gtest/gtest.h>

#include "tests/unit/path/frames.hpp"

namespace gate41::path {
namespace {

using namespace gate41::testing;  // NOLINT: helpers of this room
using Octets = std::vector<uint8_t>;

// proves: D16 D18
TEST(TunnelError, OfAPacketThatIsTooBigTellsTheMtuAndTheEndpoint) {
  const Octets frame = too_big(1400);
  const auto error = read_tunnel_error(frame);
  ASSERT_TRUE(error);
  EXPECT_TRUE(error->is_too_big());
  EXPECT_EQ(error->reporter, kRouter);
  EXPECT_EQ(error->source, kOwn);
  EXPECT_EQ(error->destination, kRelay);
  EXPECT_EQ(error->total_length, 1500);
  EXPECT_EQ(path_mtu(*error), 1400);
}

// proves: D17
TEST(TunnelError, ShowsWhatIsQuotedOfTheIpv6Packet) {
  const Octets frame = error(3, 1, 0, inner(outer(), 100).build());
  const auto error = read_tunnel_error(frame);
  ASSERT_TRUE(error);
  EXPECT_FALSE(error->is_too_big());
  EXPECT_TRUE(error->holds_ipv6_header());
  EXPECT_EQ(Octets(error->inner.begin(), error->inner.end()), inner(PacketBuilder(), 100).build());
}

// RFC 792's eight bytes are enough to know the endpoint.
// proves: D16
TEST(TunnelError, MayQuoteEightBytesOnly) {
  const Octets frame = too_big(1400, 1480, 28);
  const auto error = read_tunnel_error(frame);
  ASSERT_TRUE(error);
  EXPECT_FALSE(error->holds_ipv6_header());
  EXPECT_EQ(path_mtu(*error), 1400);
}

// RFC 4884: extensions behind the quote are none of it.
// proves: D17
TEST(TunnelError, ExtensionsAreNoPartOfThePacket) {
  Octets quote = inner(outer(), 1000).build();
  quote.resize(128 + 16);
  const Octets frame = error(3, 1, 32U << 16U, quote);
  const auto error = read_tunnel_error(frame);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->inner.size(), 108U);
}

struct PlateauCase {
  uint16_t length;
  uint16_t mtu;
};
class Plateau : public ::testing::TestWithParam<PlateauCase> {};
// RFC 1191 §7.1.
// proves: D16
TEST_P(Plateau, IsTakenWhereTheRouterDoesNotSay) {
  const Octets frame = too_big(0, GetParam().length - 20U);
  EXPECT_EQ(path_mtu(*read_tunnel_error(frame)), GetParam().mtu);
}
INSTANTIATE_TEST_SUITE_P(Rfc1191, Plateau,
                         ::testing::Values(PlateauCase{1500, 1492}, PlateauCase{1492, 1006},
                                           PlateauCase{1007, 1006}, PlateauCase{1006, 508},
                                           PlateauCase{508, 296}, PlateauCase{297, 296},
                                           PlateauCase{296, 68}));

// proves: Q14 D18
TEST(TunnelError, AnMtuBelow68IsNone) {
  EXPECT_FALSE(path_mtu(*read_tunnel_error(too_big(67))));
  EXPECT_EQ(path_mtu(*read_tunnel_error(too_big(68))), 68);
}

// proves: Q14 D18
TEST(TunnelError, AnMtuThatThePacketWasWithinIsNone) {
  EXPECT_FALSE(path_mtu(*read_tunnel_error(too_big(1500))));
  EXPECT_EQ(path_mtu(*read_tunnel_error(too_big(1499))), 1499);
}

class NoError : public ::testing::TestWithParam<std::pair<const char*, Octets>> {};
// proves: D18 Q14
TEST_P(NoError, IsRead) { EXPECT_FALSE(read_tunnel_error(GetParam().second)); }

PacketBuilder::Bytes with(PacketBuilder::Bytes bytes, std::size_t at, uint8_t value) {
  bytes.at(at) = value;
  return bytes;
}
const Octets kPacket = inner(outer(), 1480).build();
INSTANTIATE_TEST_SUITE_P(
    D18, NoError,
    ::testing::Values(
        std::pair("an echo reply", error(0, 0, 0, kPacket)), std::pair("a redirect", error(5, 0, 0, kPacket)),
        std::pair("source quench", error(4, 0, 0, kPacket)),
        std::pair("a wrong checksum", with(too_big(1400), 14 + 20 + 2, 0x55)),
        std::pair("a quote of 19 bytes", too_big(1400, 1480, 19)),
        std::pair("a quote of UDP",
                  error(3, 3, 0, PacketBuilder().ipv4(kOwn, kRelay).udp(1, 2).payload(40).build())),
        std::pair("IPv4 options", error(3, 4, 1400, with(kPacket, 0, 0x46))),
        std::pair("an outer length without room for IPv6",
                  error(3, 4, 1400, with(with(kPacket, 2, 0), 3, 59))),
        std::pair("lengths that differ", error(3, 4, 1400, with(kPacket, 3, 0xdb))),
        std::pair("no IPv6 inside", error(3, 4, 1400, with(kPacket, 20, 0x40))),
        std::pair("too big without DF", error(3, 4, 1400, with(kPacket, 6, 0))),
        std::pair("too big about a fragment", error(3, 4, 1400, with(kPacket, 6, 0x60))),
        std::pair("a fragment", PacketBuilder()
                                    .ethernet()
                                    .ipv4(kRouter, kOwn)
                                    .ipv4_fragment(0, true)
                                    .icmpv4(3, 4, 1400)
                                    .payload(kPacket)
                                    .build()),
        std::pair("nothing", Octets{})));

// proves: D18
TEST(TunnelError, OfOneOfSeveralFragmentsIsRead) {
  const Octets first = error(11, 1, 0, with(with(kPacket, 6, 0x20), 3, 0x44));
  ASSERT_TRUE(read_tunnel_error(first));
  EXPECT_TRUE(read_tunnel_error(first)->fragmented);
  EXPECT_TRUE(read_tunnel_error(first)->holds_ipv6_header());
  const Octets later = error(11, 1, 0, with(with(kPacket, 6, 0x20), 7, 10));
  ASSERT_TRUE(read_tunnel_error(later));
  EXPECT_FALSE(read_tunnel_error(later)->holds_ipv6_header());
}

// proves: D18
TEST(TunnelError, ThatIsCutOffAnywhereIsNone) {
  const Octets whole = too_big(1400);
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(read_tunnel_error(Bytes(whole).first(length))) << length;
}

}  // namespace
}  // namespace gate41::path
