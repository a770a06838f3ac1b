// Echo requests of this box that it drops itself: control hears which one and why, at once.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

PacketBuilder request(const Ipv6Address& destination = kServer, std::size_t size = 56) {
  return PacketBuilder().ipv6(kTunnelAddress, destination).hop_limit(64).echo_request(41, 7).payload(size);
}

// Counted as dropped, once, for its reason; and told of.
void expect_told(GatewaySite& site, const Outcome& outcome, DropReason reason, const PacketBuilder& packet) {
  expect_raised(outcome, ExceptionClass::own_dropped, packet);
  EXPECT_EQ(site.drops(reason), 1U);
  EXPECT_EQ(site.totals().dropped, 1U);
  ASSERT_EQ(outcome.raised.size(), 1U);
  EXPECT_EQ(outcome.raised.front().meta.drop_reason, reason);
}

void set_default(GatewaySite& site, RouteKind kind) {
  std::vector<Route> routes = site.snapshot.routes.routes();
  for (Route& route : routes)
    if (route.prefix == kEveryIpv6) route.kind = kind;
  site.snapshot.routes = RouteTable(routes);
}

// proves: S86
TEST(OwnDropped, ARequestWithoutARouteComesBackWithItsReason) {
  GatewaySite site;
  site.snapshot.routes = RouteTable();
  expect_told(site, site.inject(InjectKind::routed, request().build()), DropReason::no_route, request());
}

// proves: S86
TEST(OwnDropped, SoDoesOneWithoutALiveRelay) {
  GatewaySite site;
  set_default(site, RouteKind::relay_down);
  expect_told(site, site.inject(InjectKind::routed, request().build()), DropReason::relay_down, request());
}

TEST(OwnDropped, SoDoesOneWhoseNextHopIsNotKnown) {
  GatewaySite site;
  site.adjacencies.release(site.relay_way);
  expect_told(site, site.inject(InjectKind::routed, request().build()), DropReason::next_hop_unresolved,
              request());
}

TEST(OwnDropped, SoDoesOneThatTheTunnelsChecksRefuse) {
  GatewaySite site;
  const PacketBuilder foreign = PacketBuilder().ipv6(kSite, kServer).hop_limit(64).echo_request(41, 7);
  expect_told(site, site.inject(InjectKind::routed, foreign.build()), DropReason::source_embeds_other,
              foreign);
}

// proves: S86
TEST(OwnDropped, OneThatIsTooBigComesBackWithWhatWouldFit) {
  GatewaySite site;
  const PacketBuilder big = request(kServer, 1280 - 48 + 1);
  const Outcome outcome = site.inject(InjectKind::routed, big.build());
  expect_told(site, outcome, DropReason::packet_too_big, big);
  EXPECT_EQ(outcome.raised.front().meta.mtu, 1280);
}

// proves: S86 H26
TEST(OwnDropped, OneWhoseNeighbourDoesNotAnswerComesBackAfterItsWait) {
  GatewaySite site;
  const PacketBuilder packet = PacketBuilder().ipv6(kHomeRouter, ip6("2002:b00:2:1::77")).echo_request(41, 7);
  const Outcome waits = site.inject(InjectKind::routed, packet.build());
  expect_raised(waits, ExceptionClass::unresolved, packet);
  expect_told(site, site.give_back(InjectKind::failed, waits.raised.front()), DropReason::neighbour_failed,
              packet);
}

// A packet that has its outer header already.
TEST(OwnDropped, OneThatNoFragmentsCanBeMadeOfComesBackWithoutItsOuterHeader) {
  GatewaySite site;
  site.snapshot.links[kWanLink].mtu = 1000;
  Adjacency way = site.adjacencies.read(site.relay_way);
  way.header[way.ethernet_length + 6U] |= 0x40U;  // DF
  site.adjacencies.write(site.relay_way, way);
  const PacketBuilder big = request(kServer, 1200);
  expect_told(site, site.inject(InjectKind::routed, big.build()), DropReason::packet_too_big, big);
}

TEST(OwnDropped, NothingElseOfThisBoxComesBack) {
  GatewaySite site;
  site.snapshot.routes = RouteTable();
  const PacketBuilder start = PacketBuilder().ipv6(kTunnelAddress, kServer);
  expect_nothing(site.inject(InjectKind::routed, PacketBuilder(start).udp(1, 2).build()));
  expect_nothing(site.inject(InjectKind::routed, PacketBuilder(start).echo_reply(1, 2).build()));
  expect_nothing(site.inject(InjectKind::routed, PacketBuilder(start).tcp(1, 2).build()));
}

TEST(OwnDropped, NothingOfOthersDoes) {
  GatewaySite site;
  set_default(site, RouteKind::relay_down);
  const Outcome outcome = site.host_sends(GatewaySite::from_host().ipv6(kHost, kServer).echo_request(41, 7));
  EXPECT_TRUE(outcome.raised.empty());
  EXPECT_EQ(site.drops(DropReason::relay_down), 1U);
}

TEST(OwnDropped, AFloodIsToldOfAtItsRateAndCountedWhole) {
  GatewaySite site;
  site.snapshot.routes = RouteTable();
  std::size_t told = 0;
  for (int i = 0; i < 300; ++i) told += site.inject(InjectKind::routed, request().build()).raised.size();
  EXPECT_EQ(told, 100U);
  EXPECT_EQ(site.drops(DropReason::no_route), 300U);
  EXPECT_EQ(site.totals().policed[static_cast<std::size_t>(ExceptionClass::own_dropped)], 200U);
}

// proves: D12 S86
TEST(OwnPackets, HopLimitOneReachesTheFirstRouterWhoseErrorComesToControl) {
  GatewaySite site;
  const PacketBuilder probe = PacketBuilder().ipv6(kTunnelAddress, kServer).hop_limit(1).echo_request(41, 7);
  expect_sent(site.inject(InjectKind::routed, probe.build()), kWanDevice,
              GatewaySite::to_wan().ipv6(kTunnelAddress, kServer).hop_limit(1).echo_request(41, 7));
  const auto error = [&](PacketBuilder start) {
    return start.ipv6(ip6("2600:41::3"), kTunnelAddress).icmpv6(3, 0).payload(probe.build());
  };
  expect_raised(site.wan_sends(error(GatewaySite::from_wan())), ExceptionClass::host_v6, error({}));
}

}  // namespace
}  // namespace gate41::testing
