// Engines' settings as they follow from configuration and state.
#include "control/daemon/settings.hpp"

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(DiscoverySettings, AreTheConfigurations) {
  config::Config config = gateway_config();
  config.wan.external.from = {config::ExternalAddress::Source::http,
                              config::ExternalAddress::Source::interface};
  config.wan.external.literal = ip4("11.0.0.42");
  config.wan.external.urls = {"http://a/"};
  config.wan.external.agree = 3;
  config.wan.external.period = seconds(90);
  config.wan.external.behind_nat_allowed = false;
  config.lab_allow_v4 = {net4("192.0.2.0/24")};
  const address::Settings settings = discovery_settings(config);
  EXPECT_EQ(settings.from, (std::vector{address::Source::http, address::Source::interface}));
  EXPECT_EQ(settings.literal, ip4("11.0.0.42"));
  EXPECT_EQ(settings.urls, config.wan.external.urls);
  EXPECT_EQ(settings.agree, 3U);
  EXPECT_EQ(settings.period, seconds(90));
  EXPECT_FALSE(settings.behind_nat_allowed);
  EXPECT_EQ(settings.lab_allow, config.lab_allow_v4);
}

TEST(DiscoverySettings, OfARelayKnowTheInterfaceOnlyAndNoNat) {
  config::Config config = relay_config();
  config.wan.external.literal = ip4("11.0.0.42");
  config.wan.external.urls = {"http://a/"};
  const address::Settings settings = discovery_settings(config);
  EXPECT_EQ(settings.from, std::vector{address::Source::interface});
  EXPECT_EQ(settings.literal, std::nullopt);
  EXPECT_TRUE(settings.urls.empty());
  EXPECT_FALSE(settings.behind_nat_allowed);
}

// proves: M6
TEST(DhcpSettings, AskForBroadcastAnswersWhenConfigured) {
  config::Config config = gateway_config();
  EXPECT_FALSE(dhcp_settings(config.wan, kWanMac, {}).broadcast);
  config.wan.dhcp_broadcast = true;
  EXPECT_TRUE(dhcp_settings(config.wan, kWanMac, {}).broadcast);
}

// proves: E7
TEST(DhcpSettings, LeaveOption212OutWhenConfigured) {
  config::Config config = gateway_config();
  EXPECT_TRUE(dhcp_settings(config.wan, kWanMac, {}).six_rd);
  config.wan.dhcp_option_212 = false;
  EXPECT_FALSE(dhcp_settings(config.wan, kWanMac, {}).six_rd);
}

TEST(DhcpSettings, AskForTimeServersOnlyWhenConfigured) {
  config::Config config = gateway_config();
  EXPECT_FALSE(dhcp_settings(config.wan, kWanMac, {}).time_servers);
  config.wan.dhcp_option_42 = true;
  EXPECT_TRUE(dhcp_settings(config.wan, kWanMac, {}).time_servers);
}

TEST(DhcpSettings, CarryMacAndClientId) {
  const dhcp::Settings settings = dhcp_settings(gateway_config().wan, kWanMac, {1, 2});
  EXPECT_EQ(settings.mac, kWanMac);
  EXPECT_EQ(settings.client_id, (std::vector<uint8_t>{1, 2}));
}

// proves: U2
TEST(BrokerSettings, AreThoseOfTheConfiguration) {
  config::Broker broker{.url = "https://tb.example/", .host = "1", .credentials = "/c", .ca = {}};
  broker.period = std::chrono::hours(2);
  const auto settings = broker_settings(broker);
  EXPECT_EQ(settings.url, "https://tb.example/");
  EXPECT_EQ(settings.host, "1");
  EXPECT_EQ(settings.period, std::chrono::hours(2));
  EXPECT_EQ(settings.send_address, broker::SendAddress::automatic);
  broker.send_address = config::Broker::SendAddress::yes;
  EXPECT_EQ(broker_settings(broker).send_address, broker::SendAddress::yes);
  broker.send_address = config::Broker::SendAddress::no;
  EXPECT_EQ(broker_settings(broker).send_address, broker::SendAddress::no);
}

TEST(OwnAddress, IsTheWans) {
  EXPECT_EQ(own_address(gateway_config(), gateway_state()), ip4("192.168.1.5"));
  EXPECT_EQ(own_address(relay_config(), relay_state()), ip4("11.0.0.3"));
}

TEST(OwnAddress, OfARelayIsItsUnicastAddressWhileThereIsAWan) {
  config::Config config = relay_config();
  config.relay->unicast = ip4("11.0.5.5");
  SiteState state = relay_state();
  EXPECT_EQ(own_address(config, state), ip4("11.0.5.5"));
  state.wan_address.reset();
  EXPECT_EQ(own_address(config, state), std::nullopt);
}

TEST(HealthSettings, ProbeTheConfiguredRelaysFromTheTunnelsAddress) {
  config::Config config = gateway_config();
  config.tunnels.front().probe_interval = milliseconds(2500);
  config.tunnels.front().probe_misses = 4;
  const auto settings =
      health_settings(config.tunnels.front(), planned(config, gateway_state()).tunnels[0].plan);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->own, ip6("2002:b00:2a::1"));
  EXPECT_EQ(settings->relays, (std::vector{ip4("192.88.99.1"), ip4("11.0.0.9")}));
  EXPECT_EQ(settings->interval, milliseconds(2500));
  EXPECT_EQ(settings->misses, 4U);
}

// proves: D33
TEST(HealthSettings, AskAPeerAsANeighbourTooAndARelayOnlyInItsForm) {
  config::Config config = gateway_config();
  const auto of = [&] {
    return health_settings(config.tunnels.front(), planned(config, gateway_state()).tunnels[0].plan);
  };
  EXPECT_EQ(of()->second, (std::vector<std::optional<relay::Question>>(2)));
  config.tunnels.front().mode = config::TunnelMode::six_in_four;
  config.tunnels.front().six_in_four = config::SixInFour{.remote = ip4("12.9.9.9"),
                                                         .address = ip6("2600:41:0:2::2"),
                                                         .peer = ip6("2600:41:0:2::1"),
                                                         .prefix = net6("2600:41:1::/48"),
                                                         .routes = {}};
  EXPECT_EQ(
      of()->second,
      (std::vector{std::optional(relay::Question{relay::ProbeForm::neighbour, ip6("2600:41:0:2::1")})}));
}

// proves: E21
TEST(HealthSettings, AskABorderRelayAtItsAnycastAddressTooWhereItIsOfTheDomain) {
  config::Config config = gateway_config();
  config.tunnels.front().mode = config::TunnelMode::six_rd;
  config.tunnels.front().six_rd = config::SixRd{net6("2600:41::/32"), 16, false};
  config.tunnels.front().relays = {ip4("192.168.9.9"), ip4("12.9.9.9")};  // we are 192.168.1.5
  const auto settings =
      health_settings(config.tunnels.front(), planned(config, gateway_state()).tunnels[0].plan);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->second,
            (std::vector<std::optional<relay::Question>>{
                relay::Question{relay::ProbeForm::relay_form, ip6("2600:41:909::")}, std::nullopt}));
}

TEST(HealthSettings, AreNoneWithoutAPrefixOrRelays) {
  const auto of = [](const config::Config& config, const SiteState& state) {
    return health_settings(config.tunnels.front(), planned(config, state).tunnels[0].plan);
  };
  SiteState state = gateway_state();
  state.external.reset();
  EXPECT_EQ(of(gateway_config(), state), std::nullopt);
  config::Config config = gateway_config();
  config.tunnels.front().relays.clear();
  EXPECT_EQ(of(config, gateway_state()), std::nullopt);
}

TEST(LanOrder, IsTheRunningOneWhateverTheFileSays) {
  const std::vector<config::Lan> running = gateway_config().lans;
  std::vector<config::Lan> wanted{running[1], running[0]};
  wanted[0].default_route = false;
  const auto lans = in_order_of(running, wanted);
  ASSERT_EQ(lans.size(), 2U);
  EXPECT_EQ(lans[0].name, "home");
  EXPECT_TRUE(lans[0].default_route);
  EXPECT_EQ(lans[1].name, "guests");
  EXPECT_FALSE(lans[1].default_route);
}

TEST(TunnelOrder, IsTheRunningOneWhateverTheFileSays) {
  std::vector<config::Tunnel> running(2);
  running[0].name = "provider";
  running[1].name = "broker";
  const auto tunnels = in_order_of(running, {running[1], running[0]});
  EXPECT_EQ(tunnels[0].name, "provider");
  EXPECT_EQ(tunnels[1].name, "broker");
}

config::Config with_a_broker() {
  config::Config config = gateway_config();
  config.tunnels.front().mode = config::TunnelMode::six_in_four;
  return config;
}

// proves: U2
TEST(SeenAddress, WithoutATunnelThatNeedsItIsTheWansOwn) {
  SiteState site;
  EXPECT_EQ(seen_address(with_a_broker(), site), std::nullopt);
  site.wan_address = ip4("11.0.0.2");
  EXPECT_EQ(seen_address(with_a_broker(), site), ip4("11.0.0.2"));
}

// proves: U2
TEST(SeenAddress, IsNeverAPrivateOne) {
  SiteState site;
  site.wan_address = ip4("192.168.1.2");
  EXPECT_EQ(seen_address(with_a_broker(), site), std::nullopt);
}

// proves: U2
TEST(SeenAddress, IsWhatTheConfigurationSaysOrWhatWasFound) {
  config::Config config = with_a_broker();
  config.wan.external.literal = ip4("11.5.5.5");
  SiteState site;
  site.wan_address = ip4("192.168.1.2");
  EXPECT_EQ(seen_address(config, site), ip4("11.5.5.5"));
  site.external = ip4("11.6.6.6");
  EXPECT_EQ(seen_address(gateway_config(), site), ip4("11.6.6.6"));
}

config::Filter filter_with_a_pinhole() {
  config::Filter filter;
  config::Pinhole hole;
  hole.protocol = ip_proto::kTcp;
  hole.lan = "home";
  hole.interface_id = 0x80;
  hole.port_first = 443;
  hole.port_last = 444;
  filter.inbound = {hole};
  return filter;
}

TEST(FilterChange, IsNoneWhereEverythingIsTheSame) {
  EXPECT_TRUE(decides_alike(filter_with_a_pinhole(), filter_with_a_pinhole()));
}

TEST(FilterChange, IsNoneWhereTheProfilesEchoIsWrittenOut) {
  config::Filter written = filter_with_a_pinhole();
  written.allow_echo = config::ByProfile::no;
  EXPECT_TRUE(decides_alike(filter_with_a_pinhole(), written));
}

TEST(FilterChange, IsEachFieldOfAPinholeTheProfileAndTheEcho) {
  const config::Filter filter = filter_with_a_pinhole();
  const auto differs = [&](auto change) {
    config::Filter other = filter;
    change(other);
    return !decides_alike(filter, other) && !decides_alike(other, filter);
  };
  EXPECT_TRUE(differs([](config::Filter& f) { f.allow_echo = config::ByProfile::yes; }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.mapping = config::Mapping::endpoint_independent; }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.profile = config::Profile::transparent; }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.inbound.clear(); }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.inbound[0].protocol = ip_proto::kUdp; }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.inbound[0].lan = "guests"; }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.inbound[0].interface_id = 0x81; }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.inbound[0].address = ip6("2002:b00:2:1::80"); }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.inbound[0].from = Ipv6Prefix::of(ip6("2600:41::"), 32); }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.inbound[0].port_first = 442; }));
  EXPECT_TRUE(differs([](config::Filter& f) { f.inbound[0].port_last = 445; }));
}

}  // namespace
}  // namespace gate41::testing
