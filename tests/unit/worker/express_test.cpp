// The short way: taken where it may be, and nothing tells it from the long one.
#include <gtest/gtest.h>

#include "dataplane/net/parse.hpp"
#include "tests/support/chance.hpp"
#include "tests/unit/worker/expectations.hpp"
#include "tests/unit/worker/site.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

constexpr uint8_t kSyn = tcp_flag::kSyn, kAck = tcp_flag::kAck, kFin = tcp_flag::kFin, kRst = tcp_flag::kRst;

PacketBuilder out() { return GatewaySite::from_host().ipv6(kHost, kServer).udp(40000, 8080).payload(8); }
PacketBuilder in() { return GatewaySite::from_wan().ipv6(kServer, kHost).udp(8080, 40000).payload(8); }

// With an established flow; both ways have been gone by it.
struct SteadySite : GatewaySite {
  SteadySite() {
    steady = true;
    EXPECT_TRUE(goes_out() && comes_in() && goes_out() && comes_in());
  }
  bool goes_out() { return host_sends(out()).sent.size() == 1; }
  bool comes_in() { return wan_sends(in()).sent.size() == 1; }
};

// What the long way would refuse now, and is not asked: how a test sees which way was taken.
void give_prefix_away(GatewaySite& site) { site.snapshot.lans[kHomeLan].prefixes.clear(); }
void refuse_tunnel(GatewaySite& site) { site.snapshot.tunnels[0].external = kSiteV4; }

}  // namespace

TEST(ExpressWay, TakesThePacketsOfAnEstablishedFlowBothWays) {
  SteadySite site;
  give_prefix_away(site);
  refuse_tunnel(site);
  EXPECT_TRUE(site.goes_out());
  EXPECT_TRUE(site.comes_in());
}

// proves: K5 P14
TEST(ExpressWay, EndsWithTheSnapshotThatItWasApprovedUnder) {
  SteadySite site;
  give_prefix_away(site);
  refuse_tunnel(site);
  ++site.snapshot.generation;
  EXPECT_FALSE(site.goes_out());
  EXPECT_FALSE(site.comes_in());
}

// proves: S65
TEST(ExpressWay, EndsWithThePolicyThatLetItsFlowIn) {
  GatewaySite site;
  site.steady = true;
  site.snapshot.policy.inbound = Pinholes({{kHost, ip_proto::kUdp, 40000, 40000}});
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(site.wan_sends(in()).sent.size(), 1U);
    ASSERT_EQ(site.host_sends(out()).sent.size(), 1U);
  }
  site.snapshot.policy.inbound = {};
  ++site.snapshot.policy.epoch;
  expect_nothing(site.wan_sends(in()));
}

// proves: K5
TEST(ExpressWay, IsOfOneLanAlone) {
  SteadySite site;
  expect_nothing(
      site.receive(kLanDevice, GatewaySite::from_guest().ipv6(kHost, kServer).udp(40000, 8080).build()));
  site.snapshot.links[kHomeLink].lan = kGuestLan;  // and the same frame by an untagged link of another LAN
  EXPECT_FALSE(site.goes_out());
}

// proves: C7 C27
TEST(ExpressWay, IsOfOneOuterSourceAlone) {
  SteadySite site;
  site.snapshot.tunnels[0].accept_relays_only = true;
  EXPECT_TRUE(site.comes_in());
  const auto other = GatewaySite::from_wan(kSiteV4).ipv6(kServer, kHost).udp(8080, 40000).payload(8);
  EXPECT_TRUE(site.wan_sends(other).sent.empty());
}

TEST(ExpressWay, FollowsItsNextHopToAnotherAddress) {
  SteadySite site;
  give_prefix_away(site);
  site.adjacencies.write(site.relay_way, tunnel_way(AdjacencyKind::tunnel, kNearMac, kOwnV4, kRelayV4, 1280));
  const Outcome outcome = site.host_sends(out());
  ASSERT_EQ(outcome.sent.size(), 1U);
  EXPECT_EQ(parse_frame(outcome.sent[0].bytes).destination_mac, kNearMac);
  site.adjacencies.release(site.relay_way);
  EXPECT_FALSE(site.goes_out());
}

TEST(ExpressWay, IsNotTakenWhileSomebodyWatches) {
  SteadySite site;
  give_prefix_away(site);
  site.pipeline->tracer().arm({.run = 1, .count = 1, .until = site.now + 1s});
  EXPECT_FALSE(site.goes_out());
}

TEST(ExpressWay, OvertakesNobody) {
  SteadySite site;
  std::vector<Frame> burst;
  for (uint8_t i = 0; i < 8; ++i) {
    PacketBuilder packet = GatewaySite::from_host();
    packet.ipv6(kHost, kServer);
    if (i % 2 == 1) packet.destination_options(8);  // no plain frame
    burst.push_back(packet.udp(40000, 8080).payload(PacketBuilder::Bytes{i}).build());
  }
  const Outcome outcome = site.receive(kLanDevice, burst);
  ASSERT_EQ(outcome.sent.size(), burst.size());
  for (std::size_t i = 0; i < burst.size(); ++i) EXPECT_EQ(outcome.sent[i].bytes.back(), i);
}

// --- the same packets to two boxes, one of which always takes the long way

namespace {

PacketBuilder upper(PacketBuilder start, uint16_t source, uint16_t destination, Chance& chance) {
  if (chance.one_in(2)) return start.udp(source, destination);
  const uint8_t flags =
      chance.of<uint8_t>({kAck, kAck, kAck, kAck, kAck, kSyn, kSyn | kAck, kAck | kFin, kRst});
  const uint32_t sequence = 1000 + chance.below(40), answer = 1000 + chance.below(40);
  return start.tcp(source, destination, {flags, sequence, answer});
}

Frame from_lan(Chance& chance) {
  const Ipv6Address source =
      chance.one_in(20) ? chance.of({kGuest, kServer, ip6("2002:b00:9:1::10")}) : kHost;
  const Ipv6Address destination = chance.of({kServer, kServer, kServer, kSite, kNear, kGuest});
  const auto port = static_cast<uint16_t>(40000 + chance.below(3));
  PacketBuilder start = GatewaySite::from_host();
  return upper(start.ipv6(source, destination).hop_limit(chance.one_in(10) ? 1 : 64), port, 8080, chance)
      .payload(chance.one_in(10) ? 1250U : chance.below(40))
      .ethernet_padding(chance.one_in(4) ? 6U : 0U)
      .build();
}

Frame from_tunnel(Chance& chance) {
  const Ipv4Address outer =
      chance.one_in(5) ? chance.of({kSiteV4, ip4("10.0.0.1"), kOwnV4, kNearV4}) : kRelayV4;
  const Ipv6Address source = chance.of({kServer, kServer, kServer, kSite, kNear});
  const auto port = static_cast<uint16_t>(40000 + chance.below(3));
  PacketBuilder start = GatewaySite::from_wan(outer);
  start.tos(chance.one_in(8) ? static_cast<uint8_t>(chance.below(4)) : uint8_t{0});
  return upper(start.ipv6(source, kHost).hop_limit(chance.one_in(10) ? 1 : 64), 8080, port, chance)
      .payload(chance.one_in(10) ? 1200U : chance.below(40))
      .ethernet_padding(chance.one_in(4) ? 6U : 0U)
      .build();
}

std::vector<std::array<uint64_t, 3>> flows_of(GatewaySite& site) {
  std::vector<std::array<uint64_t, 3>> all;
  uint32_t cursor = 0;
  do {
    cursor = site.pipeline->flows()->walk(cursor, 64, [&](int32_t position) {
      const FlowEntry& entry = site.pipeline->flows()->entry(position);
      all.push_back({static_cast<uint64_t>(entry.state), entry.expires, entry.bytes});
    });
  } while (cursor != 0);
  return all;
}

void change_both(GatewaySite& a, GatewaySite& b, Chance& chance) {
  const bool relays_only = chance.one_in(2), guest_has_it = chance.one_in(4);
  for (GatewaySite* site : {&a, &b}) {
    site->snapshot.tunnels[0].accept_relays_only = relays_only;
    site->snapshot.lans[kHomeLan].prefixes = {Ipv6Prefix::of(guest_has_it ? kGuest : kHost, 64)};
    ++site->snapshot.policy.epoch;
    ++site->snapshot.generation;
  }
}

}  // namespace

TEST(ExpressWay, DiffersInNothingFromTheLongOne) {
  Chance chance;
  GatewaySite express, always_long;
  express.steady = true;
  for (unsigned i = 0; i < 6000; ++i) {
    if (chance.one_in(200)) change_both(express, always_long, chance);
    if (chance.one_in(10)) express.now = always_long.now += std::chrono::seconds(chance.below(90));
    const bool out = chance.one_in(2);
    std::vector<Frame> burst(1 + chance.below(8));
    for (Frame& frame : burst) frame = out ? from_lan(chance) : from_tunnel(chance);
    const uint16_t device = out ? kLanDevice : kWanDevice;
    ASSERT_EQ(express.receive(device, burst).sent, always_long.receive(device, burst).sent) << i;
    const CounterTotals a = express.totals(), b = always_long.totals();
    ASSERT_EQ(a.drops, b.drops) << i;
    ASSERT_EQ(flows_of(express), flows_of(always_long)) << i;
  }
  const CounterTotals a = express.totals(), b = always_long.totals();
  EXPECT_GT(a.tx, 10000U);
  EXPECT_EQ(a.links[kHomeLink].rx_bytes, b.links[kHomeLink].rx_bytes);
  EXPECT_EQ(a.links[kWanLink].rx_packets, b.links[kWanLink].rx_packets);
  EXPECT_EQ(a.tunnels[0].decap_bytes, b.tunnels[0].decap_bytes);
  EXPECT_EQ(a.tunnels[0].encap_packets, b.tunnels[0].encap_packets);
  EXPECT_EQ(a.tunnels[0].other_relay, b.tunnels[0].other_relay);
}

}  // namespace gate41::testing
