// Our end of a configured tunnel 2600:41:0:2::2, fe80::b00:2 (11.0.0.2) answers the other one, fe80::b08:808.
#include "control/nd/tunnel_answer.hpp"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.hpp"
#include "tests/unit/nd/frames.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kAddress = ip6("2600:41:0:2::2");
const Ipv6Address kLinkLocal = ip6("fe80::b00:2");
const Ipv6Address kAsker = ip6("fe80::b08:808");
const Ipv6Address kOtherEnd = ip6("2600:41:0:2::1");
const Ipv6Address kGroup = ip6("ff02::1:ff00:2");  // of both
const std::array kOurs{kAddress, kLinkLocal};

struct Asked {
  Ipv6Address source = kAsker;
  Ipv6Address destination = kLinkLocal;
  Ipv6Address target = kLinkLocal;
  Frame options = {};
  uint8_t hop_limit = 255;
  uint8_t code = 0;
  uint8_t type = 135;
};

// RFC 4861 §4.3.
PacketBuilder packet(const Asked& asked) {
  Frame body(asked.target.bytes.begin(), asked.target.bytes.end());
  body.insert(body.end(), asked.options.begin(), asked.options.end());
  return PacketBuilder()
      .ipv6(asked.source, asked.destination)
      .hop_limit(asked.hop_limit)
      .icmpv6(asked.type, asked.code)
      .payload(body);
}

std::optional<Frame> answer(const Asked& asked) { return nd::tunnel_answer(packet(asked).build(), kOurs); }

// RFC 4861 §4.4: router, solicited, the target, no option.
Frame confirmation(const Ipv6Address& target, const Ipv6Address& to) {
  return PacketBuilder()
      .ipv6(target, to)
      .hop_limit(255)
      .icmpv6(136, 0, kR | kS)
      .payload(Frame(target.bytes.begin(), target.bytes.end()))
      .build();
}

}  // namespace

// proves: D32 D33 D34
TEST(TunnelAnswer, ConfirmsEitherAddressWithoutALinkLayerOption) {
  EXPECT_EQ(answer({}), confirmation(kLinkLocal, kAsker));
  EXPECT_EQ(answer({.source = kOtherEnd, .destination = kAddress, .target = kAddress}),
            confirmation(kAddress, kOtherEnd));
}

TEST(TunnelAnswer, GoesToWhoHasAskedTheGroupToo) {
  EXPECT_EQ(answer({.destination = kGroup}), confirmation(kLinkLocal, kAsker));
  EXPECT_EQ(answer({.destination = kGroup, .target = kAddress}), confirmation(kAddress, kAsker));
}

// Of any length: on a tunnel nobody has to make sense of it. proves: D34
TEST(TunnelAnswer, LinkLayerOptionsChangeNothing) {
  EXPECT_EQ(answer({.options = sllao(mac("02:00:00:00:00:01"))}), confirmation(kLinkLocal, kAsker));
  EXPECT_EQ(answer({.options = tllao(mac("ff:ff:ff:ff:ff:ff"))}), confirmation(kLinkLocal, kAsker));
  Frame four_bytes(16);  // of an IPv4 address, as some send it
  four_bytes[0] = 1;
  four_bytes[1] = 2;
  EXPECT_EQ(answer({.options = four_bytes}), confirmation(kLinkLocal, kAsker));
}

TEST(TunnelAnswer, NobodyElsesAddressIsConfirmed) {
  EXPECT_EQ(answer({.destination = kOtherEnd, .target = kOtherEnd}), std::nullopt);
  EXPECT_EQ(answer({.target = ip6("ff02::1")}), std::nullopt);
  EXPECT_EQ(answer({.destination = kAddress, .target = kLinkLocal}), std::nullopt);
  EXPECT_EQ(answer({.destination = kAllNodes}), std::nullopt);
}

// RFC 4861 §7.1.1.
TEST(TunnelAnswer, WhatBreaksTheRulesIsNotAnswered) {
  EXPECT_EQ(answer({.hop_limit = 254}), std::nullopt);
  EXPECT_EQ(answer({.code = 1}), std::nullopt);
  EXPECT_EQ(answer({.options = {1, 0, 0, 0, 0, 0, 0, 0}}), std::nullopt);
  Frame spoiled = packet({}).build();
  spoiled[42] ^= 1U;  // the checksum
  EXPECT_EQ(nd::tunnel_answer(spoiled, kOurs), std::nullopt);
  EXPECT_EQ(nd::tunnel_answer(PacketBuilder().ipv6(kAsker, kLinkLocal).hop_limit(255).icmpv6(135, 0).build(),
                              kOurs),
            std::nullopt);
}

TEST(TunnelAnswer, DuplicateAddressDetectionIsNotAnswered) {
  EXPECT_EQ(answer({.source = Ipv6Address{}, .destination = kGroup}), std::nullopt);
}

TEST(TunnelAnswer, AdvertisementsAreNotAnswered) { EXPECT_EQ(answer({.type = 136}), std::nullopt); }

}  // namespace gate41::testing
