// 6in4 by example: a broker's tunnel, and the order in which several tunnels are asked.
#include <gtest/gtest.h>

#include "dataplane/tunnel/checks.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

constexpr auto kPasses = std::nullopt;

Tunnel common() {
  Tunnel tunnel;
  tunnel.up = true;
  tunnel.local = tunnel.external = ip4("11.0.0.2");
  tunnel.wan_subnet = *Ipv4Prefix::parse("11.0.0.0/24");
  return tunnel;
}

Tunnel broker() {
  Tunnel tunnel = common();
  tunnel.kind = TunnelKind::six_in_four;
  tunnel.relays = {ip4("12.9.9.9")};
  tunnel.prefix = *Ipv6Prefix::parse("2600:41:1::/48");
  tunnel.address = ip6("2600:41:0:2::2");
  return tunnel;
}

Tunnel six_rd() {
  Tunnel tunnel = common();
  tunnel.kind = TunnelKind::six_rd;
  tunnel.domain = {*Ipv6Prefix::parse("2600:77::/32"), {}};
  tunnel.domain.sites = {{}, 0};
  tunnel.relays = {ip4("12.8.8.8")};
  tunnel.prefix = tunnel.domain.prefix_of(tunnel.local);
  tunnel.address = Ipv6Address::from_halves(tunnel.prefix.address.high(), 1);
  return tunnel;
}

Tunnel six_to_four() {
  Tunnel tunnel = common();
  tunnel.prefix = tunnel.domain.prefix_of(tunnel.local);
  tunnel.address = ip6("2002:b00:2::1");
  tunnel.relays = {ip4("192.88.99.1")};
  return tunnel;
}

ParsedPacket packet(const char* source_v4, const char* source, const char* destination) {
  ParsedPacket packet;
  packet.v4.source = ip4(source_v4);
  packet.v4.destination = ip4("11.0.0.2");
  packet.v6.source = ip6(source);
  packet.v6.destination = ip6(destination);
  packet.l4.protocol = ip_proto::kTcp;
  return packet;
}

Drop arrive(const Tunnel& tunnel, const ParsedPacket& packet) {
  if (const Drop drop = check_outer(tunnel, packet.v4)) return drop;
  return check_inner(tunnel, packet.v4, packet);
}

std::vector<Tunnel> all() { return {broker(), six_rd(), six_to_four()}; }

}  // namespace

// proves: C4 C10
TEST(SixInFourIn, TakesWhateverItsPeerSendsToItsPrefix) {
  EXPECT_EQ(arrive(broker(), packet("12.9.9.9", "2600:99::1", "2600:41:1:5::10")), kPasses);
  EXPECT_EQ(arrive(broker(), packet("12.9.9.9", "2600:41:0:2::1", "2600:41:0:2::2")), kPasses);
  EXPECT_EQ(arrive(broker(), packet("12.9.9.9", "2002:c00:5::1", "2600:41:1:5::10")), kPasses);
}

// proves: D21 X26
TEST(SixInFourIn, TakesNothingFromOthers) {
  EXPECT_EQ(arrive(broker(), packet("12.9.9.8", "2600:99::1", "2600:41:1:5::10")),
            DropReason::outer_source_unlisted);
}

// proves: D30 K6
TEST(SixInFourIn, RefusesItsOwnAddressesAsSource) {
  EXPECT_EQ(arrive(broker(), packet("12.9.9.9", "2600:41:1::1", "2600:41:1:5::10")),
            DropReason::inner_source_own);
  EXPECT_EQ(arrive(broker(), packet("12.9.9.9", "2600:41:0:2::2", "2600:41:1:5::10")),
            DropReason::inner_source_own);
}

// proves: C20
TEST(SixInFourIn, TakesNothingForOthers) {
  EXPECT_EQ(arrive(broker(), packet("12.9.9.9", "2600:99::1", "2600:41:2::10")),
            DropReason::inner_destination_not_ours);
}

// proves: D29
TEST(SixInFourIn, RefusesSourcesThatNoHostHas) {
  for (const char* none : {"::1", "::11.0.0.9", "::ffff:11.0.0.9", "ff02::1"})
    EXPECT_EQ(arrive(broker(), packet("12.9.9.9", none, "2600:41:1:5::10")),
              DropReason::inner_source_forbidden)
        << none;
}

// proves: D31 P34
TEST(SixInFourOut, SendsItsOwnPrefixAlone) {
  EXPECT_EQ(check_encap(broker(), ip6("2600:41:1:5::10"), ip6("2600:99::1"), ip4("12.9.9.9")), kPasses);
  EXPECT_EQ(check_encap(broker(), ip6("2600:41:0:2::2"), ip6("2600:41:0:2::1"), ip4("12.9.9.9")), kPasses);
  EXPECT_EQ(check_encap(broker(), ip6("2002:b00:2:1::10"), ip6("2600:99::1"), ip4("12.9.9.9")),
            DropReason::source_embeds_other);
}

// proves: C24 X2
TEST(TunnelOrder, TheExactPairComesFirst) {
  EXPECT_EQ(tunnel_of(all(), packet("12.9.9.9", "2600:99::1", "2600:41:1:5::10")), 0U);
  EXPECT_EQ(tunnel_of(all(), packet("12.9.9.9", "2002:c09:909::1", "2600:41:1:5::10")), 0U);
}

// The other end of one tunnel may be the relay of another.
// proves: C24 X2
TEST(TunnelOrder, WhatThePairsOtherEndSendsToAnotherTunnelsPrefixIsThatOnes) {
  EXPECT_EQ(tunnel_of(all(), packet("12.9.9.9", "2600:99::1", "2600:77:b00:2::1")), 1U);
  EXPECT_EQ(tunnel_of(all(), packet("12.9.9.9", "2600:99::1", "2002:b00:2::1")), 2U);
}

// By way of a relay, from our 6to4 address to a neighbour in the domain, and back.
// proves: C24 E15
TEST(TunnelOrder, WhatASiteOfTheDomainSendsToThe6to4PrefixIsNotTheDomains) {
  EXPECT_EQ(tunnel_of(all(), packet("12.8.8.8", "2600:77:c00:5::1", "2002:b00:2::1")), 2U);
}

// proves: C24 X2
TEST(TunnelOrder, ThenTheDomainOfTheAddresses) {
  EXPECT_EQ(tunnel_of(all(), packet("12.8.8.8", "2600:99::1", "2600:77:b00:2::1")), 1U);
  EXPECT_EQ(tunnel_of(all(), packet("12.0.0.5", "2600:77:c00:5::1", "2600:77:b00:2::1")), 1U);
}

// proves: C24 X2
TEST(TunnelOrder, Then6to4) {
  EXPECT_EQ(tunnel_of(all(), packet("12.8.8.8", "2600:99::1", "2002:b00:2::1")), 2U);
  EXPECT_EQ(tunnel_of(all(), packet("12.0.0.5", "2002:c00:5::1", "2002:b00:2::1")), 2U);
}

// proves: C24
TEST(TunnelOrder, SkipsWhatIsDown) {
  std::vector<Tunnel> tunnels = all();
  tunnels[0].up = false;
  EXPECT_EQ(tunnel_of(tunnels, packet("12.9.9.9", "2600:99::1", "2600:41:1:5::10")), 2U);
}

// proves: D20
TEST(TunnelOrder, OuterHeadersThatNoTunnelTakesHaveTheLastOnesReason) {
  Ipv4Fields outer;
  outer.source = ip4("10.0.0.1");
  outer.destination = ip4("11.0.0.2");
  const std::vector<Tunnel> tunnels{broker(), six_to_four()};
  EXPECT_EQ(check_outer(tunnels, outer), DropReason::outer_source_forbidden);
  EXPECT_EQ(check_outer(std::span(tunnels).first(1), outer), DropReason::outer_source_unlisted);
  EXPECT_EQ(check_outer(std::span<const Tunnel>(), outer), DropReason::tunnel_unmatched);
}

}  // namespace gate41::testing
