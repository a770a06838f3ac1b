// From the LAN into the tunnel, byte for byte.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

PacketBuilder udp_to(PacketBuilder start, const Ipv6Address& destination, uint8_t hop_limit = 64) {
  return start.ipv6(kHost, destination).hop_limit(hop_limit).udp(40000, 8080).payload(20);
}

// proves: A10 D12 D13 D14
TEST(WayOut, NativeDestinationsGoToTheRelayWithOneHopLess) {
  GatewaySite site;
  const Outcome outcome = site.host_sends(udp_to(GatewaySite::from_host(), kServer));
  expect_sent(outcome, kWanDevice, udp_to(GatewaySite::to_wan(), kServer, 63));
  EXPECT_EQ(site.totals().tunnels[0].encap_packets, 1U);
  EXPECT_EQ(site.totals().tunnels[0].encap_bytes, 40U + 8U + 20U);
}

// proves: C18 A10
TEST(WayOut, OtherSitesAreReachedDirectly) {
  GatewaySite site;
  const Outcome outcome = site.host_sends(udp_to(GatewaySite::from_host(), kSite));
  expect_sent(outcome, kWanDevice, udp_to(GatewaySite::to_wan(kSiteV4), kSite, 63));
}

// What a keep-alive of the relay is spared by.
// proves: S26
TEST(WayOut, PacketsToTheRelayAreCountedApartFromThoseToSites) {
  GatewaySite site;
  site.host_sends(udp_to(GatewaySite::from_host(), kServer));
  site.host_sends(udp_to(GatewaySite::from_host(), kSite));
  site.host_sends(udp_to(GatewaySite::from_host(), kSite));
  EXPECT_EQ(site.totals().tunnels[0].encap_packets, 3U);
  EXPECT_EQ(site.totals().tunnels[0].encap_relayed, 1U);
}

// proves: C18
TEST(WayOut, ASiteOnTheWansSubnetIsANeighbourThere) {
  GatewaySite site;
  const AdjacencyIndex near = site.adjacencies.allocate();
  site.adjacencies.write(near, tunnel_way(AdjacencyKind::tunnel, kNearMac, kOwnV4, kNearV4, 1280));
  site.neighbours->insert({mapped(kNearV4), kWanScope, {}}, near);
  const Outcome outcome = site.host_sends(udp_to(GatewaySite::from_host(), kNear));
  const PacketBuilder outer = PacketBuilder().ethernet(kNearMac, kWanMac).ipv4(kOwnV4, kNearV4).id(0);
  expect_sent(outcome, kWanDevice, udp_to(outer, kNear, 63));
}

// proves: D14
TEST(WayOut, EachOuterHeaderHasItsOwnId) {
  GatewaySite site;
  for (uint16_t i = 0; i < 3; ++i) {
    const Outcome outcome = site.host_sends(udp_to(GatewaySite::from_host(), kServer));
    expect_sent(outcome, kWanDevice, udp_to(GatewaySite::to_wan(kRelayV4, i), kServer, 63));
  }
}

// proves: D12
TEST(WayOut, EveryHopLimitLosesExactlyOne) {
  GatewaySite site;
  for (uint16_t limit = 2; limit < 256; ++limit) {
    const auto before = static_cast<uint8_t>(limit);
    const auto number = static_cast<uint16_t>(limit - 2);
    const Outcome outcome = site.host_sends(udp_to(GatewaySite::from_host(), kServer, before));
    expect_sent(outcome, kWanDevice,
                udp_to(GatewaySite::to_wan(kRelayV4, number), kServer, static_cast<uint8_t>(before - 1)));
  }
}

// proves: D28
TEST(WayOut, EthernetPaddingIsCut) {
  GatewaySite site;
  const Outcome outcome = site.host_sends(udp_to(GatewaySite::from_host(), kServer).ethernet_padding(18));
  expect_sent(outcome, kWanDevice, udp_to(GatewaySite::to_wan(), kServer, 63));
}

TEST(WayOut, TheSecondLanIsTaggedAndTheWanIsNot) {
  GatewaySite site;
  const auto packet = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kGuest, kServer).hop_limit(hop_limit).udp(1, 2).payload(4);
  };
  const Outcome outcome = site.host_sends(packet(GatewaySite::from_guest(), 64));
  expect_sent(outcome, kWanDevice, packet(GatewaySite::to_wan(), 63));
}

TEST(WayOut, ATaggedWanGetsItsTag) {
  GatewaySite site;
  constexpr uint16_t kWanVlan = 7;
  site.snapshot.links[kWanLink].vlan = kWanVlan;
  site.adjacencies.write(site.relay_way,
                         tunnel_way(AdjacencyKind::tunnel, kIspMac, kOwnV4, kRelayV4, 1280, false, 7));
  const Outcome outcome = site.host_sends(udp_to(GatewaySite::from_host(), kServer));
  const PacketBuilder outer =
      PacketBuilder().ethernet(kIspMac, kWanMac).vlan(kWanVlan).ipv4(kOwnV4, kRelayV4).id(0);
  expect_sent(outcome, kWanDevice, udp_to(outer, kServer, 63));
}

// proves: F1
TEST(WayOut, EcnIsCopiedAndDscpIsNot) {
  GatewaySite site;
  const auto packet = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kHost, kServer).traffic_class(0xba).hop_limit(hop_limit).udp(1, 2);
  };
  const Outcome outcome = site.host_sends(packet(GatewaySite::from_host(), 64));
  expect_sent(outcome, kWanDevice, packet(GatewaySite::to_wan().tos(0x02), 63));
}

// proves: F2
TEST(WayOut, InCompatibilityModeTheOuterHeaderIsNotEcnCapable) {
  GatewaySite site;
  site.snapshot.tunnels[0].ecn_compatibility = true;
  const auto packet = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kHost, kServer).traffic_class(0x03).hop_limit(hop_limit).udp(1, 2);
  };
  const Outcome outcome = site.host_sends(packet(GatewaySite::from_host(), 64));
  expect_sent(outcome, kWanDevice, packet(GatewaySite::to_wan().tos(0), 63));
}

// proves: Q7
TEST(WayOut, WhatJustFitsGoes) {
  GatewaySite site;
  const auto packet = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kHost, kServer).hop_limit(hop_limit).udp(1, 2).payload(1280 - 48);
  };
  const Outcome outcome = site.host_sends(packet(GatewaySite::from_host(), 64));
  expect_sent(outcome, kWanDevice, packet(GatewaySite::to_wan(), 63));
}

TEST(WayOut, AChainOfBuffersIsOnePacket) {
  GatewaySite site;
  const Frame frame = udp_to(GatewaySite::from_host(), kServer).build();
  for (std::size_t cut = 1; cut < frame.size(); ++cut) {
    rte_mbuf* chain = site.make_chain(frame, {cut});
    const Outcome outcome = site.receive_mbufs(kLanDevice, {&chain, 1});
    expect_sent(outcome, kWanDevice,
                udp_to(GatewaySite::to_wan(kRelayV4, static_cast<uint16_t>(cut - 1)), kServer, 63));
  }
}

TEST(WayOut, TheRelaysNewMacIsUsedAtOnceByKnownFlows) {
  GatewaySite site;
  site.host_sends(udp_to(GatewaySite::from_host(), kServer));
  site.host_sends(udp_to(GatewaySite::from_host(), kServer));
  const MacAddress other = mac("02:00:00:00:01:02");
  site.adjacencies.write(site.relay_way, tunnel_way(AdjacencyKind::tunnel, other, kOwnV4, kRelayV4, 1280));
  const Outcome outcome = site.host_sends(udp_to(GatewaySite::from_host(), kServer));
  const PacketBuilder outer = PacketBuilder().ethernet(other, kWanMac).ipv4(kOwnV4, kRelayV4).id(2);
  expect_sent(outcome, kWanDevice, udp_to(outer, kServer, 63));
}

TEST(WayOut, FlowsLeaveAReleasedNextHopEvenWhenAnotherHasItsPlace) {
  GatewaySite site;
  site.host_sends(udp_to(GatewaySite::from_host(), kServer));
  site.host_sends(udp_to(GatewaySite::from_host(), kServer));
  site.adjacencies.release(site.relay_way);
  site.adjacencies.reclaim();
  const AdjacencyIndex stranger = site.adjacencies.allocate();
  site.adjacencies.write(stranger, ethernet_way(kGuestMac, kGuestLink, kGuestVlan));
  const Outcome outcome = site.host_sends(udp_to(GatewaySite::from_host(), kServer));
  expect_nothing(outcome);
  EXPECT_EQ(site.drops(DropReason::next_hop_unresolved), 1U);
}

}  // namespace
}  // namespace gate41::testing
