// Good files: every key arrives in its field.
#include "cases.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::config {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kNothingDefault =
    "role: gateway\n"
    "instance: two\n"
    "ports:\n"
    "  wan: { device: \"0000:00:03.0\" }\n"
    "  lan: { device: \"net_af_packet0,iface=eth0\", vlan: 10 }\n"
    "wan:\n"
    "  port: wan\n"
    "  ipv4: { address: 11.0.0.2/24, gateway: 11.0.0.1, dns: [11.0.0.53, 10.0.0.53] }\n"
    "  acd: strict\n"
    "  alias_mac: 02:00:00:00:00:99\n"
    "  dhcp: { client_id: 00ff, release: true, broadcast: always, option_212: ignore, option_42: accept }\n"
    "  external_address:\n"
    "    from: [http]\n"
    "    http: { urls: [\"http://a/\", \"https://b/\", \"http://c/\"], agree: 3, period: 2h }\n"
    "    behind_nat: refuse\n"
    "tunnels:\n"
    "  main:\n"
    "    mode: 6to4\n"
    "    relays: [192.88.99.1, 11.0.0.3]\n"
    "    mtu: 1480\n"
    "    probe: { interval: 250ms, misses: 5 }\n"
    "    accept: relays\n"
    "    dscp: 46\n"
    "    ecn: compatibility\n"
    "lans:\n"
    "  home:\n"
    "    port: lan\n"
    "    subnet_id: 65535\n"
    "    advertise:\n"
    "      preference: high\n"
    "      rdnss: [\"2600:41::53\", \"fe80::1\"]\n"
    "      dnssl: [home.example, example]\n"
    "      when_others: send\n"
    "      default_route: false\n"
    "    neighbours: { lladdr_source: ethernet }\n"
    "filter:\n"
    "  profile: transparent\n"
    "  max_flows: 4096\n"
    "  host_flows: 64\n"
    "  allow_echo: true\n"
    "  mapping: endpoint-independent\n"
    "  timeouts: { udp: 1s, icmpv6_echo: 90s }\n"
    "  inbound:\n"
    "    - { proto: tcp, lan: home, interface_id: \"::80\", port: 443 }\n"
    "    - { proto: udp, lan: home, interface_id: \"::1:0:0:2\", port: \"1000-2000\" }\n"
    "    - { proto: echo, lan: home, interface_id: \"::80\" }\n"
    "    - { proto: 47, lan: home, address: \"2600:43::7\", from: \"2600:41::/32\" }\n"
    "host: { netns: none, accept: [bfd, bgp] }\n"
    "workers: { cores: [3], rx_mode: polling }\n"
    "eal: { hugepages: false, memory: 1G, args: [\"-d\", \"x.so\"] }\n"
    "on_stop: { prefixes: deprecate, final_ras: 3 }\n"
    "lab_allow_prefixes: [198.18.0.0/16, \"2001:db8:1::/48\"]\n"
    "state: /srv/state\n"
    "management: { socket: /run/s, group: wheel }\n"
    "log: { syslog: 11.0.0.5 }\n";

const Config& everything() {
  static const Config config = loaded(kNothingDefault);
  return config;
}

TEST(LoadText, ReadsThePorts) {
  ASSERT_EQ(everything().ports.size(), 2U);
  EXPECT_EQ(everything().ports.at("wan").device, "0000:00:03.0");
  EXPECT_EQ(everything().ports.at("wan").vlan, 0);
  EXPECT_EQ(everything().ports.at("lan").device, "net_af_packet0,iface=eth0");
  EXPECT_EQ(everything().ports.at("lan").vlan, 10);
}

TEST(LoadText, ReadsTheStaticAddress) {
  const auto& ipv4 = everything().wan.static_ipv4;
  ASSERT_TRUE(ipv4);
  EXPECT_EQ(ipv4->address, Ipv4Address::of(11, 0, 0, 2));
  EXPECT_EQ(ipv4->subnet, (Ipv4Prefix{Ipv4Address::of(11, 0, 0, 0), 24}));
  EXPECT_EQ(ipv4->gateway, Ipv4Address::of(11, 0, 0, 1));
  EXPECT_EQ(ipv4->dns, (std::vector{Ipv4Address::of(11, 0, 0, 53), Ipv4Address::of(10, 0, 0, 53)}));
}

TEST(LoadText, ReadsTheWan) {
  const Wan& wan = everything().wan;
  EXPECT_EQ(wan.port, "wan");
  EXPECT_TRUE(wan.acd_strict);
  EXPECT_EQ(wan.dhcp_client_id, "00ff");
  EXPECT_TRUE(wan.dhcp_release);
  EXPECT_TRUE(wan.dhcp_broadcast);
  EXPECT_FALSE(wan.dhcp_option_212);
  EXPECT_TRUE(wan.dhcp_option_42);
  EXPECT_EQ(wan.alias_mac, (MacAddress{{0x02, 0, 0, 0, 0, 0x99}}));
}

TEST(LoadText, ReadsTheExternalAddress) {
  const ExternalAddress& external = everything().wan.external;
  EXPECT_EQ(external.from, std::vector{ExternalAddress::Source::http});
  EXPECT_FALSE(external.literal);
  EXPECT_EQ(external.urls, (std::vector<std::string>{"http://a/", "https://b/", "http://c/"}));
  EXPECT_EQ(external.agree, 3U);
  EXPECT_EQ(external.period, 2h);
  EXPECT_FALSE(external.behind_nat_allowed);
}

TEST(LoadText, ReadsALiteralExternalAddress) {
  const Config config =
      loaded(replaced(kGateway, "  port: wan\n", "  port: wan\n  external_address: { from: 11.0.0.9 }\n"));
  EXPECT_EQ(config.wan.external.literal, Ipv4Address::of(11, 0, 0, 9));
}

TEST(LoadText, KeepsTheOrderOfSources) {
  using enum ExternalAddress::Source;
  const Config config = loaded(replaced(kGateway, "  port: wan\n",
                                        "  port: wan\n  external_address: { from: [http, interface], http: { "
                                        "urls: [\"http://a/\"], agree: 1 } }\n"));
  EXPECT_EQ(config.wan.external.from, (std::vector{http, ExternalAddress::Source::interface}));
}

TEST(LoadText, ReadsTheTunnel) {
  ASSERT_EQ(everything().tunnels.size(), 1U);
  const Tunnel& tunnel = everything().tunnels[0];
  EXPECT_EQ(tunnel.name, "main");
  EXPECT_EQ(tunnel.mode, TunnelMode::six_to_four);
  EXPECT_EQ(tunnel.relays, (std::vector{Ipv4Address::of(192, 88, 99, 1), Ipv4Address::of(11, 0, 0, 3)}));
  EXPECT_EQ(tunnel.mtu, 1480);
  EXPECT_EQ(tunnel.probe_interval, 250ms);
  EXPECT_EQ(tunnel.probe_misses, 5U);
  EXPECT_TRUE(tunnel.accept_relays_only);
  EXPECT_FALSE(tunnel.dscp_copy);
  EXPECT_EQ(tunnel.dscp, 46);
  EXPECT_TRUE(tunnel.ecn_compatibility);
}

TEST(LoadText, ReadsDscpCopy) {
  const Config config = loaded(replaced(kGateway, "mode: 6to4\n", "mode: 6to4\n    dscp: copy\n"));
  EXPECT_TRUE(config.tunnels.at(0).dscp_copy);
}

TEST(LoadText, ReadsTheLan) {
  ASSERT_EQ(everything().lans.size(), 1U);
  const Lan& lan = everything().lans[0];
  EXPECT_EQ(lan.name, "home");
  EXPECT_EQ(lan.port, "lan");
  EXPECT_EQ(lan.subnet_id, 65535);
  EXPECT_EQ(lan.preference, Lan::Preference::high);
  EXPECT_EQ(lan.rdnss, (std::vector{*Ipv6Address::parse("2600:41::53"), *Ipv6Address::parse("fe80::1")}));
  EXPECT_EQ(lan.dnssl, (std::vector<std::string>{"home.example", "example"}));
  EXPECT_EQ(lan.when_others, Lan::WhenOthers::send);
  EXPECT_FALSE(lan.default_route);
  EXPECT_EQ(lan.lladdr_source, Lan::LladdrSource::ethernet);
}

TEST(LoadText, KeepsLansInTheOrderOfTheFile) {
  const Config config =
      loaded(replaced(kGateway, "  home:\n", "  zoo: { port: wan, subnet_id: 2 }\n  home:\n"));
  ASSERT_EQ(config.lans.size(), 2U);
  EXPECT_EQ(config.lans[0].name, "zoo");
}

TEST(LoadText, ReadsPinholes) {
  const Filter& filter = everything().filter;
  ASSERT_EQ(filter.inbound.size(), 4U);
  EXPECT_EQ(filter.inbound[0].protocol, ip_proto::kTcp);
  EXPECT_EQ(filter.inbound[0].lan, "home");
  EXPECT_EQ(filter.inbound[0].interface_id, 0x80U);
  EXPECT_EQ(filter.inbound[0].port_first, 443);
  EXPECT_EQ(filter.inbound[0].port_last, 443);
  EXPECT_EQ(filter.inbound[1].protocol, ip_proto::kUdp);
  EXPECT_EQ(filter.inbound[1].interface_id, 0x0001'0000'0000'0002U);
  EXPECT_EQ(filter.inbound[1].port_first, 1000);
  EXPECT_EQ(filter.inbound[1].port_last, 2000);
  EXPECT_EQ(filter.inbound[2].protocol, ip_proto::kIcmpv6);
  EXPECT_EQ(filter.inbound[2].port_last, 0);
  EXPECT_FALSE(filter.inbound[2].address);
  EXPECT_EQ(filter.inbound[2].from, kEveryIpv6);
  EXPECT_EQ(filter.inbound[3].protocol, ip_proto::kGre);
  EXPECT_EQ(filter.inbound[3].address, Ipv6Address::parse("2600:43::7"));
  EXPECT_EQ(filter.inbound[3].from, Ipv6Prefix::parse("2600:41::/32"));
}

TEST(LoadText, KnowsEveryProtocolOfPinholes) {
  const std::pair<const char*, uint8_t> protocols[] = {
      {"tcp", ip_proto::kTcp},   {"udp", ip_proto::kUdp},   {"udp-lite", ip_proto::kUdpLite},
      {"sctp", ip_proto::kSctp}, {"dccp", ip_proto::kDccp}, {"echo", ip_proto::kIcmpv6},
      {"esp", ip_proto::kEsp},   {"ah", ip_proto::kAh},     {"hip", ip_proto::kHip},
      {"4", ip_proto::kIpip},    {"50", ip_proto::kEsp},    {"255", uint8_t{255}},
  };
  for (const auto& [word, number] : protocols) {
    const bool ports = number == ip_proto::kTcp || number == ip_proto::kUdp || number == ip_proto::kUdpLite ||
                       number == ip_proto::kSctp || number == ip_proto::kDccp;
    const Config config = loaded(replaced(kGateway, "state:",
                                          std::string("filter: { inbound: [ { proto: ") + word +
                                              ", lan: home, interface_id: \"::80\"" +
                                              (ports ? ", port: 5" : "") + " } ] }\nstate:"));
    ASSERT_EQ(config.filter.inbound.size(), 1U) << word;
    EXPECT_EQ(config.filter.inbound[0].protocol, number) << word;
  }
}

TEST(LoadText, ReadsTheFilter) {
  EXPECT_EQ(everything().filter.profile, Profile::transparent);
  EXPECT_EQ(everything().filter.max_flows, 4096U);
  EXPECT_EQ(everything().filter.host_flows, 64U);
  EXPECT_EQ(everything().filter.allow_echo, ByProfile::yes);
  EXPECT_EQ(everything().filter.mapping, Mapping::endpoint_independent);
  EXPECT_EQ(everything().filter.timeouts.udp, 1s);
  EXPECT_EQ(everything().filter.timeouts.icmpv6_echo, 90s);
  EXPECT_EQ(everything().filter.timeouts.generic, 300s);
}

TEST(LoadText, ReadsTheMachine) {
  const Config& config = everything();
  EXPECT_EQ(config.instance, "two");
  EXPECT_EQ(config.host_netns, "none");
  EXPECT_EQ(config.host_accept, (std::vector{HostProtocol::bfd, HostProtocol::bgp}));
  EXPECT_EQ(config.worker_cores, std::vector{3U});
  EXPECT_EQ(config.rx_mode, RxMode::polling);
  EXPECT_FALSE(config.eal_hugepages);
  EXPECT_FALSE(config.eal_hugepages_auto);
  EXPECT_EQ(config.eal_memory, uint64_t{1} << 30U);
  EXPECT_EQ(config.eal_args, (std::vector<std::string>{"-d", "x.so"}));
  EXPECT_EQ(config.state_dir, "/srv/state");
  EXPECT_EQ(config.socket, "/run/s");
  EXPECT_EQ(config.socket_group, "wheel");
}

TEST(LoadText, ReadsTheStopAndTheLaboratory) {
  const Config& config = everything();
  EXPECT_TRUE(config.on_stop.deprecate);
  EXPECT_EQ(config.on_stop.final_ras, 3U);
  EXPECT_EQ(config.lab_allow_v4, std::vector{*Ipv4Prefix::parse("198.18.0.0/16")});
  EXPECT_EQ(config.lab_allow_v6, std::vector{*Ipv6Prefix::parse("2001:db8:1::/48")});
}

TEST(LoadText, ReadsTheRelay) {
  const Config config = loaded(replaced(
      kRelay, "  native:",
      "  anycast: 192.88.99.1\n  sites: [11.0.0.0/8, 12.0.0.1]\n  routes: { max: 200000 }\n  native:"));
  ASSERT_TRUE(config.relay);
  EXPECT_EQ(config.role, Role::relay);
  EXPECT_EQ(config.relay->anycast, Ipv4Address::of(192, 88, 99, 1));
  EXPECT_EQ(config.relay->unicast, Ipv4Address::of(11, 0, 0, 3));
  EXPECT_EQ(config.relay->native_port, "six");
  EXPECT_EQ(config.relay->native_address, Ipv6Address::parse("2600:41::3"));
  EXPECT_EQ(config.relay->native_length, 64);
  EXPECT_EQ(config.relay->native_gateway, Ipv6Address::parse("2600:41::1"));
  EXPECT_EQ(config.relay->max_routes, 200000U);
  EXPECT_EQ(config.relay->sites,
            (std::vector{*Ipv4Prefix::parse("11.0.0.0/8"), *Ipv4Prefix::parse("12.0.0.1")}));
}

// proves: C28
TEST(LoadText, ARelayLimitsNoSiteUnlessToldTo) {
  EXPECT_EQ(loaded(kRelay).relay->site_rate, 0U);
  EXPECT_EQ(loaded(replaced(kRelay, "  native:", "  site_limit: { rate: off }\n  native:")).relay->site_rate,
            0U);
}

// proves: C28
TEST(LoadText, ReadsTheLimitOfASite) {
  const Config config = loaded(replaced(kRelay, "  native:", "  site_limit: { rate: 20 }\n  native:"));
  EXPECT_EQ(config.relay->site_rate, 20U);
  EXPECT_EQ(config.relay->site_burst, Milliseconds(100));
  const Config with =
      loaded(replaced(kRelay, "  native:", "  site_limit: { rate: 20, burst: 2s }\n  native:"));
  EXPECT_EQ(with.relay->site_burst, Milliseconds(2000));
}

TEST(LoadText, ARelayNeverStandsBehindNat) { EXPECT_FALSE(loaded(kRelay).wan.external.behind_nat_allowed); }

TEST(LoadText, TakesALinkLocalNativeGateway) {
  EXPECT_EQ(problems_of(replaced(kRelay, "2600:41::1", "fe80::1")), "ok\n");
}

TEST(LoadText, TheLaboratoryLiftsDocumentationBlocks) {
  const std::string relay = replaced(kRelay, "unicast: 11.0.0.3", "unicast: 192.0.2.3");
  EXPECT_EQ(problems_of(relay + "lab_allow_prefixes: [192.0.2.0/24]\n"), "ok\n");
}

TEST(LoadText, TheInstanceNamesNamespaceAndSocket) {
  const Config config = loaded(std::string(kGateway) + "instance: two\n");
  EXPECT_EQ(config.host_netns, "two");
  EXPECT_EQ(config.socket, "/run/gate41/two.sock");
}

TEST(LoadText, TheDefaultsAreThoseOfTheModel) {
  const Config config = loaded(kGateway);
  const Config model;
  EXPECT_EQ(config.instance, model.instance);
  EXPECT_EQ(config.host_netns, model.host_netns);
  EXPECT_EQ(config.socket, model.socket);
  EXPECT_FALSE(config.wan.static_ipv4);
  EXPECT_TRUE(config.wan.external.behind_nat_allowed);
}

// A router must be asked for by name.
TEST(LoadText, NoLanIsThereUnlessTheFileNamesIt) {
  EXPECT_TRUE(loaded(replaced(kGateway, "lans:\n  home:\n    port: lan\n", "")).lans.empty());
}

// proves: D3
TEST(LoadText, TheTunnelMtuIs1280Unasked) { EXPECT_EQ(loaded(kGateway).tunnels.at(0).mtu, 1280); }

// proves: D4
TEST(LoadText, TheTunnelMtuHasAKnob) {
  EXPECT_EQ(loaded(replaced(kGateway, "mode: 6to4\n", "mode: 6to4\n    mtu: 1480\n")).tunnels.at(0).mtu,
            1480);
}

// proves: X1 X10
TEST(LoadText, TheTunnelMtuMayFollowThePath) {
  EXPECT_FALSE(loaded(kGateway).tunnels.at(0).mtu_auto);
  EXPECT_TRUE(
      loaded(replaced(kGateway, "mode: 6to4\n", "mode: 6to4\n    mtu: auto\n")).tunnels.at(0).mtu_auto);
  EXPECT_TRUE(loaded(replaced(kRelay, "mode: 6to4", "mode: 6to4, mtu: auto")).tunnels.at(0).mtu_auto);
}

// proves: Q15
TEST(LoadText, MssIsClampedOnlyWhenAsked) {
  EXPECT_FALSE(loaded(kGateway).tunnels.at(0).mss_clamp);
  EXPECT_TRUE(loaded(replaced(kGateway, "mode: 6to4\n", "mode: 6to4\n    mss_clamp: auto\n"))
                  .tunnels.at(0)
                  .mss_clamp);
}

// proves: D5 X30
TEST(LoadText, TheTunnelMtuIs1480AtMost) {
  EXPECT_EQ(problems_of(replaced(kGateway, "mode: 6to4\n", "mode: 6to4\n    mtu: 1481\n")),
            "f:10:10: tunnels.main.mtu: \"1481\" is out of range; allowed: 1280..1480, or auto\n");
}

struct Spelling {
  std::string_view text;
  Milliseconds value;
};
class Duration : public testing::TestWithParam<Spelling> {};

TEST_P(Duration, TakesItsUnit) {
  const std::string probe = "mode: 6to4\n    probe: { interval: " + std::string(GetParam().text) + " }\n";
  EXPECT_EQ(loaded(replaced(kGateway, "mode: 6to4\n", probe)).tunnels.at(0).probe_interval, GetParam().value);
}
INSTANTIATE_TEST_SUITE_P(Units, Duration,
                         testing::Values(Spelling{"100ms", 100ms}, Spelling{"30s", 30s},
                                         Spelling{"5min", 5min}, Spelling{"4m", 4min}));

struct SizeSpelling {
  std::string_view text;
  uint64_t value;
};
class Size : public testing::TestWithParam<SizeSpelling> {};

TEST_P(Size, IsInPowersOf1024) {
  const std::string eal = "eal: { memory: " + std::string(GetParam().text) + " }\n";
  EXPECT_EQ(loaded(std::string(kGateway) + eal).eal_memory, GetParam().value);
}
INSTANTIATE_TEST_SUITE_P(Units, Size,
                         testing::Values(SizeSpelling{"65536k", 67'108'864},
                                         SizeSpelling{"256M", 268'435'456},
                                         SizeSpelling{"1G", 1'073'741'824}));

}  // namespace
}  // namespace gate41::config
