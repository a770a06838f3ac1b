// Several tunnels in one snapshot: which way out a source has.
#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

constexpr AdjacencyIndex kPeerWay = 27;
constexpr AdjacencyIndex kPeerDirect = 28;

config::Tunnel broker(const char* name, const char* remote) {
  config::Tunnel tunnel;
  tunnel.name = name;
  tunnel.mode = config::TunnelMode::six_in_four;
  tunnel.six_in_four = config::SixInFour{.remote = ip4(remote),
                                         .address = ip6("2600:41:0:2::2"),
                                         .peer = ip6("2600:41:0:2::1"),
                                         .prefix = net6("2600:41:1::/48"),
                                         .routes = {kEveryIpv6}};
  return tunnel;
}

// 6in4 beside the 6to4 of the others.
config::Config both() {
  config::Config config = gateway_config();
  config.tunnels.insert(config.tunnels.begin(), broker("broker", "12.9.9.9"));
  return config;
}

SiteState both_state() {
  SiteState state = gateway_state();
  state.tunnels.insert(state.tunnels.begin(), TunnelState{{}, true, kPeerWay, kPeerDirect});
  state.lans[0].prefixes.push_back(net6("2600:41:1:1::/64"));
  return state;
}

const Route& way(const Snapshot& snapshot, const char* source, const char* destination) {
  const Route* route = snapshot.routes.lookup(ip6(source), ip6(destination));
  EXPECT_NE(route, nullptr) << source << " to " << destination;
  static const Route none;
  return route == nullptr ? none : *route;
}

}  // namespace

// proves: P34
TEST(SeveralTunnels, APacketLeavesByTheOneThatItsSourceIsOf) {
  const auto snapshot = built(both(), both_state());
  EXPECT_EQ(way(*snapshot, "2600:41:1:1::10", "2600:99::1").adjacency, kPeerWay);
  EXPECT_EQ(way(*snapshot, "2002:b00:2a:1::10", "2600:99::1").adjacency, kRelayWay);
}

// proves: P34 C18
TEST(SeveralTunnels, A6to4SiteIsReachedDirectlyBy6to4SourcesAlone) {
  const auto snapshot = built(both(), both_state());
  EXPECT_EQ(way(*snapshot, "2002:b00:2a:1::10", "2002:c00:5::1").kind, RouteKind::tunnel_direct);
  EXPECT_EQ(way(*snapshot, "2600:41:1:1::10", "2002:c00:5::1").adjacency, kPeerWay);
}

TEST(SeveralTunnels, EachPrefixIsOursAndANullRoute) {
  const auto snapshot = built(both(), both_state());
  EXPECT_EQ(snapshot->own_prefixes, (std::vector{net6("2600:41:1::/48"), net6("2002:b00:2a::/48")}));
  EXPECT_EQ(way(*snapshot, "2002:b00:2a:1::10", "2600:41:1:7::1").kind, RouteKind::null_route);
}

TEST(SeveralTunnels, ThePeerIsThereWhetherItLivesOrNot) {
  SiteState state = both_state();
  state.tunnels[0].relay_alive = false;
  const auto snapshot = built(both(), state);
  EXPECT_EQ(way(*snapshot, "2600:41:0:2::2", "2600:41:0:2::1").adjacency, kPeerDirect);
  EXPECT_EQ(way(*snapshot, "2600:41:1:1::10", "2600:41:0:2::1").adjacency, kPeerDirect);
  EXPECT_EQ(way(*snapshot, "2600:41:1:1::10", "2600:99::1").kind, RouteKind::relay_down);
  EXPECT_EQ(way(*snapshot, "2002:b00:2a:1::10", "2600:99::1").kind, RouteKind::tunnel_relay);
}

// proves: P35
TEST(SeveralTunnels, OfOnePrefixTheLivingOneIsTakenElseTheFirst) {
  config::Config config = both();
  config.tunnels.back() = broker("spare", "12.8.8.8");
  SiteState state = both_state();
  state.tunnels.back().relay_alive = true;
  EXPECT_EQ(way(*built(config, state), "2600:41:1:1::10", "2600:99::1").adjacency, kPeerWay);
  state.tunnels.front().relay_alive = false;
  EXPECT_EQ(way(*built(config, state), "2600:41:1:1::10", "2600:99::1").adjacency, kRelayWay);
}

// 192.168.1.5. proves: D32
TEST(SeveralTunnels, AConfiguredOneHasALinkLocalAddressOfItsIpv4Address) {
  const auto snapshot = built(both(), both_state());
  EXPECT_EQ(snapshot->tunnels.at(0).link_local, ip6("fe80::c0a8:105"));
  EXPECT_EQ(snapshot->tunnels.at(1).link_local, Ipv6Address{});
}

config::Config six_rd_config(bool hub_and_spoke) {
  config::Config config = gateway_config();
  config.tunnels.front().mode = config::TunnelMode::six_rd;
  config.tunnels.front().six_rd = config::SixRd{net6("2600:41::/32"), 16, hub_and_spoke};
  return config;
}

// proves: E10 E21
TEST(SixRdSnapshot, HasTheRoutesOfACustomerEdge) {
  const auto snapshot = built(six_rd_config(false), gateway_state());  // 192.168.1.5: 2600:41:105::/48
  EXPECT_EQ(snapshot->own_prefixes, std::vector{net6("2600:41:105::/48")});
  EXPECT_EQ(snapshot->tunnel_addresses, (std::vector{ip6("2600:41:105::1"), ip6("2600:41:105::")}));
  const char* host = "2600:41:105:1::10";
  EXPECT_EQ(way(*snapshot, host, "2600:99::1").adjacency, kRelayWay);
  EXPECT_EQ(way(*snapshot, host, "2600:41:206::1").kind, RouteKind::tunnel_direct);
  EXPECT_EQ(way(*snapshot, host, "2600:41:105:7::1").kind, RouteKind::null_route);
}

// proves: P32
TEST(SixRdSnapshot, OfHubAndSpokeReachesOtherSitesByTheBorderRelay) {
  const auto snapshot = built(six_rd_config(true), gateway_state());
  EXPECT_EQ(way(*snapshot, "2600:41:105:1::10", "2600:41:206::1").kind, RouteKind::tunnel_relay);
}

// proves: E14 X15
TEST(SixRdSnapshot, CopiesTheTrafficClassByDefault) {
  EXPECT_TRUE(built(six_rd_config(false), gateway_state())->tunnels.at(0).dscp_copy);
  EXPECT_FALSE(built(gateway_config(), gateway_state())->tunnels.at(0).dscp_copy);
  config::Config config = six_rd_config(false);
  config.tunnels.front().dscp_by_mode = false;
  EXPECT_FALSE(built(config, gateway_state())->tunnels.at(0).dscp_copy);
}

// proves: X28
TEST(SixRdSnapshot, OfADelegated64PutsNoAddressOnTheTunnelButAnycast) {
  config::Config config = six_rd_config(false);
  config.tunnels.front().six_rd = config::SixRd{net6("2600:41::/32"), 0, false};
  EXPECT_EQ(built(config, gateway_state())->tunnel_addresses, std::vector{ip6("2600:41:c0a8:105::")});
}

config::Config border_config() {
  config::Config config = relay_config();
  config.tunnels.front().mode = config::TunnelMode::six_rd;
  config.tunnels.front().six_rd = config::SixRd{net6("2600:41::/32"), 0, false};
  return config;
}

// proves: E21 E22
TEST(BorderRelaySnapshot, AnswersForTheAnycastAddressOfItsOwnPrefix) {
  const auto snapshot = built(border_config(), relay_state());
  EXPECT_EQ(snapshot->tunnel_addresses, std::vector{ip6("2600:41:b00:3::")});
  EXPECT_EQ(way(*snapshot, "2600:99::1", "2600:41:b00:2a::1").kind, RouteKind::tunnel_direct);
}

// proves: E28
TEST(BorderRelaySnapshot, MayStandInAPrivateNetwork) {
  SiteState state = relay_state();
  state.wan_address = ip4("10.0.0.3");
  state.external.reset();
  EXPECT_TRUE(built(border_config(), state)->tunnels.at(0).up);
}

}  // namespace gate41::testing
