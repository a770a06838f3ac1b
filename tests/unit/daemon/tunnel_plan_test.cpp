// What a configured tunnel is at the moment.
#include "control/daemon/tunnel_plan.hpp"

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

SiteState site_at(const char* address) {
  SiteState state;
  state.wan_address = ip4(address);
  state.external = ip4(address);
  return state;
}

config::Config with(const config::Tunnel& tunnel) {
  config::Config config = gateway_config();
  config.tunnels = {tunnel};
  return config;
}

TunnelPlan plan(const config::Tunnel& tunnel, const SiteState& state) {
  return plan_tunnel(with(tunnel), tunnel, state);
}

config::Tunnel automatic() {
  config::Tunnel tunnel;
  tunnel.mode = config::TunnelMode::automatic;
  tunnel.relays = {ip4("192.88.99.1")};
  return tunnel;
}

config::Tunnel six_rd() {
  config::Tunnel tunnel;
  tunnel.mode = config::TunnelMode::six_rd;
  tunnel.relays = {ip4("10.9.9.9")};
  tunnel.six_rd = config::SixRd{net6("2600:41::/32"), 8, false};
  return tunnel;
}

config::Tunnel broker() {
  config::Tunnel tunnel;
  tunnel.mode = config::TunnelMode::six_in_four;
  tunnel.six_in_four = config::SixInFour{.remote = ip4("12.9.9.9"),
                                         .address = ip6("2600:41:0:2::2"),
                                         .peer = ip6("2600:41:0:2::1"),
                                         .prefix = net6("2600:41:1::/48"),
                                         .routes = {kEveryIpv6}};
  return tunnel;
}

}  // namespace

// proves: E7 M25
TEST(TunnelPlan, AutoIs6rdWhileTheDhcpServerOffersIt) {
  SiteState state = site_at("10.1.0.2");
  state.offered = dhcp::SixRd{8, net6("2600:41::/32"), {ip4("10.9.9.9")}};
  const TunnelPlan offered = plan(automatic(), state);
  EXPECT_EQ(offered.kind, TunnelKind::six_rd);
  EXPECT_EQ(offered.relays, std::vector{ip4("10.9.9.9")});
  ASSERT_TRUE(offered.delegation);
  EXPECT_EQ(offered.delegation->prefix, net6("2600:41:100:200::/56"));
}

// proves: E7
TEST(TunnelPlan, AnOfferThatTheConfigurationWouldRefuseIsNone) {
  const auto of = [](const char* prefix) {
    return objection(gateway_config(), {0, net6(prefix), {ip4("10.9.9.9")}});
  };
  EXPECT_EQ(of("2600:41::/32"), "");
  EXPECT_EQ(of("2001:db8::/32"), "2001:db8::/32 is in documentation");
  EXPECT_EQ(of("2002:b00::/32"), "2002:b00::/32 is 6to4's");
  EXPECT_EQ(of("2000::/8"), "2000::/8 is too short for a domain");
  EXPECT_EQ(of("fc00::/16"), "fc00::/16 is in unique local");
}

// proves: E7
TEST(TunnelPlan, AnOfferOfWhatAnotherTunnelHasIsNone) {
  config::Config config = with(broker());
  config.tunnels.front().name = "broker";
  const dhcp::SixRd offer{0, net6("2600:41::/32"), {ip4("10.9.9.9")}};
  EXPECT_EQ(objection(config, offer), "") << "nobody follows it";
  config.tunnels.push_back(automatic());
  EXPECT_EQ(objection(config, offer), "2600:41::/32 overlaps the prefix of tunnel broker");
}

TEST(TunnelPlan, AutoIs6to4WithoutAnOffer) {
  const TunnelPlan plain = plan(automatic(), site_at("11.0.0.2"));
  EXPECT_EQ(plain.kind, TunnelKind::six_to_four);
  EXPECT_EQ(plain.delegation->prefix, net6("2002:b00:2::/48"));
  EXPECT_EQ(plain.relays, std::vector{ip4("192.88.99.1")});
}

// proves: E2 E28
TEST(TunnelPlan, Of6rdTakesThePrivateAddressAsItIs) {
  SiteState state = site_at("10.1.0.2");
  state.external.reset();
  const TunnelPlan edge = plan(six_rd(), state);
  EXPECT_TRUE(edge.up());
  EXPECT_EQ(edge.domain.sites, net4("10.0.0.0/8"));
  EXPECT_EQ(edge.delegation->prefix, net6("2600:41:100:200::/56"));
  EXPECT_EQ(edge.delegation->tunnel_address, ip6("2600:41:100:200::1"));
  EXPECT_TRUE(edge.direct);
}

// proves: P32
TEST(TunnelPlan, OfHubAndSpokeReachesNoSiteDirectly) {
  config::Tunnel tunnel = six_rd();
  tunnel.six_rd->hub_and_spoke = true;
  EXPECT_FALSE(plan(tunnel, site_at("10.1.0.2")).direct);
}

TEST(TunnelPlan, IsDownWhereTheOtherEndIsThisMachine) {
  const TunnelPlan own_relay = plan(six_rd(), site_at("10.9.9.9"));
  EXPECT_FALSE(own_relay.delegation);
  EXPECT_EQ(own_relay.missing, "the border relay 10.9.9.9 is this machine itself");
  EXPECT_EQ(plan(broker(), site_at("12.9.9.9")).missing, "the peer 12.9.9.9 is this machine itself");
}

TEST(TunnelPlan, OfABrokerIsWhatIsConfigured) {
  const TunnelPlan configured = plan(broker(), site_at("192.168.1.5"));
  EXPECT_EQ(configured.kind, TunnelKind::six_in_four);
  EXPECT_EQ(configured.relays, std::vector{ip4("12.9.9.9")});
  EXPECT_EQ(configured.delegation->prefix, net6("2600:41:1::/48"));
  EXPECT_EQ(configured.delegation->tunnel_address, ip6("2600:41:0:2::2"));
  EXPECT_EQ(configured.external, ip4("192.168.1.5"));
  EXPECT_FALSE(configured.direct);
}

// proves: A3
TEST(TunnelPlan, IsDownWithoutAnAddress) {
  for (const config::Tunnel& tunnel : {automatic(), six_rd(), broker()}) {
    const TunnelPlan down = plan(tunnel, SiteState());
    EXPECT_EQ(down.missing, "the WAN has no IPv4 address");
    EXPECT_FALSE(down.delegation);
  }
  SiteState unknown = site_at("192.168.1.5");
  unknown.external.reset();
  EXPECT_EQ(plan(automatic(), unknown).missing, "the external address is not known");
}

TEST(TunnelPlan, OnlyModesThatMayBe6to4NeedTheExternalAddress) {
  EXPECT_TRUE(needs_external_address(with(automatic())));
  EXPECT_FALSE(needs_external_address(with(six_rd())));
  EXPECT_FALSE(needs_external_address(with(broker())));
}

}  // namespace gate41::testing
