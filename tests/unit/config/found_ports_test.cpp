// `ports: auto`: names without devices, and what becomes of them.
#include "config/found_ports.hpp"

#include "cases.hpp"

namespace gate41::config {
namespace {

constexpr std::string_view kMap =
    "ports:\n"
    "  wan: { device: net_null0 }\n"
    "  lan: { device: net_null1 }\n";

std::string with_auto() { return replaced(kGateway, kMap, "ports: auto\n"); }

Config placed(const std::string& wan, const std::string& lan) {
  Config config = loaded(with_auto());
  place_ports(config, found_ports(wan, lan));
  return config;
}

TEST(FoundPorts, AreNamedBeforeTheyAreFound) {
  const Config config = loaded(with_auto());
  EXPECT_TRUE(config.ports_auto);
  ASSERT_EQ(config.ports.size(), 2U);
  EXPECT_EQ(config.ports.at("wan").device, "");
  EXPECT_EQ(config.ports.at("lan").device, "");
}

TEST(FoundPorts, OfAMapAreNone) { EXPECT_FALSE(loaded(kGateway).ports_auto); }

TEST(FoundPorts, GetTheirDevices) {
  const Config config = placed("net_null0", "net_null1");
  EXPECT_EQ(config.ports.at("wan").device, "net_null0");
  EXPECT_EQ(config.ports.at("lan").device, "net_null1");
  EXPECT_EQ(config.lans.at(0).port, "lan");
}

// proves: S49
TEST(FoundPorts, OfOneDeviceAreOneForWanAndLan) {
  const Config config = placed("net_null0", "");
  EXPECT_EQ(config.ports.size(), 1U);
  EXPECT_EQ(config.wan.port, "wan");
  EXPECT_EQ(config.lans.at(0).port, "wan");
}

TEST(FoundPorts, AreNoChangeToTheFileThatAsksForThem) {
  const Config running = placed("net_null0", "");
  Config wanted = loaded(with_auto());
  place_ports(wanted, running.ports);
  EXPECT_EQ(restart_changes(running, wanted), std::vector<std::string>{});
}

TEST(FoundPorts, NamedInsteadAreAChange) {
  EXPECT_EQ(restart_changes(placed("net_null0", "net_null1"), loaded(kGateway)),
            std::vector<std::string>{"ports"});
}

TEST(FoundPorts, HaveNoOtherNames) {
  EXPECT_EQ(problems_of(replaced(with_auto(), "port: lan", "port: home")),
            "f:11:11: lans.home.port: no port \"home\"; allowed: lan, wan\n");
}

TEST(FoundPorts, AreAWordAlone) {
  EXPECT_EQ(problems_of(replaced(kGateway, kMap, "ports: automatic\n")),
            "f:2:8: ports: a single value stands here; allowed: auto, or a map of names\n"
            "f:4:9: wan.port: no port \"wan\"; allowed: none is defined\n"
            "f:11:11: lans.home.port: no port \"lan\"; allowed: none is defined\n");
}

// A relay's ports are not told apart by DHCP.
TEST(FoundPorts, AreAGatewaysOnly) {
  EXPECT_NE(problems_of(replaced(kRelay,
                                 "ports:\n"
                                 "  wan: { device: net_null0 }\n"
                                 "  six: { device: net_null1 }\n",
                                 "ports: auto\n"))
                .find("f:2:8: ports: auto has no place in role relay; allowed: a map of names\n"),
            std::string::npos);
}

// proves: X4
TEST(FoundPorts, AreWhatTheAppliancesConfigurationAsksFor) {
  const auto config = load_file(config_file("../appliance/config/gate41.yaml"));
  ASSERT_TRUE(config) << config.error().at(0).to_string();
  EXPECT_TRUE(config->ports_auto);
  EXPECT_FALSE(config->wan.static_ipv4);
  ASSERT_EQ(config->tunnels.size(), 1U);
  EXPECT_EQ(config->tunnels[0].mode, TunnelMode::automatic);
  EXPECT_EQ(config->tunnels[0].relays, std::vector{Ipv4Address::of(192, 88, 99, 1)});
  ASSERT_EQ(config->lans.size(), 1U);
  EXPECT_EQ(config->lans[0].when_others, Lan::WhenOthers::hold);
}

}  // namespace
}  // namespace gate41::config
