// What the two ends of a configured tunnel say to each other as neighbours (RFC 4213 §3.7, §3.8), and that
// nothing else with link-local addresses comes out of a tunnel.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"
#include "tests/unit/worker/peer_site.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

const Ipv6Address kOwnGroup = ip6("ff02::1:ff00:2");  // of both own addresses

// A message of neighbour discovery: 24 bytes without options.
PacketBuilder nd(PacketBuilder start, uint8_t type, const Ipv6Address& source, const Ipv6Address& destination,
                 uint8_t hop_limit = 255) {
  return start.ipv6(source, destination).hop_limit(hop_limit).icmpv6(type, 0).payload(16);
}
PacketBuilder from_peer() { return GatewaySite::from_wan(kPeerV4); }

PacketBuilder ping(PacketBuilder start, const Ipv6Address& source, const Ipv6Address& destination,
                   std::size_t size = 8) {
  return start.ipv6(source, destination).hop_limit(64).echo_request(7, 3).payload(size);
}
PacketBuilder pong(PacketBuilder start, const Ipv6Address& destination) {
  return start.ipv6(kInLinkLocal, destination).hop_limit(64).echo_reply(7, 3).payload(8);
}

// With a second tunnel, of the same link-local address, to 11.8.8.9.
const Ipv4Address kOtherPeerV4 = ip4("11.8.8.9");
class TwoPeers : public PeerSite {
 public:
  TwoPeers() {
    Tunnel other = snapshot.tunnels[0];
    other.relays = {kOtherPeerV4};
    other.prefix = *Ipv6Prefix::parse("2600:41:3::/48");
    other.address = ip6("2600:41:0:3::2");
    other.peer = ip6("2600:41:0:3::1");
    snapshot.tunnels.push_back(other);
    Route second = way_to(kOtherPeerV4, 1);
    second.source = {other.address, 128};
    std::vector<Route> routes = snapshot.routes.routes();
    routes.insert(routes.begin(), second);
    snapshot.routes = RouteTable(routes);
  }
};

}  // namespace

// proves: D33
TEST(TunnelNd, OfTheOtherEndGoesToControlAsAnIpv6Packet) {
  PeerSite site;
  for (const uint8_t type : {uint8_t{135}, uint8_t{136}})
    for (const Ipv6Address& source : {kPeerLinkLocal, kPeer})
      for (const Ipv6Address& destination : {kInOwn, kInLinkLocal, kOwnGroup, kAllNodes, kAllRouters})
        expect_raised(site.wan_sends(nd(from_peer(), type, source, destination)), ExceptionClass::tunnel_nd,
                      nd(PacketBuilder(), type, source, destination));
}

TEST(TunnelNd, SaysWhichTunnelItCameBy) {
  TwoPeers site;
  const auto solicitation = [](Ipv4Address from) {
    return nd(GatewaySite::from_wan(from), 135, kPeerLinkLocal, kInLinkLocal);
  };
  EXPECT_EQ(site.wan_sends(solicitation(kPeerV4)).raised.at(0).meta.tunnel, 0U);
  EXPECT_EQ(site.wan_sends(solicitation(kOtherPeerV4)).raised.at(0).meta.tunnel, 1U);
}

// RFC 4861 §7.1. proves: D33
TEST(TunnelNd, ThatARouterHasPassedOnIsDropped) {
  PeerSite site;
  expect_nothing(site.wan_sends(nd(from_peer(), 135, kPeerLinkLocal, kInLinkLocal, 254)));
  EXPECT_EQ(site.drops(DropReason::inner_link_local), 1U);
}

// RFC 6980.
TEST(TunnelNd, InFragmentsIsDropped) {
  PeerSite site;
  expect_nothing(site.wan_sends(from_peer()
                                    .ipv6(kPeerLinkLocal, kInLinkLocal)
                                    .hop_limit(255)
                                    .fragment(0, false, 9)
                                    .icmpv6(135, 0)
                                    .payload(16)));
  EXPECT_EQ(site.drops(DropReason::inner_link_local), 1U);
}

TEST(TunnelNd, OfSomebodyBehindTheOtherEndIsDropped) {
  PeerSite site;
  expect_nothing(site.wan_sends(nd(from_peer(), 135, ip6("2600:99::1"), kInOwn)));
  EXPECT_EQ(site.drops(DropReason::filter_icmpv6_type), 1U);
}

// Duplicate address detection: none of its addresses is ours.
TEST(TunnelNd, WithoutASourceIsDropped) {
  PeerSite site;
  expect_nothing(site.wan_sends(nd(from_peer(), 135, Ipv6Address{}, kOwnGroup)));
  EXPECT_EQ(site.drops(DropReason::inner_source_forbidden), 1U);
}

TEST(TunnelNd, UnderOurOwnLinkLocalAddressIsDropped) {
  PeerSite site;
  expect_nothing(site.wan_sends(nd(from_peer(), 135, kInLinkLocal, kOwnGroup)));
  EXPECT_EQ(site.drops(DropReason::inner_link_local), 1U);
}

TEST(TunnelNd, OfAnotherGroupIsDropped) {
  PeerSite site;
  expect_nothing(site.wan_sends(nd(from_peer(), 135, kPeerLinkLocal, ip6("ff02::1:ff00:7"))));
  EXPECT_EQ(site.drops(DropReason::inner_link_local), 1U);
}

// RS, RA, redirect.
TEST(TunnelNd, ThatConfiguresHostsIsDropped) {
  PeerSite site;
  for (const uint8_t type : {uint8_t{133}, uint8_t{134}, uint8_t{137}})
    expect_nothing(site.wan_sends(nd(from_peer(), type, kPeerLinkLocal, kAllNodes)));
  EXPECT_EQ(site.drops(DropReason::inner_link_local), 3U);
}

TEST(TunnelNd, AFloodOfItLeavesTheLanItsShare) {
  PeerSite site;
  const std::vector<Frame> flood(500, nd(from_peer(), 135, kPeerLinkLocal, kInLinkLocal).build());
  EXPECT_EQ(site.receive(kWanDevice, flood).raised.size(), 50U);
  EXPECT_EQ(site.drops(DropReason::exception_policed), 450U);
  const PacketBuilder of_lan = nd(GatewaySite::from_host(), 135, kHostLinkLocal, kHomeLinkLocal);
  EXPECT_EQ(site.host_sends(of_lan).raised.size(), 1U);
  site.now += 100ms;
  EXPECT_EQ(site.receive(kWanDevice, flood).raised.size(), 10U);
}

// proves: C25
TEST(TunnelNd, Of6to4And6rdIsDroppedAsEver) {
  GatewaySite site;
  for (const TunnelKind kind : {TunnelKind::six_to_four, TunnelKind::six_rd}) {
    Tunnel& tunnel = site.snapshot.tunnels[0];
    tunnel.kind = kind;
    tunnel.link_local = kInLinkLocal;
    tunnel.peer = kPeer;
    expect_nothing(site.wan_sends(nd(GatewaySite::from_wan(), 135, kPeerLinkLocal, kInLinkLocal)));
    expect_nothing(site.wan_sends(nd(GatewaySite::from_wan(), 136, kPeerLinkLocal, kTunnelAddress)));
    expect_nothing(site.wan_sends(ping(GatewaySite::from_wan(), kPeerLinkLocal, kInLinkLocal)));
  }
  EXPECT_EQ(site.drops(DropReason::inner_link_local), 6U);
}

// proves: D32
TEST(TunnelLinkLocal, EchoToItIsAnsweredBackIntoTheTunnel) {
  PeerSite site;
  uint16_t sent_before = 0;
  for (const Ipv6Address& source : {kPeerLinkLocal, kPeer})
    expect_sent(site.wan_sends(ping(from_peer(), source, kInLinkLocal)), kWanDevice,
                pong(GatewaySite::to_wan(kPeerV4, sent_before++), source));
}

// proves: D32
TEST(TunnelLinkLocal, TwoTunnelsWithTheSameOneAnswerEachItsOwnOtherEnd) {
  TwoPeers site;
  expect_sent(site.wan_sends(ping(GatewaySite::from_wan(kOtherPeerV4), kPeerLinkLocal, kInLinkLocal)),
              kWanDevice, pong(GatewaySite::to_wan(kOtherPeerV4), kPeerLinkLocal));
}

// Not on a LAN either, which may have such a neighbour.
TEST(TunnelLinkLocal, WithoutAWayOutTheAnswerIsDropped) {
  PeerSite site;
  site.adjacencies.write(site.snapshot.routes.routes().front().adjacency, {});
  expect_nothing(site.wan_sends(ping(from_peer(), kPeerLinkLocal, kInLinkLocal)));
  EXPECT_EQ(site.drops(DropReason::next_hop_unresolved), 1U);
}

TEST(TunnelLinkLocal, ALargeEchoIsAnsweredIntoTheTunnelInTwoFragments) {
  PeerSite site;
  const Outcome outcome = site.wan_sends(ping(from_peer(), kPeerLinkLocal, kInLinkLocal, 1300));
  ASSERT_EQ(outcome.sent.size(), 2U);
  for (const Sent& sent : outcome.sent) EXPECT_EQ(sent.device, kWanDevice);
}

TEST(TunnelLinkLocal, AnEchoReplyThatNobodyAskedForIsDropped) {
  PeerSite site;
  expect_nothing(
      site.wan_sends(from_peer().ipv6(kPeerLinkLocal, kInLinkLocal).hop_limit(64).echo_reply(7, 3)));
  EXPECT_EQ(site.drops(DropReason::filter_own_unsolicited), 1U);
}

// proves: D32
TEST(TunnelLinkLocal, NothingElseIsForItOrFromSuchAnAddress) {
  PeerSite site;
  expect_nothing(site.wan_sends(from_peer().ipv6(kPeerLinkLocal, kInLinkLocal).udp(1, 2)));
  expect_nothing(site.wan_sends(from_peer().ipv6(kPeer, kInLinkLocal).udp(1, 2)));
  expect_nothing(site.wan_sends(ping(from_peer(), ip6("2600:99::1"), kInLinkLocal)));
  expect_nothing(site.wan_sends(ping(from_peer(), kPeerLinkLocal, kInOwn)));
  expect_nothing(site.wan_sends(ping(from_peer(), kPeerLinkLocal, kAllNodes)));
  expect_nothing(site.wan_sends(ping(from_peer(), kPeerLinkLocal, kHomeLinkLocal)));
  expect_nothing(site.wan_sends(ping(from_peer(), kPeerLinkLocal, ip6("2600:41:1:1::10"))));
  EXPECT_EQ(site.drops(DropReason::inner_link_local), 7U);
}

// The LAN's host has no business with the tunnel's.
TEST(TunnelLinkLocal, IsNotOursOnALan) {
  PeerSite site;
  expect_nothing(site.host_sends(ping(GatewaySite::from_host(), kHostLinkLocal, kInLinkLocal)));
}

}  // namespace gate41::testing
