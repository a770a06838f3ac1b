// A gateway with two LANs and a relay, as configuration, links and state: everything is there, tests take
// away.
#pragma once

#include <gtest/gtest.h>

#include "control/daemon/snapshot_builder.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

inline Ipv6Prefix net6(std::string_view text) { return *Ipv6Prefix::parse(text); }
inline Ipv4Prefix net4(std::string_view text) { return *Ipv4Prefix::parse(text); }

inline const MacAddress kWanMac = mac("02:00:00:00:01:00");
inline const MacAddress kLanMac = mac("02:00:00:00:02:00");
inline constexpr AdjacencyIndex kRelayWay = 17;
inline constexpr AdjacencyIndex kDirectWay = 18;

inline std::vector<DeviceInfo> devices() {
  DeviceInfo wan;
  wan.device = "0000:00:03.0";
  wan.port_id = 4;
  wan.mac = kWanMac;
  DeviceInfo lan = wan;
  lan.device = "0000:00:04.0";
  lan.port_id = 5;
  lan.mac = kLanMac;
  lan.mtu = 9000;
  return {lan, wan};
}

inline config::Config base_config() {
  config::Config config;
  config.ports = {
      {"wan", {"0000:00:03.0", 0}}, {"lan", {"0000:00:04.0", 0}}, {"guests", {"0000:00:04.0", 10}}};
  config.wan.port = "wan";
  config::Tunnel tunnel;
  tunnel.name = "main";
  tunnel.mtu = 1400;
  config.tunnels = {tunnel};
  return config;
}

inline config::Config gateway_config() {
  config::Config config = base_config();
  config.tunnels.front().relays = {ip4("192.88.99.1"), ip4("11.0.0.9")};
  config::Lan home;
  home.name = "home";
  home.port = "lan";
  config::Lan guests;
  guests.name = "guests";
  guests.port = "guests";
  guests.subnet_id = 2;
  config.lans = {home, guests};
  return config;
}

// Behind a NAT: 192.168.1.5 inside, 11.0.0.42 (0b00:002a) outside.
inline SiteState gateway_state() {
  SiteState state;
  state.generation = 7;
  state.policy_epoch = 3;
  state.filter_active = true;
  state.wan_address = ip4("192.168.1.5");
  state.wan_subnet = net4("192.168.1.0/24");
  state.external = ip4("11.0.0.42");
  state.tunnels = {{{}, true, kRelayWay, kDirectWay}};
  state.lans = {{ip6("fe80::1"), {net6("2002:b00:2a:1::/64")}, {ip6("fe80::1"), ip6("2002:b00:2a:1::1")}},
                {ip6("fe80::2"), {net6("2002:b00:2a:2::/64")}, {ip6("fe80::2"), ip6("2002:b00:2a:2::1")}}};
  return state;
}

inline config::Config relay_config() {
  config::Config config = base_config();
  config.role = config::Role::relay;
  config::RelayRole relay;
  relay.native_port = "lan";
  relay.native_address = ip6("2600:41::3");
  relay.native_length = 64;
  relay.native_gateway = ip6("2600:41::1");
  config.relay = relay;
  return config;
}

inline SiteState relay_state() {
  SiteState state;
  state.filter_active = true;
  state.wan_address = ip4("11.0.0.3");
  state.wan_subnet = net4("11.0.0.0/24");
  state.external = ip4("11.0.0.3");
  state.tunnels = {{{}, false, kNoAdjacency, kDirectWay}};
  state.lans = {{ip6("fe80::3"), {net6("2600:41::/64")}, {ip6("fe80::3"), ip6("2600:41::3")}}};
  return state;
}

// With the plans that follow from it.
inline SiteState planned(const config::Config& config, SiteState state) {
  for (std::size_t i = 0; i < config.tunnels.size(); ++i)
    state.tunnels.at(i).plan = plan_tunnel(config, config.tunnels[i], state);
  return state;
}

inline std::unique_ptr<const Snapshot> built(const config::Config& config, const SiteState& state) {
  return build_snapshot(config, make_links(config, devices()), planned(config, state));
}

}  // namespace gate41::testing
