// `mtu: auto`: what the path to each endpoint carries (RFC 4213 §3.2.2), byte for byte.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

// The tunnel of a WAN of 1500 bytes.
class DynamicSite : public GatewaySite {
 public:
  DynamicSite() {
    snapshot.tunnels[0].mtu_by_path = true;
    adjacencies.write(relay_way, tunnel_way(AdjacencyKind::tunnel, kIspMac, kOwnV4, kRelayV4, 1480));
    adjacencies.write(direct_way,
                      tunnel_way(AdjacencyKind::tunnel_direct, kIspMac, kOwnV4, Ipv4Address{}, 1480));
  }
  void learn(Ipv4Address endpoint, uint16_t mtu) { path_mtus.learn(endpoint, mtu, now); }
};

PacketBuilder packet(PacketBuilder start, std::size_t length, uint8_t hop_limit = 64,
                     const Ipv6Address& destination = kServer) {
  return start.ipv6(kHost, destination).hop_limit(hop_limit).udp(40000, 8080).payload(length - 48);
}
PacketBuilder from_host(std::size_t length, const Ipv6Address& destination = kServer) {
  return packet(GatewaySite::from_host(), length, 64, destination);
}

void expect_too_big(DynamicSite& site, std::size_t length, uint32_t mtu) {
  const Outcome outcome = site.host_sends(from_host(length));
  expect_sent(outcome, kLanDevice, error_about(GatewaySite::to_host(), kHomeRouter, kHost, 2, 0, mtu, [&] {
                Frame quote = packet(PacketBuilder(), length).build();
                quote.resize(std::min<std::size_t>(quote.size(), 1280 - 48));
                return quote;
              }()));
  EXPECT_EQ(site.drops(DropReason::packet_too_big), 1U);
}

// proves: D10 X1
TEST(DynamicMtu, WhatTheWanCarriesGoesWithDontFragment) {
  DynamicSite site;
  const Outcome outcome = site.host_sends(from_host(1480));
  expect_sent(outcome, kWanDevice, packet(GatewaySite::to_wan().dont_fragment(), 1480, 63));
}

// proves: D9 X1
TEST(DynamicMtu, WhatTheWanDoesNotCarryIsTooBig) {
  DynamicSite site;
  expect_too_big(site, 1481, 1480);
}

// proves: D10 D16
TEST(DynamicMtu, WhatAKnownPathCarriesGoesWithDontFragment) {
  DynamicSite site;
  site.learn(kRelayV4, 1400);
  const Outcome outcome = site.host_sends(from_host(1380));
  expect_sent(outcome, kWanDevice, packet(GatewaySite::to_wan().dont_fragment(), 1380, 63));
}

// proves: D9 D16
TEST(DynamicMtu, WhatAKnownPathDoesNotCarryIsTooBigByItsOwnMtu) {
  DynamicSite site;
  site.learn(kRelayV4, 1400);
  expect_too_big(site, 1381, 1380);
}

// proves: D8 Q7
TEST(DynamicMtu, OnANarrowPath1280BytesMayBeFragmented) {
  DynamicSite site;
  site.learn(kRelayV4, 1299);
  const Outcome outcome = site.host_sends(from_host(1280));
  expect_sent(outcome, kWanDevice, packet(GatewaySite::to_wan(), 1280, 63));
}

// proves: D7 D18
TEST(DynamicMtu, OnANarrowPathMoreIsTooBigBy1280) {
  DynamicSite site;
  site.learn(kRelayV4, 576);
  expect_too_big(site, 1281, 1280);
}

// proves: D8 D19 Q7
TEST(DynamicMtu, OverANarrowWan1280BytesGoInFragments) {
  DynamicSite site;
  site.snapshot.links[kWanLink].mtu = 1299;
  const Outcome outcome = site.host_sends(from_host(1280));
  EXPECT_EQ(outcome.sent.size(), 2U);
  EXPECT_EQ(site.totals().tunnels[0].fragmented, 1U);
}

// proves: D2 D11
TEST(DynamicMtu, EachEndpointHasItsOwn) {
  DynamicSite site;
  site.learn(kRelayV4, 1400);
  const Outcome outcome = site.host_sends(from_host(1480, kSite));
  expect_sent(outcome, kWanDevice, packet(GatewaySite::to_wan(kSiteV4).dont_fragment(), 1480, 63, kSite));
}

// proves: D11 D16
TEST(DynamicMtu, ASitesIsThatOfItsEmbeddedAddress) {
  DynamicSite site;
  site.learn(kSiteV4, 1400);
  EXPECT_EQ(site.host_sends(from_host(1381, kSite)).sent.at(0).device, kLanDevice);
  EXPECT_EQ(site.host_sends(from_host(1380, kSite)).sent.at(0).device, kWanDevice);
}

// A flow that is known keeps to what is learnt later.
// proves: D16
TEST(DynamicMtu, KnownFlowsFollow) {
  DynamicSite site;
  site.host_sends(from_host(1480));
  site.learn(kRelayV4, 1400);
  expect_too_big(site, 1480, 1380);
}

// proves: D6 X1
TEST(StaticMtu, KnowsNoPaths) {
  GatewaySite site;
  site.path_mtus.learn(kRelayV4, 1400, site.now);
  const Outcome outcome = site.host_sends(from_host(1280));
  expect_sent(outcome, kWanDevice, packet(GatewaySite::to_wan(), 1280, 63));
}

}  // namespace
}  // namespace gate41::testing
