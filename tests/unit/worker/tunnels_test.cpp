// 6rd and 6in4 through the pipeline, byte for byte: which header goes in front, what comes back.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"
#include "tests/unit/worker/peer_site.hpp"

namespace gate41::testing {
namespace {

const Ipv4Address kBorderV4 = ip4("11.7.7.7");
const Ipv6Address kRdHost = ip6("2600:77:b00:2::10");  // 11.0.0.2 with all 32 bits
const Ipv6Address kRdOwn = ip6("2600:77:b00:2::1");
const Ipv6Address kRdSite = ip6("2600:77:b00:363::5");  // 11.0.3.99

// The gateway's second tunnel, whose /64 the home LAN has too.
class RdSite : public GatewaySite {
 public:
  RdSite() {
    Tunnel rd = snapshot.tunnels[0];
    rd.kind = TunnelKind::six_rd;
    rd.domain = {*Ipv6Prefix::parse("2600:77::/32"), Ipv4Prefix{{}, 0}};
    rd.prefix = rd.domain.prefix_of(kOwnV4);
    rd.address = kRdOwn;
    rd.relays = {kBorderV4};
    rd.dscp_copy = true;
    snapshot.tunnels.insert(snapshot.tunnels.begin(), rd);
    Route relay = way(RouteKind::tunnel_relay, "::/0", AdjacencyKind::tunnel, kBorderV4);
    Route sites = way(RouteKind::tunnel_direct, "2600:77::/32", AdjacencyKind::tunnel_direct, {});
    std::vector<Route> routes = snapshot.routes.routes();
    for (Route& route : routes) route.tunnel = 1;
    routes.insert(routes.begin(), {relay, sites});
    snapshot.routes = RouteTable(routes);
    snapshot.lans[kHomeLan].prefixes.push_back(rd.prefix);
    snapshot.own_prefixes.push_back(rd.prefix);
    snapshot.tunnel_addresses.push_back(kRdOwn);
    snapshot.tunnels[1].dscp = 0;
    Adjacency other = adjacencies.read(relay_way);
    other.tunnel = 1;
    adjacencies.write(relay_way, other);
  }

 private:
  Route way(RouteKind kind, const char* prefix, AdjacencyKind adjacency, Ipv4Address destination) {
    Route route;
    route.kind = kind;
    route.prefix = *Ipv6Prefix::parse(prefix);
    route.source = snapshot.tunnels[0].prefix;
    route.adjacency = adjacencies.allocate();
    adjacencies.write(route.adjacency, tunnel_way(adjacency, kIspMac, kOwnV4, destination, 1280));
    return route;
  }
};

PacketBuilder question(PacketBuilder start, const Ipv6Address& source, const Ipv6Address& destination,
                       uint8_t hop_limit) {
  return start.ipv6(source, destination).traffic_class(0xb8).hop_limit(hop_limit).udp(40000, 53).payload(20);
}

// proves: E10 E14 P34
TEST(SixRdOut, ItsSourceGoesToItsBorderRelayWithTheTrafficClass) {
  RdSite site;
  expect_sent(site.host_sends(question(GatewaySite::from_host(), kRdHost, kServer, 64)), kWanDevice,
              question(GatewaySite::to_wan(kBorderV4).tos(0xb8), kRdHost, kServer, 63));
}

// proves: P34
TEST(SixRdOut, The6to4SourceStillGoesToItsOwnRelay) {
  RdSite site;
  expect_sent(site.host_sends(question(GatewaySite::from_host(), kHost, kServer, 64)), kWanDevice,
              question(GatewaySite::to_wan(kRelayV4), kHost, kServer, 63));
}

// proves: H26 I9
TEST(SeveralTunnels, AFailedNeighbourIsToldThroughTheTunnelThatThePacketCameBy) {
  RdSite site;
  const Ipv6Address gone = ip6("2002:b00:2:1::99");
  site.host_sends(GatewaySite::from_host().ipv6(gone, kServer).udp(1, 2));
  const PacketBuilder answer = PacketBuilder().ipv6(kServer, gone).udp(2, 1);
  const Outcome waits = site.wan_sends(GatewaySite::from_wan().ipv6(kServer, gone).udp(2, 1));
  ASSERT_EQ(waits.raised.size(), 1U);
  expect_sent(site.give_back(InjectKind::failed, waits.raised.front()), kWanDevice,
              error_about(GatewaySite::to_wan(kRelayV4, 1), kTunnelAddress, kServer, 1, 3, 0,
                          PacketBuilder(answer).build()));
}

// proves: E10
TEST(SixRdOut, AnotherSiteIsReachedAtTheAddressInItsPrefix) {
  RdSite site;
  expect_sent(site.host_sends(question(GatewaySite::from_host(), kRdHost, kRdSite, 64)), kWanDevice,
              question(GatewaySite::to_wan(kSiteV4).tos(0xb8), kRdHost, kRdSite, 63));
}

// proves: E19
TEST(SixRdIn, AReturnedProbeGoesToControl) {
  RdSite site;
  const auto probe = [](PacketBuilder start) {
    return start.ipv6(kRdOwn, kRdOwn).hop_limit(63).echo_request(1, 2);
  };
  site.inject(InjectKind::host_v4, probe(GatewaySite::to_wan(kBorderV4)).build(), kWanLink);
  expect_raised(site.wan_sends(probe(GatewaySite::from_wan(kBorderV4))), ExceptionClass::host_v6,
                probe(PacketBuilder()));
}

// A flood of them would keep ours out.
// proves: E19
TEST(SixRdIn, AProbeThatNobodySentIsDropped) {
  RdSite site;
  expect_nothing(
      site.wan_sends(GatewaySite::from_wan(kBorderV4).ipv6(kRdOwn, kRdOwn).hop_limit(63).echo_request(1, 2)));
  EXPECT_EQ(site.drops(DropReason::filter_own_unsolicited), 1U);
}

// A border relay: the harness' relay with another domain.
class BorderSite : public RelaySite {
 public:
  BorderSite() {
    Tunnel& tunnel = snapshot.tunnels[0];
    tunnel.kind = TunnelKind::six_rd;
    tunnel.domain = {*Ipv6Prefix::parse("2600:77::/32"), Ipv4Prefix{{}, 0}};
    std::vector<Route> routes = snapshot.routes.routes();
    for (Route& route : routes)
      if (route.kind == RouteKind::tunnel_direct) route.prefix = tunnel.domain.prefix;
    snapshot.routes = RouteTable(routes);
  }
};

// proves: E19 E11 E12
TEST(BorderRelay, ReturnsASitesProbeAsData) {
  BorderSite site;
  const auto probe = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kRdSite, kRdSite).hop_limit(hop_limit).echo_request(1, 2);
  };
  expect_sent(site.wan_sends(probe(RelaySite::from_site(), 64)), kWanDevice, probe(RelaySite::to_site(), 63));
}

// proves: B20 E21 X27
TEST(BorderRelay, AnswersFromTheAddressThatWasAsked) {
  BorderSite site;
  const Ipv6Address asked = site.snapshot.tunnels[0].domain.prefix_of(kRelayUnicastV4).address;
  site.snapshot.tunnel_addresses.push_back(asked);
  expect_sent(
      site.wan_sends(
          RelaySite::from_site(kRelayUnicastV4).ipv6(kRdSite, asked).hop_limit(64).echo_request(7, 1)),
      kWanDevice,
      RelaySite::to_site(kRelayUnicastV4).ipv6(kNativeAddress, kRdSite).hop_limit(64).echo_reply(7, 1));
}

// proves: P32
TEST(BorderRelay, CarriesFromSiteToSite) {
  BorderSite site;
  const Ipv6Address other = ip6("2600:77:b09:909::1");
  const auto packet = [&](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kRdSite, other).hop_limit(hop_limit).udp(1, 2);
  };
  const PacketBuilder outer =
      PacketBuilder().ethernet(kIspMac, kWanMac).ipv4(kRelayV4, ip4("11.9.9.9")).id(0).dont_fragment();
  expect_sent(site.wan_sends(packet(RelaySite::from_site(), 64)), kWanDevice, packet(outer, 63));
}

// proves: C22
TEST(BorderRelay, RefusesTheDomainsAddressesFromTheNativeSide) {
  BorderSite site;
  expect_nothing(
      site.native_sends(RelaySite::from_native().ipv6(ip6("2600:77:b09:909::1"), kRdSite).udp(1, 2)));
  EXPECT_EQ(site.drops(DropReason::source_embeds_other), 1U);
}

// proves: Q3
TEST(TwoRelays, APacketBetweenThemEnds) {
  RelaySite site;  // 6to4: what came out of the tunnel never goes back into it
  const Ipv6Address far = ip6("2002:b09:909::1");
  expect_nothing(site.wan_sends(RelaySite::from_site().ipv6(kSite, far).hop_limit(255).udp(1, 2)));
  EXPECT_EQ(site.drops(DropReason::inner_6to4_to_6to4), 1U);
}

PacketBuilder ping(PacketBuilder start, const Ipv6Address& source) {
  return start.ipv6(source, kInOwn).hop_limit(64).echo_request(7, 3).payload(8);
}

// proves: D33
TEST(SixInFour, AnswersItsOtherEnd) {
  PeerSite site;
  expect_sent(site.wan_sends(ping(GatewaySite::from_wan(kPeerV4), kPeer)), kWanDevice,
              GatewaySite::to_wan(kPeerV4).ipv6(kInOwn, kPeer).hop_limit(64).echo_reply(7, 3).payload(8));
}

// proves: S64
TEST(SixInFour, AnswersNobodyBehindItsOtherEnd) {
  PeerSite site;
  expect_nothing(site.wan_sends(ping(GatewaySite::from_wan(kPeerV4), ip6("2600:99::1"))));
  EXPECT_EQ(site.drops(DropReason::filter_own_unsolicited), 1U);
}

}  // namespace
}  // namespace gate41::testing
