// A relay's short way: taken between addresses that have been let through, and nothing tells it from the long
// one.
#include <gtest/gtest.h>

#include "tests/support/chance.hpp"
#include "tests/unit/worker/expectations.hpp"
#include "tests/unit/worker/site.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kFar = ip6("2600:42::80");
const Ipv6Address kOtherRouter = ip6("fe80::42:1");
const MacAddress kOtherRouterMac = mac("02:00:00:00:02:42");

PacketBuilder to_site_of(PacketBuilder start) { return start.ipv6(kFar, kSite).udp(53, 5000).payload(8); }
PacketBuilder from_site_of(PacketBuilder start, uint8_t hop_limit = 64) {
  return start.ipv6(kSite, kFar).hop_limit(hop_limit).udp(5000, 53).payload(8);
}

// Both ways have been gone by it.
struct SteadyRelay : RelaySite {
  explicit SteadyRelay(Team team = {}) : RelaySite(team) {
    steady = true;
    EXPECT_TRUE(goes_in() && comes_out());
  }
  bool goes_in() { return native_sends(to_site_of(RelaySite::from_native())).sent.size() == 1; }
  bool comes_out() { return wan_sends(from_site_of(RelaySite::from_site())).sent.size() == 1; }
  // What the long way would refuse now, and is not asked.
  void list_another_site() { snapshot.tunnels[0].sites = {Ipv4Prefix{kNearV4, 32}}; }
  void add_router() {
    const AdjacencyIndex way = adjacencies.allocate();
    adjacencies.write(way, ethernet_way(kOtherRouterMac, kHomeLink));
    neighbours->insert({kOtherRouter, 0, {}}, way);
  }
};

}  // namespace

TEST(RelaysExpressWay, TakesPacketsBetweenAddressesThatHaveBeenLetThrough) {
  SteadyRelay site;
  site.list_another_site();
  EXPECT_TRUE(site.goes_in());
  EXPECT_TRUE(site.comes_out());
}

// proves: A17
TEST(RelaysExpressWay, EndsWithTheSnapshotThatItWasGoneUnder) {
  SteadyRelay site;
  site.list_another_site();
  ++site.snapshot.generation;
  EXPECT_FALSE(site.goes_in());
  EXPECT_FALSE(site.comes_out());
}

// proves: C9
TEST(RelaysExpressWay, IsOfOneOuterSourceAlone) {
  SteadyRelay site;
  const auto spoofed = from_site_of(PacketBuilder().ethernet(kWanMac, kIspMac).ipv4(kNearV4, kRelayV4));
  expect_nothing(site.wan_sends(spoofed));
  EXPECT_EQ(site.drops(DropReason::inner_source_mismatch), 1U);
}

TEST(RelaysExpressWay, IsForOwnOuterDestinationsAlone) {
  SteadyRelay site;
  expect_nothing(site.wan_sends(from_site_of(RelaySite::from_site(kNearV4))));
  EXPECT_EQ(site.wan_sends(from_site_of(RelaySite::from_site(kRelayUnicastV4))).sent.size(), 1U);
}

// proves: C28
TEST(RelaysExpressWay, IsNotTakenWhereSitesAreMetered) {
  SteadyRelay site;
  site.snapshot.site_limit = {.bytes_per_second = 1, .burst = SiteMeters::kMinBurst};
  for (int i = 0; i < 100; ++i) site.comes_out();
  EXPECT_GT(site.drops(DropReason::site_rate), 0U);
}

TEST(RelaysExpressWay, FollowsTheRoutesOfTheKernel) {
  SteadyRelay site;
  site.add_router();
  site.fib->apply({*Ipv6Prefix::parse("2600:42::/32"), 0, {32, 1}, {RouteTarget::Kind::via, kOtherRouter}});
  for (int i = 0; i < 2; ++i)
    expect_sent(site.wan_sends(from_site_of(RelaySite::from_site())), kLanDevice,
                from_site_of(PacketBuilder().ethernet(kOtherRouterMac, kLanMac), 63));
  site.fib->apply({*Ipv6Prefix::parse("2600:42::/32"), 0, {32, 0}, {}});
  expect_sent(site.wan_sends(from_site_of(RelaySite::from_site())), kLanDevice,
              from_site_of(RelaySite::to_native(), 63));
}

namespace {

Frame from_native(Chance& chance) {
  const Ipv6Address source = chance.one_in(5) ? chance.of({kSite, kNear, ip6("fc00::1"), ip6("2001:db8::1")})
                                              : chance.of({kFar, ip6("2600:43::9")});
  const Ipv6Address destination = chance.one_in(5)
                                      ? chance.of({kFar, kNativeAddress, kAnycastForm, ip6("2002:a00:1::1")})
                                      : chance.of({kSite, kNear});
  PacketBuilder start = RelaySite::from_native();
  return start.ipv6(source, destination)
      .hop_limit(chance.one_in(10) ? 1 : 64)
      .udp(53, 5000)
      .payload(chance.one_in(10) ? 1250U : chance.below(40))
      .ethernet_padding(chance.one_in(4) ? 6U : 0U)
      .build();
}

Frame from_tunnel(Chance& chance) {
  const Ipv4Address outer = chance.one_in(5) ? chance.of({kNearV4, ip4("10.0.0.1"), kRelayV4}) : kSiteV4;
  const Ipv6Address source = chance.one_in(5) ? chance.of({kNear, kFar}) : kSite;
  const Ipv6Address destination = chance.one_in(5) ? chance.of({kNear, kUnicastForm, ip6("ff0e::1")})
                                                   : chance.of({kFar, ip6("2600:43::9")});
  PacketBuilder start;
  start.ethernet(kWanMac, kIspMac).ipv4(outer, chance.of({kRelayV4, kRelayUnicastV4}));
  start.tos(chance.one_in(8) ? static_cast<uint8_t>(chance.below(4)) : uint8_t{0});
  return start.ipv6(source, destination)
      .hop_limit(chance.one_in(10) ? 1 : 64)
      .tcp(5000, 443, {tcp_flag::kAck, 1, 2})
      .payload(chance.below(40))
      .build();
}

void change(RelaySite& site, bool listed, bool routed) {
  site.snapshot.tunnels[0].sites.clear();
  if (listed) site.snapshot.tunnels[0].sites = {Ipv4Prefix{kSiteV4, 32}};
  ++site.snapshot.generation;
  const RouteTarget target{routed ? RouteTarget::Kind::unreachable : RouteTarget::Kind::none, {}};
  site.fib->apply({*Ipv6Prefix::parse("2600:42::/32"), 0, {32, routed ? uint16_t{1} : uint16_t{0}}, target});
}

}  // namespace

TEST(RelaysExpressWay, DiffersInNothingFromTheLongOne) {
  Chance chance;
  RelaySite express, always_long;
  express.steady = true;
  for (unsigned i = 0; i < 4000; ++i) {
    if (chance.one_in(100)) {
      const bool listed = chance.one_in(2), routed = chance.one_in(2);
      for (RelaySite* site : {&express, &always_long}) change(*site, listed, routed);
    }
    const bool in = chance.one_in(2);
    std::vector<Frame> burst(1 + chance.below(8));
    for (Frame& frame : burst) frame = in ? from_native(chance) : from_tunnel(chance);
    const uint16_t device = in ? kLanDevice : kWanDevice;
    ASSERT_EQ(express.receive(device, burst).sent, always_long.receive(device, burst).sent) << i;
    ASSERT_EQ(express.totals().drops, always_long.totals().drops) << i;
  }
  const CounterTotals a = express.totals(), b = always_long.totals();
  EXPECT_GT(a.tx, 5000U);
  EXPECT_EQ(a.links[kHomeLink].rx_bytes, b.links[kHomeLink].rx_bytes);
  EXPECT_EQ(a.links[kWanLink].tx_bytes, b.links[kWanLink].tx_bytes);
  EXPECT_EQ(a.tunnels[0].decap_bytes, b.tunnels[0].decap_bytes);
  EXPECT_EQ(a.tunnels[0].encap_packets, b.tunnels[0].encap_packets);
  EXPECT_EQ(a.tunnels[0].fast_ids, b.tunnels[0].fast_ids);
}

}  // namespace gate41::testing
