// From the tunnel into the LAN, byte for byte.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

PacketBuilder answer(PacketBuilder start, uint8_t hop_limit = 64, const Ipv6Address& source = kServer) {
  return start.ipv6(source, kHost).hop_limit(hop_limit).udp(8080, 40000).payload(30);
}

// proves: D12 D27 S65 B9
TEST(WayIn, AnAnswerReachesTheHostUnchangedButForOneHop) {
  GatewaySite site;
  site.open_udp_flow();
  const Outcome outcome = site.wan_sends(answer(GatewaySite::from_wan()));
  expect_sent(outcome, kLanDevice, answer(GatewaySite::to_host(), 63));
  EXPECT_EQ(site.totals().tunnels[0].decap_packets, 1U);
  EXPECT_EQ(site.totals().tunnels[0].decap_bytes, 40U + 8U + 30U);
}

// proves: S65 S67
TEST(WayIn, NothingComesInUnasked) {
  GatewaySite site;
  expect_nothing(site.wan_sends(answer(GatewaySite::from_wan())));
  EXPECT_EQ(site.drops(DropReason::filter_unsolicited), 1U);
}

// proves: K6 D30
TEST(WayIn, WhatOneTunnelGivesIsNoSourceInAnother) {
  GatewaySite site;
  Tunnel& other = site.snapshot.tunnels.emplace_back();
  other.kind = TunnelKind::six_in_four;
  other.up = true;
  other.prefix = *Ipv6Prefix::parse("2600:45:1::/48");
  other.address = ip6("2600:45:0:2::2");
  expect_nothing(site.wan_sends(answer(GatewaySite::from_wan(), 64, ip6("2600:45:1:1::10"))));
  expect_nothing(site.wan_sends(answer(GatewaySite::from_wan(), 64, other.address)));
  EXPECT_EQ(site.drops(DropReason::inner_source_own), 2U);
}

// proves: S24
TEST(WayIn, AnyRelayMayAnswerAndIsCounted) {
  GatewaySite site;
  site.open_udp_flow();
  const Outcome outcome = site.wan_sends(answer(GatewaySite::from_wan(ip4("11.9.9.9"))));
  expect_sent(outcome, kLanDevice, answer(GatewaySite::to_host(), 63));
  EXPECT_EQ(site.totals().tunnels[0].other_relay, 1U);
}

// proves: C27
TEST(WayIn, TheFlowRemembersTheOuterSource) {
  GatewaySite site;
  site.open_udp_flow();
  site.wan_sends(answer(GatewaySite::from_wan(ip4("11.9.9.9"))));
  Ipv4Address seen;
  site.pipeline->flows()->walk(0, 1U << 20U,
                               [&](int32_t at) { seen = site.pipeline->flows()->entry(at).outer_source; });
  EXPECT_EQ(seen.to_string(), "11.9.9.9");
}

// proves: C8
TEST(WayIn, OtherSitesAnswerDirectly) {
  GatewaySite site;
  site.host_sends(GatewaySite::from_host().ipv6(kHost, kSite).udp(40000, 8080).payload(8));
  const Outcome outcome = site.wan_sends(answer(GatewaySite::from_wan(kSiteV4), 64, kSite));
  expect_sent(outcome, kLanDevice, answer(GatewaySite::to_host(), 63, kSite));
}

TEST(WayIn, ASiteOnTheWansSubnetAnswersToo) {
  GatewaySite site;
  const AdjacencyIndex near = site.adjacencies.allocate();
  site.adjacencies.write(near, tunnel_way(AdjacencyKind::tunnel, kNearMac, kOwnV4, kNearV4, 1280));
  site.neighbours->insert({mapped(kNearV4), kWanScope, {}}, near);
  site.host_sends(GatewaySite::from_host().ipv6(kHost, kNear).udp(40000, 8080).payload(8));
  const Outcome outcome = site.wan_sends(answer(GatewaySite::from_wan(kNearV4), 64, kNear));
  expect_sent(outcome, kLanDevice, answer(GatewaySite::to_host(), 63, kNear));
}

// proves: D28
TEST(WayIn, PaddingBehindTheInnerPacketIsCut) {
  GatewaySite site;
  site.open_udp_flow();
  const Outcome outcome =
      site.wan_sends(answer(GatewaySite::from_wan()).tunnel_padding(3).ethernet_padding(9));
  expect_sent(outcome, kLanDevice, answer(GatewaySite::to_host(), 63));
}

TEST(WayIn, OptionsOfTheOuterHeaderAreCutToo) {
  GatewaySite site;
  site.open_udp_flow();
  const PacketBuilder outer = GatewaySite::from_wan().ipv4_options({1, 1, 1, 0});
  expect_sent(site.wan_sends(answer(outer)), kLanDevice, answer(GatewaySite::to_host(), 63));
}

// proves: F6 F9
TEST(WayIn, CongestionMarksGoInside) {
  GatewaySite site;
  site.open_udp_flow();
  const auto packet = [](PacketBuilder start, uint8_t traffic_class, uint8_t hop_limit) {
    return start.ipv6(kServer, kHost)
        .traffic_class(traffic_class)
        .hop_limit(hop_limit)
        .udp(8080, 40000)
        .payload(5);
  };
  const Outcome outcome = site.wan_sends(packet(GatewaySite::from_wan().tos(3), 0xa2, 64));
  expect_sent(outcome, kLanDevice, packet(GatewaySite::to_host(), 0xa3, 63));
  EXPECT_EQ(site.totals().tunnels[0].ecn_marked, 1U);
}

TEST(WayIn, ATaggedWanAndATaggedLan) {
  GatewaySite site;
  constexpr uint16_t kWanVlan = 7;
  site.snapshot.links[kWanLink].vlan = kWanVlan;
  site.host_sends(GatewaySite::from_guest().ipv6(kGuest, kServer).udp(40000, 8080).payload(8));
  const auto packet = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kServer, kGuest).hop_limit(hop_limit).udp(8080, 40000).payload(30);
  };
  const PacketBuilder outer =
      PacketBuilder().ethernet(kWanMac, kIspMac).vlan(kWanVlan).ipv4(kRelayV4, kOwnV4);
  expect_sent(site.wan_sends(packet(outer, 64)), kLanDevice, packet(GatewaySite::to_guest(), 63));
}

// proves: X3
TEST(WayIn, BehindANatTheWiresAddressStandsForTheExternalOne) {
  GatewaySite site;
  site.snapshot.tunnels[0].local = ip4("10.1.1.2");
  site.snapshot.wan_address = ip4("10.1.1.2");
  site.snapshot.tunnels[0].wan_subnet = *Ipv4Prefix::parse("10.1.1.0/24");
  site.open_udp_flow();
  const PacketBuilder outer = PacketBuilder().ethernet(kWanMac, kIspMac).ipv4(kRelayV4, ip4("10.1.1.2"));
  expect_sent(site.wan_sends(answer(outer)), kLanDevice, answer(GatewaySite::to_host(), 63));
}

TEST(WayIn, TheHostCountsAsUsed) {
  GatewaySite site;
  site.open_udp_flow();
  site.now += std::chrono::seconds(5);
  (void)site.neighbours->take_used(site.now);
  site.now += std::chrono::seconds(5);
  site.wan_sends(answer(GatewaySite::from_wan()));  // the route's lookup
  site.now += std::chrono::seconds(5);
  EXPECT_EQ(site.neighbours->take_used(site.now).size(), 1U);
  site.now += std::chrono::seconds(5);
  site.wan_sends(answer(GatewaySite::from_wan()));  // the flow's adjacency
  site.now += std::chrono::seconds(5);
  const auto used = site.neighbours->take_used(site.now);
  ASSERT_EQ(used.size(), 1U);
  EXPECT_EQ(used.front().address, kHost);
  site.now += std::chrono::seconds(5);
  EXPECT_TRUE(site.neighbours->take_used(site.now).empty());
}

}  // namespace
}  // namespace gate41::testing
