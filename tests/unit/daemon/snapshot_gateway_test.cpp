// What the packet path of a gateway is told.
#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

std::unique_ptr<const Snapshot> gateway() { return built(gateway_config(), gateway_state()); }

const Route* route_to(const Snapshot& snapshot, std::string_view address) {
  return snapshot.routes.lookup(ip6("2002:b00:2a:1::10"), ip6(address));
}

// Links stand in the order of their names: guests, lan, wan.
TEST(GatewaySnapshot, NamesEveryPortAsALink) {
  const auto snapshot = gateway();
  ASSERT_EQ(snapshot->links.size(), 3U);
  const Link& guests = snapshot->links[0];
  EXPECT_EQ(guests.name, "guests");
  EXPECT_EQ(guests.device, 5);
  EXPECT_EQ(guests.vlan, 10);
  EXPECT_EQ(guests.mac, kLanMac);
  EXPECT_EQ(guests.mtu, 9000);
  EXPECT_FALSE(guests.is_wan);
  EXPECT_EQ(snapshot->links[2].device, 4);
  EXPECT_TRUE(snapshot->links[2].is_wan);
  EXPECT_EQ(snapshot->wan_link, 2);
}

TEST(GatewaySnapshot, LeadsFromLinksToLansAndBack) {
  const auto snapshot = gateway();
  ASSERT_EQ(snapshot->lans.size(), 2U);
  EXPECT_EQ(snapshot->lans[0].name, "home");
  EXPECT_EQ(snapshot->lans[0].link, 1);
  EXPECT_EQ(snapshot->lans[1].link, 0);
  EXPECT_EQ(snapshot->links[1].lan, 0);
  EXPECT_EQ(snapshot->links[0].lan, 1);
  EXPECT_EQ(snapshot->links[2].lan, kNoIndex);
}

// proves: S49
TEST(GatewaySnapshot, OnAStickHasBothOnOneLink) {
  config::Config config = gateway_config();
  config.lans.pop_back();
  config.lans[0].port = "wan";
  SiteState state = gateway_state();
  state.lans.pop_back();
  const auto snapshot = built(config, state);
  EXPECT_EQ(snapshot->lans.at(0).link, snapshot->wan_link);
  EXPECT_EQ(snapshot->links[snapshot->wan_link].lan, 0);
  EXPECT_TRUE(snapshot->links[snapshot->wan_link].is_wan);
}

TEST(GatewaySnapshot, CarriesGenerationEpochAndFilter) {
  const auto snapshot = gateway();
  EXPECT_EQ(snapshot->generation, 7U);
  EXPECT_EQ(snapshot->policy.epoch, 3U);
  EXPECT_TRUE(snapshot->filter_active);
  EXPECT_EQ(snapshot->role, TunnelRole::gateway);
}

// proves: P2
TEST(GatewaySnapshot, SaysBeforeTheStartThatNothingIsForwarded) {
  SiteState state = gateway_state();
  state.filter_active = false;
  EXPECT_FALSE(built(gateway_config(), state)->filter_active);
}

// X3: the local address goes on the wire, the external one into the prefix.
TEST(GatewaySnapshot, KnowsBothAddressesBehindANat) {
  const Tunnel tunnel = gateway()->tunnels.at(0);
  EXPECT_EQ(tunnel.role, TunnelRole::gateway);
  EXPECT_EQ(tunnel.local, ip4("192.168.1.5"));
  EXPECT_EQ(tunnel.external, ip4("11.0.0.42"));
  EXPECT_TRUE(tunnel.anycast.is_unspecified());
  EXPECT_EQ(tunnel.wan_subnet, net4("192.168.1.0/24"));
  EXPECT_EQ(tunnel.prefix, net6("2002:b00:2a::/48"));
  EXPECT_EQ(tunnel.address, ip6("2002:b00:2a::1"));
}

TEST(GatewaySnapshot, CarriesTheTunnelsSettings) {
  config::Config config = gateway_config();
  config::Tunnel& wanted = config.tunnels.front();
  wanted.accept_relays_only = true;
  wanted.ecn_compatibility = true;
  wanted.dscp_by_mode = false;
  wanted.dscp_copy = true;
  wanted.dscp = 46;
  config.lab_allow_v4 = {net4("192.0.2.0/24")};
  config.lab_allow_v6 = {net6("2001:db8::/32")};
  const Tunnel tunnel = built(config, gateway_state())->tunnels.at(0);
  EXPECT_EQ(tunnel.relays, wanted.relays);
  EXPECT_TRUE(tunnel.accept_relays_only);
  EXPECT_TRUE(tunnel.ecn_compatibility);
  EXPECT_TRUE(tunnel.dscp_copy);
  EXPECT_EQ(tunnel.dscp, 46);
  EXPECT_EQ(tunnel.mtu, 1400);
  EXPECT_EQ(tunnel.lab_v4, config.lab_allow_v4);
  EXPECT_EQ(tunnel.lab_v6, config.lab_allow_v6);
}

TEST(GatewaySnapshot, OwnsItsPrefixAndItsTunnelAddress) {
  const auto snapshot = gateway();
  EXPECT_TRUE(snapshot->tunnels.at(0).up);
  EXPECT_EQ(snapshot->own_prefixes, std::vector{net6("2002:b00:2a::/48")});
  EXPECT_EQ(snapshot->tunnel_addresses, (std::vector{ip6("2002:b00:2a::1"), ip6("2002:b00:2a::")}));
  EXPECT_EQ(snapshot->wan_address, ip4("192.168.1.5"));
}

// proves: P8
TEST(GatewaySnapshot, RoutesEachSubnetToItsLan) {
  const auto snapshot = gateway();
  const Route* home = route_to(*snapshot, "2002:b00:2a:1::99");
  ASSERT_NE(home, nullptr);
  EXPECT_EQ(home->kind, RouteKind::on_link);
  EXPECT_EQ(home->lan, 0);
  EXPECT_EQ(route_to(*snapshot, "2002:b00:2a:2::99")->lan, 1);
}

// proves: P6
TEST(GatewaySnapshot, HasANullRouteForTheRestOfThePrefix) {
  const auto snapshot = gateway();
  EXPECT_EQ(route_to(*snapshot, "2002:b00:2a:3::1")->kind, RouteKind::null_route);
}

// proves: C18
TEST(GatewaySnapshot, RoutesOtherSitesDirectlyAndTheRestToTheRelay) {
  const auto snapshot = gateway();
  EXPECT_EQ(route_to(*snapshot, "2002:b00:2b::1")->kind, RouteKind::tunnel_direct);
  EXPECT_EQ(route_to(*snapshot, "2002:b00:2b::1")->adjacency, kDirectWay);
  const Route* relay = route_to(*snapshot, "2600:41::80");
  EXPECT_EQ(relay->kind, RouteKind::tunnel_relay);
  EXPECT_EQ(relay->adjacency, kRelayWay);
}

TEST(GatewaySnapshot, SaysThatTheRelayIsDown) {
  SiteState state = gateway_state();
  state.tunnels[0].relay_alive = false;
  const auto snapshot = built(gateway_config(), state);
  EXPECT_EQ(route_to(*snapshot, "2600:41::80")->kind, RouteKind::relay_down);
  EXPECT_EQ(route_to(*snapshot, "2002:b00:2b::1")->kind, RouteKind::tunnel_direct);
}

SiteState without_prefix() {
  SiteState state = gateway_state();
  state.external.reset();
  for (LanState& lan : state.lans) lan.prefixes.clear();
  return state;
}

// proves: P2
TEST(GatewaySnapshot, WithoutAPrefixForwardsNothing) {
  const auto snapshot = built(gateway_config(), without_prefix());
  EXPECT_FALSE(snapshot->tunnels.at(0).up);
  EXPECT_TRUE(snapshot->routes.routes().empty());
  EXPECT_TRUE(snapshot->own_prefixes.empty());
  EXPECT_TRUE(snapshot->tunnel_addresses.empty());
}

TEST(GatewaySnapshot, WithoutAWanAddressHasNone) {
  SiteState state = without_prefix();
  state.wan_address.reset();
  const auto snapshot = built(gateway_config(), state);
  EXPECT_TRUE(snapshot->wan_address.is_unspecified());
  EXPECT_TRUE(snapshot->tunnels.at(0).local.is_unspecified());
}

TEST(GatewaySnapshot, CarriesWhatIsWithdrawn) {
  SiteState state = gateway_state();
  state.withdrawn = {net6("2002:b00:29:1::/64")};
  EXPECT_EQ(built(gateway_config(), state)->withdrawn_prefixes, state.withdrawn);
}

TEST(GatewaySnapshot, SendsErrorsFromTheLansOwnGlobalAddress) {
  EXPECT_EQ(gateway()->lans[0].error_source, ip6("2002:b00:2a:1::1"));
}

TEST(GatewaySnapshot, SendsErrorsFromTheLinkLocalAddressUntilThereIsAGlobalOne) {
  SiteState state = gateway_state();
  state.lans[0].addresses = {ip6("fe80::1"), ip6("2002:b00:2a:1::")};  // anycast is no source
  EXPECT_EQ(built(gateway_config(), state)->lans[0].error_source, ip6("fe80::1"));
}

config::Pinhole pinhole(const std::string& lan, uint64_t interface_id, uint16_t first, uint16_t last) {
  config::Pinhole hole;
  hole.protocol = ip_proto::kTcp;
  hole.lan = lan;
  hole.interface_id = interface_id;
  hole.port_first = first;
  hole.port_last = last;
  return hole;
}

bool lets_in(const Policy& policy, const char* host, uint16_t port, const char* source = "2600:41::1") {
  return policy.inbound.find({ip6(host), ip6(source), ip_proto::kTcp, port}).rule != nullptr;
}

TEST(GatewaySnapshot, PutsThePrefixInFrontOfPinholes) {
  config::Config config = gateway_config();
  config.filter.allow_echo = config::ByProfile::yes;
  config.filter.inbound = {pinhole("guests", 0x80, 443, 443), pinhole("home", 0x81, 1000, 2000)};
  const Policy policy = built(config, gateway_state())->policy;
  EXPECT_TRUE(policy.allow_echo);
  EXPECT_EQ(policy.inbound.size(), 2U);
  EXPECT_TRUE(lets_in(policy, "2002:b00:2a:1::81", 1000));
  EXPECT_TRUE(lets_in(policy, "2002:b00:2a:1::81", 2000));
  EXPECT_FALSE(lets_in(policy, "2002:b00:2a:1::81", 2001));
  EXPECT_TRUE(lets_in(policy, "2002:b00:2a:2::80", 443));
}

TEST(GatewaySnapshot, HasThePinholeOfAWholeAddressWhereTheLanHasItsPrefix) {
  config::Config config = gateway_config();
  config::Pinhole hole = pinhole("home", 0, 80, 80);
  hole.address = ip6("2002:b00:2a:1::80");
  hole.from = Ipv6Prefix::of(ip6("2600:41::"), 32);
  config.filter.inbound = {hole};
  const Policy policy = built(config, gateway_state())->policy;
  EXPECT_TRUE(lets_in(policy, "2002:b00:2a:1::80", 80, "2600:41::1"));
  EXPECT_FALSE(lets_in(policy, "2002:b00:2a:1::80", 80, "2600:42::1"));
  config.filter.inbound[0].address = ip6("2002:b00:2a:2::80");  // of the other LAN
  EXPECT_EQ(built(config, gateway_state())->policy.inbound.size(), 0U);
}

TEST(GatewaySnapshot, HasNoPinholeWithoutAPrefix) {
  config::Config config = gateway_config();
  config.filter.inbound = {pinhole("home", 0x81, 80, 80)};
  EXPECT_TRUE(built(config, without_prefix())->policy.inbound.size() == 0);
}

// proves: K52
TEST(HostShare, IsAnEighthOfTheTableButNotVeryFew) {
  EXPECT_EQ(host_share(0, 80000, 1), 10000U);
  EXPECT_EQ(host_share(0, 1024, 1), 256U);
  EXPECT_EQ(host_share(77, 80000, 1), 77U);
}

// proves: K52
TEST(HostShare, IsDividedAmongTheWorkers) {
  EXPECT_EQ(host_share(0, 80000, 4), 2500U);
  EXPECT_EQ(host_share(3, 80000, 4), 1U);
}

}  // namespace
}  // namespace gate41::testing
