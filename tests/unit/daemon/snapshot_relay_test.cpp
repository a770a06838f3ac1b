// What the packet path of a relay is told.
#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

TEST(RelaySnapshot, IsARelayWithOneNativeSide) {
  const auto snapshot = built(relay_config(), relay_state());
  EXPECT_EQ(snapshot->role, TunnelRole::relay);
  EXPECT_EQ(snapshot->tunnels.at(0).role, TunnelRole::relay);
  ASSERT_EQ(snapshot->lans.size(), 1U);
  EXPECT_EQ(snapshot->lans[0].name, "native");
  EXPECT_EQ(snapshot->lans[0].link, 1);  // guests, lan, wan
}

TEST(RelaySnapshot, UsesTheWansAddressByDefault) {
  const Tunnel tunnel = built(relay_config(), relay_state())->tunnels.at(0);
  EXPECT_EQ(tunnel.local, ip4("11.0.0.3"));
  EXPECT_EQ(tunnel.external, ip4("11.0.0.3"));
  EXPECT_TRUE(tunnel.anycast.is_unspecified());
}

// proves: D15
TEST(RelaySnapshot, UsesItsUnicastAddressWhereThereIsOne) {
  config::Config config = relay_config();
  config.relay->unicast = ip4("11.0.5.5");
  config.relay->anycast = ip4("192.88.99.1");
  config.relay->sites = {net4("11.0.0.0/8")};
  const Tunnel tunnel = built(config, relay_state())->tunnels.at(0);
  EXPECT_EQ(tunnel.local, ip4("11.0.5.5"));
  EXPECT_EQ(tunnel.external, ip4("11.0.5.5"));
  EXPECT_EQ(tunnel.anycast, ip4("192.88.99.1"));
  EXPECT_EQ(tunnel.sites, std::vector{net4("11.0.0.0/8")});
}

// proves: C28
TEST(RelaySnapshot, HasTheLimitOfASiteInBytes) {
  config::Config config = relay_config();
  EXPECT_FALSE(built(config, relay_state())->site_limit.on());
  config.relay->site_rate = 8;
  config.relay->site_burst = std::chrono::milliseconds(250);
  EXPECT_EQ(built(config, relay_state())->site_limit, (SiteLimit{1'000'000, 250'000}));
}

// 192.88.99.1 is c058:6301, 11.0.0.3 is 0b00:0003.
TEST(RelaySnapshot, AnswersForTheFormsOfBothAddresses) {
  config::Config config = relay_config();
  config.relay->anycast = ip4("192.88.99.1");
  EXPECT_EQ(built(config, relay_state())->tunnel_addresses,
            (std::vector{ip6("2002:b00:3::"), ip6("2002:b00:3::1"), ip6("2002:c058:6301::"),
                         ip6("2002:c058:6301::1")}));
}

TEST(RelaySnapshot, RoutesSitesIntoTheTunnelAndTheRestToTheNativeGateway) {
  const auto snapshot = built(relay_config(), relay_state());
  EXPECT_EQ(snapshot->routes.lookup(ip6("2600:41::77"), ip6("2002:b00:2a::1"))->kind,
            RouteKind::tunnel_direct);
  const Route* native = snapshot->routes.lookup(ip6("2600:41::77"), ip6("2a00::1"));
  EXPECT_EQ(native->kind, RouteKind::native);
  EXPECT_EQ(native->next_hop, ip6("2600:41::1"));
  EXPECT_EQ(snapshot->routes.lookup(ip6("2600:41::77"), ip6("2600:41::77"))->kind, RouteKind::on_link);
}

// proves: B23
TEST(RelaySnapshot, ServesNoSiteWithoutAUsableAddress) {
  SiteState state = relay_state();
  state.wan_address = ip4("10.0.0.3");
  state.external.reset();
  const auto snapshot = built(relay_config(), state);
  EXPECT_FALSE(snapshot->tunnels.at(0).up);
  EXPECT_TRUE(snapshot->tunnel_addresses.empty());
  EXPECT_EQ(snapshot->routes.lookup(ip6("2600:41::77"), ip6("2002:b00:2a::1"))->kind, RouteKind::null_route);
}

}  // namespace
}  // namespace gate41::testing
