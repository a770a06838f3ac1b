// 6rd by example: a customer edge (private IPv4, E28) and a border relay of 2600:41::/32 with ten.
#include <gtest/gtest.h>

#include "dataplane/tunnel/checks.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

constexpr auto kPasses = std::nullopt;

// 10.0.0.0/8 of an operator: 24 bits stand in the prefix, sites have a /56.
Tunnel six_rd(TunnelRole role, const char* own) {
  Tunnel tunnel;
  tunnel.kind = TunnelKind::six_rd;
  tunnel.role = role;
  tunnel.up = true;
  tunnel.local = tunnel.external = ip4(own);
  tunnel.wan_subnet = *Ipv4Prefix::parse("10.1.0.0/24");
  tunnel.domain = {*Ipv6Prefix::parse("2600:41::/32"), *Ipv4Prefix::parse("10.0.0.0/8")};
  return tunnel;
}

Tunnel edge() {
  Tunnel tunnel = six_rd(TunnelRole::gateway, "10.1.0.2");
  tunnel.relays = {ip4("10.9.9.9"), ip4("11.9.9.9")};
  tunnel.prefix = tunnel.domain.prefix_of(tunnel.local);  // 2600:41:100:200::/56
  tunnel.address = ip6("2600:41:100:200::1");
  return tunnel;
}

Tunnel border() {
  Tunnel tunnel = six_rd(TunnelRole::relay, "10.9.9.9");
  tunnel.relays = {ip4("10.9.9.10")};
  return tunnel;
}

Drop arrive(const Tunnel& tunnel, const char* source_v4, const char* source, const char* destination,
            uint8_t protocol = ip_proto::kTcp) {
  Ipv4Fields outer;
  outer.source = ip4(source_v4);
  outer.destination = tunnel.local;
  if (const Drop drop = check_outer(tunnel, outer)) return drop;
  ParsedPacket packet;
  packet.v6.source = ip6(source);
  packet.v6.destination = ip6(destination);
  packet.l4.protocol = protocol;
  return check_inner(tunnel, outer, packet);
}

Drop leave(const Tunnel& tunnel, const char* source, const char* destination, const char* peer) {
  return check_encap(tunnel, ip6(source), ip6(destination), ip4(peer));
}

}  // namespace

// proves: E16 E28
TEST(SixRdEdgeIn, TakesNativeTrafficFromItsBorderRelays) {
  EXPECT_EQ(arrive(edge(), "10.9.9.9", "2600:99::1", "2600:41:100:200::10"), kPasses);
  EXPECT_EQ(arrive(edge(), "11.9.9.9", "2600:99::1", "2600:41:100:200::10"), kPasses);
}

// proves: E16 X26
TEST(SixRdEdgeIn, TakesNativeTrafficFromNobodyElse) {
  EXPECT_EQ(arrive(edge(), "10.9.9.8", "2600:99::1", "2600:41:100:200::10"),
            DropReason::outer_source_unlisted);
  EXPECT_EQ(arrive(edge(), "12.0.0.5", "2600:99::1", "2600:41:100:200::10"),
            DropReason::outer_source_unlisted);
}

// proves: E15
TEST(SixRdEdgeIn, TakesAnotherSiteFromItsOwnAddressAlone) {
  EXPECT_EQ(arrive(edge(), "10.2.0.3", "2600:41:200:300::1", "2600:41:100:200::10"), kPasses);
  EXPECT_EQ(arrive(edge(), "10.2.0.4", "2600:41:200:300::1", "2600:41:100:200::10"),
            DropReason::inner_source_mismatch);
}

// Hub and spoke: sites talk by the border relay. proves: P32 E16
TEST(SixRdEdgeIn, TakesAnotherSiteByTheBorderRelay) {
  EXPECT_EQ(arrive(edge(), "10.9.9.9", "2600:41:200:300::1", "2600:41:100:200::10"), kPasses);
}

// proves: E17
TEST(SixRdEdgeIn, TakesNothingForOthers) {
  EXPECT_EQ(arrive(edge(), "10.9.9.9", "2600:99::1", "2600:41:100:300::10"),
            DropReason::inner_destination_not_ours);
}

// proves: K6 D30
TEST(SixRdEdgeIn, RefusesItsOwnPrefixAsSource) {
  EXPECT_EQ(arrive(edge(), "10.9.9.9", "2600:41:100:200::66", "2600:41:100:200::10"),
            DropReason::inner_source_own);
}

// proves: E19
TEST(SixRdEdgeIn, TakesItsProbeBackFromTheBorderRelayAlone) {
  EXPECT_EQ(arrive(edge(), "10.9.9.9", "2600:41:100:200::1", "2600:41:100:200::1", ip_proto::kIcmpv6),
            kPasses);
  EXPECT_EQ(arrive(edge(), "10.9.9.8", "2600:41:100:200::1", "2600:41:100:200::1", ip_proto::kIcmpv6),
            DropReason::inner_source_own);
}

// proves: E30
TEST(SixRdEdgeIn, RefusesWhatCanBeNoHost) {
  Tunnel wide = edge();
  wide.domain.sites = *Ipv4Prefix::parse("0.0.0.0/0");
  for (const char* none :
       {"0.1.2.3", "127.0.0.1", "169.254.1.1", "224.0.0.1", "255.255.255.255", "10.1.0.255"})
    EXPECT_EQ(arrive(wide, none, "2600:99::1", "2600:41:100:200::10"), DropReason::outer_source_forbidden)
        << none;
}

// proves: Q6
TEST(SixRdEdgeIn, RefusesATunnelInTheTunnelToItself) {
  EXPECT_EQ(arrive(edge(), "10.9.9.9", "2600:99::1", "2600:41:100:200::1", ip_proto::kIpv6),
            DropReason::nested_tunnel);
}

// proves: E26
TEST(SixRdEdgeIn, RefusesLinkLocalTraffic) {
  EXPECT_EQ(arrive(edge(), "10.9.9.9", "fe80::1", "2600:41:100:200::1"), DropReason::inner_link_local);
}

// proves: E10
TEST(SixRdEdgeOut, SendsItsPrefixToBorderRelayAndSite) {
  EXPECT_EQ(leave(edge(), "2600:41:100:200::10", "2600:99::1", "10.9.9.9"), kPasses);
  EXPECT_EQ(leave(edge(), "2600:41:100:200::10", "2600:41:200:300::1", "10.2.0.3"), kPasses);
}

// proves: P34
TEST(SixRdEdgeOut, SendsNoOtherPrefix) {
  EXPECT_EQ(leave(edge(), "2600:77::10", "2600:99::1", "10.9.9.9"), DropReason::source_embeds_other);
}

// proves: E30 Q1
TEST(SixRdEdgeOut, SendsNothingToItselfNorToNoHost) {
  EXPECT_EQ(leave(edge(), "2600:41:100:200::10", "2600:41:100:200::9", "10.1.0.2"),
            DropReason::destination_embeds_own);
  EXPECT_EQ(leave(edge(), "2600:41:100:200::10", "2600:41:100:ff00::1", "10.1.0.255"),
            DropReason::destination_embeds_forbidden);
}

// The loop of RFC 6324 through a 6to4 address of our own. proves: Q1
TEST(SixRdEdgeOut, SendsNothingTo6to4FormsOfItsOwnAddress) {
  Tunnel global = edge();
  global.local = global.external = ip4("11.0.0.2");
  EXPECT_EQ(leave(global, "2600:41:100:200::10", "2002:b00:2::1", "10.9.9.9"),
            DropReason::destination_embeds_own);
}

// proves: E15
TEST(BorderRelayIn, TakesSitesFromTheirOwnAddressAlone) {
  EXPECT_EQ(arrive(border(), "10.2.0.3", "2600:41:200:300::1", "2600:99::1"), kPasses);
  EXPECT_EQ(arrive(border(), "10.2.0.4", "2600:41:200:300::1", "2600:99::1"),
            DropReason::inner_source_mismatch);
  EXPECT_EQ(arrive(border(), "10.2.0.3", "2600:99::2", "2600:99::1"), DropReason::inner_source_mismatch);
}

// proves: E16 X26
TEST(BorderRelayIn, TakesNobodyOutsideTheDomain) {
  EXPECT_EQ(arrive(border(), "12.0.0.5", "2600:41:200:300::1", "2600:99::1"),
            DropReason::outer_source_unlisted);
}

// proves: E23 Q2
TEST(BorderRelayIn, TakesNothingFromOtherRelays) {
  EXPECT_EQ(arrive(border(), "10.9.9.10", "2600:41:909:a00::1", "2600:99::1"),
            DropReason::outer_source_forbidden);
  Tunnel wide = border();
  wide.domain.sites = *Ipv4Prefix::parse("0.0.0.0/0");
  EXPECT_EQ(arrive(wide, "192.88.99.1", "2600:99::2", "2600:99::1"), DropReason::outer_source_forbidden);
}

// proves: E19
TEST(BorderRelayIn, TakesTheProbeOfASite) {
  EXPECT_EQ(arrive(border(), "10.2.0.3", "2600:41:200:300::1", "2600:41:200:300::1", ip_proto::kIcmpv6),
            kPasses);
}

// proves: A17
TEST(BorderRelayIn, ServesItsListedSitesAlone) {
  Tunnel listed = border();
  listed.sites = {*Ipv4Prefix::parse("10.2.0.0/16")};
  EXPECT_EQ(arrive(listed, "10.2.0.3", "2600:41:200:300::1", "2600:99::1"), kPasses);
  EXPECT_EQ(arrive(listed, "10.3.0.3", "2600:41:300:300::1", "2600:99::1"), DropReason::site_unlisted);
}

// proves: E23 E22
TEST(BorderRelayOut, SendsNothingToRelaysNorToItself) {
  EXPECT_EQ(leave(border(), "2600:99::1", "2600:41:909:a00::1", "10.9.9.10"),
            DropReason::destination_embeds_forbidden);
  EXPECT_EQ(leave(border(), "2600:99::1", "2600:41:909:900::1", "10.9.9.9"),
            DropReason::destination_embeds_own);
}

// The loops of RFC 6324: who routes by 6to4 or ISATAP would bring it back.
// proves: Q1
TEST(BorderRelayOut, TakesNoSourceThatLeadsBackIntoItsTunnel) {
  const char* site = "2600:41:200:300::1";
  EXPECT_EQ(leave(border(), "2002:a09:909::1", site, "10.2.0.3"), DropReason::source_embeds_own);
  EXPECT_EQ(leave(border(), "2600:99::5efe:a09:909", site, "10.2.0.3"), DropReason::source_embeds_own);
  EXPECT_EQ(leave(border(), "2600:99::200:5efe:a09:909", site, "10.2.0.3"), DropReason::source_embeds_own);
  EXPECT_EQ(leave(border(), "2600:99::200:5efe:a09:90a", site, "10.2.0.3"), kPasses);
  EXPECT_EQ(leave(border(), "2600:99::100:5efe:a09:909", site, "10.2.0.3"), kPasses);
}

// proves: Q1
TEST(BorderRelayIn, TakesNoDestinationThatLeadsBackIntoItsTunnel) {
  const auto to = [](const char* destination) {
    return arrive(border(), "10.2.0.3", "2600:41:200:300::1", destination);
  };
  EXPECT_EQ(to("2600:99::200:5efe:a09:909"), DropReason::destination_embeds_own);
  EXPECT_EQ(to("2600:99::5efe:a09:909"), DropReason::destination_embeds_own);
  EXPECT_EQ(to("2600:99::5efe:a09:90a"), kPasses);
  Tunnel global = border();
  global.local = global.external = ip4("11.0.0.2");
  global.domain.sites = *Ipv4Prefix::parse("0.0.0.0/0");
  EXPECT_EQ(arrive(global, "12.0.0.3", "2600:41:c00:3::1", "2002:b00:2::1"),
            DropReason::destination_embeds_own);
}

// proves: E21
TEST(BorderRelayOwnForm, IsTheSubnetRouterAnycastAddressAlone) {
  EXPECT_TRUE(is_relay_own_form(border(), ip6("2600:41:909:900::")));
  EXPECT_FALSE(is_relay_own_form(border(), ip6("2600:41:909:900::1")));
  EXPECT_FALSE(is_relay_own_form(border(), ip6("2600:41:909:a00::")));
  EXPECT_FALSE(is_relay_own_form(border(), ip6("2002:a09:909::")));
  EXPECT_FALSE(is_relay_own_form(edge(), ip6("2600:41:100:200::")));
}

}  // namespace gate41::testing
