#include "dataplane/forward/icmp_error.hpp"

#include <gtest/gtest.h>

#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kHost = ip6("2002:b00:2:1::10");
const Ipv6Address kServer = ip6("2600:41::80");
const Ipv6Address kRouter = ip6("2002:b00:2:1::1");

std::vector<uint8_t> error_about(const std::vector<uint8_t>& offending, const IcmpError& error) {
  std::vector<uint8_t> out(kMaxIcmpError);
  out.resize(build_icmp_error(out, error, kRouter, offending));
  return out;
}
std::vector<uint8_t> expected(const std::vector<uint8_t>& quote, uint8_t type, uint8_t code,
                              uint32_t parameter) {
  return PacketBuilder().ipv6(kRouter, kHost).icmpv6(type, code, parameter).payload(quote).build();
}
std::vector<uint8_t> udp_of(std::size_t payload) {
  return PacketBuilder().ipv6(kHost, kServer).udp(1, 2).payload(payload).build();
}

// proves: I6 H26
TEST(IcmpErrorBytes, UnreachableQuotesThePacketToItsSender) {
  EXPECT_EQ(error_about(udp_of(20), icmp_error::kNoRoute), expected(udp_of(20), 1, 0, 0));
  EXPECT_EQ(error_about(udp_of(20), icmp_error::kProhibited), expected(udp_of(20), 1, 1, 0));
  EXPECT_EQ(error_about(udp_of(20), icmp_error::kAddressUnreachable), expected(udp_of(20), 1, 3, 0));
  EXPECT_EQ(error_about(udp_of(20), icmp_error::kSourceFailedPolicy), expected(udp_of(20), 1, 5, 0));
}

// proves: I8 D12
TEST(IcmpErrorBytes, TimeExceededHasCodeZero) {
  EXPECT_EQ(error_about(udp_of(20), icmp_error::kHopLimitExceeded), expected(udp_of(20), 3, 0, 0));
}

// proves: I7 D7
TEST(IcmpErrorBytes, PacketTooBigNeverSaysLessThan1280) {
  for (const uint16_t mtu : {uint16_t{0}, uint16_t{576}, uint16_t{1279}, uint16_t{1280}})
    EXPECT_EQ(error_about(udp_of(20), icmp_error::packet_too_big(mtu)), expected(udp_of(20), 2, 0, 1280));
  EXPECT_EQ(error_about(udp_of(20), icmp_error::packet_too_big(1480)), expected(udp_of(20), 2, 0, 1480));
}

// proves: I1
TEST(IcmpErrorBytes, ALongPacketIsQuotedSoFarThatTheErrorHas1280Bytes) {
  const auto offending = udp_of(1452);
  const auto quote = std::vector<uint8_t>(offending.begin(), offending.begin() + 1280 - 48);
  const auto error = error_about(offending, icmp_error::packet_too_big(1280));
  EXPECT_EQ(error.size(), 1280U);
  EXPECT_EQ(error, expected(quote, 2, 0, 1280));
}

TEST(IcmpErrorBytes, WithoutRoomThereIsNone) {
  std::vector<uint8_t> out(100);
  EXPECT_EQ(build_icmp_error(out, icmp_error::kNoRoute, kRouter, udp_of(20)), 0U);
  EXPECT_EQ(build_icmp_error(std::span<uint8_t>(), icmp_error::kNoRoute, kRouter, udp_of(20)), 0U);
}

TEST(IcmpErrorBytes, AboutWhatHasNoHeaderThereIsNone) {
  std::vector<uint8_t> out(kMaxIcmpError);
  const std::vector<uint8_t> stump(39);
  EXPECT_EQ(build_icmp_error(out, icmp_error::kNoRoute, kRouter, stump), 0U);
}

bool answered(const PacketBuilder& builder, const IcmpError& error = icmp_error::kNoRoute) {
  return may_answer_with_error(parse_ipv6_packet(builder.build()), error);
}
PacketBuilder from_host() { return PacketBuilder().ipv6(kHost, kServer); }
const IcmpError kTooBig = icmp_error::packet_too_big(1280);

TEST(IcmpErrorRules, OrdinaryPacketsAreAnswered) {
  EXPECT_TRUE(answered(from_host().udp(1, 2)));
  EXPECT_TRUE(answered(from_host().tcp(1, 2)));
  EXPECT_TRUE(answered(from_host().echo_request(1, 2)));
  EXPECT_TRUE(answered(from_host().esp(1, 2)));
}

// proves: I2
TEST(IcmpErrorRules, ErrorsAndRedirectsAreNot) {
  for (const uint8_t type :
       {uint8_t{1}, uint8_t{2}, uint8_t{3}, uint8_t{4}, uint8_t{100}, uint8_t{127}, uint8_t{137}}) {
    EXPECT_FALSE(answered(from_host().icmpv6(type, 0).payload(48))) << int{type};
    EXPECT_FALSE(answered(from_host().icmpv6(type, 0).payload(48), kTooBig)) << int{type};
  }
}

// proves: I2
TEST(IcmpErrorRules, NorBehindExtensionHeaders) {
  EXPECT_FALSE(answered(from_host().hop_by_hop().destination_options().icmpv6(1, 0).payload(48)));
}

// proves: I3
TEST(IcmpErrorRules, MulticastIsAnsweredByPacketTooBigAlone) {
  const PacketBuilder packet = PacketBuilder().ipv6(kHost, ip6("ff0e::1")).udp(1, 2);
  EXPECT_FALSE(answered(packet));
  EXPECT_TRUE(answered(packet, kTooBig));
}

// proves: I3
TEST(IcmpErrorRules, SoIsLinkLayerMulticast) {
  const auto frame =
      PacketBuilder().ethernet(mac("33:33:00:00:00:01")).ipv6(kHost, kServer).udp(1, 2).build();
  EXPECT_FALSE(may_answer_with_error(parse_frame(frame), icmp_error::kNoRoute));
  EXPECT_TRUE(may_answer_with_error(parse_frame(frame), kTooBig));
}

// proves: I4
TEST(IcmpErrorRules, NothingGoesToNobodyOrToMany) {
  EXPECT_FALSE(answered(PacketBuilder().ipv6(Ipv6Address{}, kServer).udp(1, 2)));
  EXPECT_FALSE(answered(PacketBuilder().ipv6(ip6("ff0e::1"), kServer).udp(1, 2), kTooBig));
}

TEST(IcmpErrorRules, OnlyAFirstFragmentIsAnswered) {
  EXPECT_TRUE(answered(from_host().fragment(0, true, 7).udp(1, 2).payload(16)));
  EXPECT_FALSE(answered(from_host().fragment(64, false, 7).payload(16)));
}

}  // namespace
}  // namespace gate41::testing
