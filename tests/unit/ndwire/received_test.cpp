#include "control/ndwire/received.hpp"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using ndwire::read_icmpv6;
using ndwire::read_nd;

PacketBuilder link_packet() {
  PacketBuilder packet;
  packet.ethernet(mac("33:33:00:00:00:02"), mac("02:00:00:00:00:0a"))
      .ipv6(ip6("fe80::a"), ip6("ff02::2"))
      .hop_limit(255);
  return packet;
}

const PacketBuilder::Bytes kSllao{1, 1, 2, 0, 0, 0, 0, 0x0a};

// proves: H11
TEST(NdReceived, ARouterSolicitationIsReadWithItsOptions) {
  const auto frame = link_packet().icmpv6(133, 0).payload(kSllao).build();
  const auto received = read_nd(frame);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->ether_source, mac("02:00:00:00:00:0a"));
  EXPECT_EQ(received->ether_destination, mac("33:33:00:00:00:02"));
  EXPECT_EQ(received->source, ip6("fe80::a"));
  EXPECT_EQ(received->destination, ip6("ff02::2"));
  EXPECT_EQ(received->type, 133);
  EXPECT_EQ(received->message.size(), 16U);
  EXPECT_EQ(received->fields().remaining(), 4U);
  EXPECT_EQ(PacketBuilder::Bytes(received->options.begin(), received->options.end()), kSllao);
}

TEST(NdReceived, EthernetPaddingIsNotPartOfTheMessage) {
  const auto frame = link_packet().icmpv6(133, 0).ethernet_padding(6).build();
  const auto received = read_nd(frame);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->message.size(), 8U);
  EXPECT_TRUE(received->options.empty());
}

// The fixed fields of RS, RA, NS, NA and Redirect: 8, 16, 24, 24, 40 bytes.
// proves: H11 H24
TEST(NdReceived, AMessageShorterThanItsFieldsIsRefused) {
  const std::pair<uint8_t, std::size_t> lengths[] = {{133, 8}, {134, 16}, {135, 24}, {136, 24}, {137, 40}};
  for (const auto& [type, length] : lengths) {
    EXPECT_TRUE(read_nd(link_packet().icmpv6(type, 0).payload(PacketBuilder::Bytes(length - 8)).build()))
        << int{type};
    if (length == 8) continue;
    EXPECT_FALSE(read_nd(link_packet().icmpv6(type, 0).payload(PacketBuilder::Bytes(length - 9)).build()))
        << int{type};
  }
}

// proves: H11 H24 H32
TEST(NdReceived, WhatTheRulesForbidIsRefused) {
  EXPECT_FALSE(read_nd(link_packet().hop_limit(254).icmpv6(133, 0).build()));
  EXPECT_FALSE(read_nd(link_packet().icmpv6(133, 1).build()));
  EXPECT_FALSE(read_nd(link_packet().icmpv6(133, 0).payload({1, 0, 0, 0, 0, 0, 0, 0}).build()));
  EXPECT_FALSE(read_nd(link_packet().icmpv6(133, 0).spoil_u16(2, 0x1234).build()));
  EXPECT_FALSE(read_nd(link_packet().icmpv6(128, 0).build()));
  EXPECT_FALSE(read_nd(link_packet().fragment(0, false, 1).icmpv6(133, 0).build()));
  EXPECT_FALSE(read_nd(link_packet().udp(1, 2).payload(20).build()));
  EXPECT_FALSE(read_nd({}));
}

TEST(NdReceived, AGroupDoesNotSend) {
  EXPECT_FALSE(read_nd(
      PacketBuilder().ethernet().ipv6(ip6("ff02::1"), ip6("ff02::2")).hop_limit(255).icmpv6(133, 0).build()));
  EXPECT_FALSE(read_nd(PacketBuilder()
                           .ethernet(kTestDestinationMac, mac("33:33:00:00:00:01"))
                           .ipv6(ip6("fe80::a"), ip6("ff02::2"))
                           .hop_limit(255)
                           .icmpv6(133, 0)
                           .build()));
}

// proves: C26
TEST(NdReceived, FramesOfAVlanOrATunnelAreNotTheLinks) {
  EXPECT_FALSE(read_nd(PacketBuilder()
                           .ethernet()
                           .vlan(7)
                           .ipv6(ip6("fe80::a"), ip6("ff02::2"))
                           .hop_limit(255)
                           .icmpv6(133, 0)
                           .build()));
  EXPECT_FALSE(read_nd(PacketBuilder()
                           .ethernet()
                           .ipv4(ip4("11.0.0.1"), ip4("11.0.0.2"))
                           .ipv6(ip6("fe80::a"), ip6("ff02::2"))
                           .hop_limit(255)
                           .icmpv6(133, 0)
                           .build()));
}

TEST(NdReceived, TheRouterAlertOfMldIsSeen) {
  const auto with = [](uint16_t value) {
    PacketBuilder packet = link_packet();
    packet.hop_limit(1).hop_by_hop(8).set_u32(2, 0x05020000U | value).set_u16(6, 0x0100);
    return packet.icmpv6(130, 0).payload(20).build();
  };
  EXPECT_TRUE(read_icmpv6(with(0))->router_alert);
  EXPECT_FALSE(read_icmpv6(with(1))->router_alert);  // RSVP
  EXPECT_FALSE(read_icmpv6(link_packet().hop_by_hop(8).icmpv6(130, 0).payload(20).build())->router_alert);
  EXPECT_FALSE(read_icmpv6(link_packet().icmpv6(130, 0).payload(20).build())->router_alert);
}

TEST(NdReceived, APaddedRouterAlertIsSeen) {
  PacketBuilder packet = link_packet();  // Pad1, Pad1, router alert
  packet.hop_by_hop(8).set_u32(2, 0x00000502).set_u16(6, 0x0000);
  EXPECT_TRUE(read_icmpv6(packet.icmpv6(130, 0).payload(20).build())->router_alert);
}

}  // namespace
}  // namespace gate41::testing
