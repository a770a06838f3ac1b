#include "tests/matrix/driver/box.hpp"

#include <algorithm>

#include "config/address_checks.hpp"
#include "control/daemon/snapshot_builder.hpp"
#include "control/daemon/ways.hpp"
#include "control/prefix/delegation.hpp"
#include "dataplane/net/address_blocks.hpp"

namespace gate41::matrix {
namespace {

MacAddress mac_of(uint16_t device) { return {{0x02, 0x41, 0, 0, 0, static_cast<uint8_t>(device)}}; }

std::vector<DeviceInfo> devices_of(const config::Config& config) {
  std::vector<DeviceInfo> devices;
  for (const auto& [name, port] : config.ports) {
    if (std::ranges::find(devices, port.device, &DeviceInfo::device) != devices.end()) continue;
    DeviceInfo device;
    device.device = port.device;
    device.port_id = static_cast<uint16_t>(devices.size());
    device.mac = mac_of(device.port_id);
    devices.push_back(device);
  }
  return devices;
}

Ipv6Address link_local_of(const Link& link) {
  return Ipv6Address::from_halves(0xfe80ULL << 48U, eui64_interface_id(link.mac));
}

// What discovery comes to: the literal, or the WAN's own address where that is a global one.
std::optional<Ipv4Address> external_of(const config::Config& config) {
  if (config.wan.external.literal) return config.wan.external.literal;
  const Ipv4Address own = config.relay ? config.relay->unicast.value_or(config.wan.static_ipv4->address)
                                       : config.wan.static_ipv4->address;
  return never_embed(own, config::lab_of(config)) == nullptr ? std::optional(own) : std::nullopt;
}

LanState native_side(const config::RelayRole& relay, const Link& link) {
  return {link_local_of(link),
          {Ipv6Prefix::of(relay.native_address, relay.native_length)},
          {link_local_of(link), relay.native_address}};
}

std::optional<Ipv4Address> live_relay(const Scenario& scenario, const TunnelPlan& plan) {
  const auto found = std::ranges::find_first_of(plan.relays, scenario.live_relays);
  return found == plan.relays.end() ? std::nullopt : std::optional(*found);
}

bool gives_to(const config::Tunnel& tunnel, const config::Lan& lan) {
  return lan.tunnels.empty() || std::ranges::find(lan.tunnels, tunnel.name) != lan.tunnels.end();
}

// A /64 of each tunnel's prefix, and in each the gateway's own address and the anycast one.
LanState lan_state(const config::Config& config, std::size_t index, const Link& link, const SiteState& site) {
  const config::Lan& lan = config.lans[index];
  LanState state{link_local_of(link), {}, {link_local_of(link)}};
  for (std::size_t i = 0; i < config.tunnels.size(); ++i) {
    const auto& delegation = site.tunnels[i].plan.delegation;
    if (!delegation || !gives_to(config.tunnels[i], lan)) continue;
    const auto prefix = prefix::lan_prefix(*delegation, lan.subnet_id, index == 0);
    if (!prefix) continue;
    state.prefixes.push_back(*prefix);
    state.addresses.push_back(prefix::lan_address(*prefix));
    state.addresses.push_back(prefix->address);
  }
  return state;
}

void add_tunnels(SiteState& state, const Scenario& scenario) {
  for (const config::Tunnel& wanted : scenario.config.tunnels) {
    TunnelState tunnel;
    tunnel.plan = plan_tunnel(scenario.config, wanted, state);
    tunnel.relay_alive = live_relay(scenario, tunnel.plan).has_value();
    state.tunnels.push_back(tunnel);
  }
}

SiteState site_state(const Scenario& scenario, const std::vector<Link>& links) {
  const config::Config& config = scenario.config;
  const auto link = [&](const std::string& port) -> const Link& { return links[link_index(links, port)]; };
  SiteState state;
  state.filter_active = true;
  state.wan_address = config.wan.static_ipv4->address;
  state.wan_subnet = config.wan.static_ipv4->subnet;
  state.external = external_of(config);
  state.withdrawn = scenario.withdrawn;
  add_tunnels(state, scenario);
  if (config.relay) {
    state.lans = {native_side(*config.relay, link(config.relay->native_port))};
    return state;
  }
  for (std::size_t i = 0; i < config.lans.size(); ++i)
    state.lans.push_back(lan_state(config, i, link(config.lans[i].port), state));
  return state;
}

// --- ways out

// The MAC of the WAN's neighbour on the way to `destination`.
MacAddress next_hop_mac(const Scenario& scenario, Ipv4Address destination) {
  const config::StaticIpv4& wan = *scenario.config.wan.static_ipv4;
  const Ipv4Address hop = wan.subnet.contains(destination) || !wan.gateway ? destination : *wan.gateway;
  const auto found = std::ranges::find(scenario.neighbours, mapped(hop), &Neighbour::address);
  return found == scenario.neighbours.end() ? MacAddress{} : found->mac;
}

// As TunnelWays does: to the live relay, and to any site (6in4: to the peer).
void add_ways(testing::Harness& box, const Scenario& scenario, const std::vector<Link>& links,
              SiteState& state) {
  const uint16_t wan = link_index(links, scenario.config.wan.port);
  const MacAddress gateway = next_hop_mac(scenario, *scenario.config.wan.static_ipv4->gateway);
  for (std::size_t i = 0; i < state.tunnels.size(); ++i) {
    TunnelState& tunnel = state.tunnels[i];
    const Tunnel made = make_tunnel(scenario.config, state, i);
    const auto way = [&](const MacAddress& mac, std::optional<Ipv4Address> destination) {
      const AdjacencyIndex index = box.adjacencies.allocate();
      box.adjacencies.write(index,
                            tunnel_way(made, static_cast<uint8_t>(i), links[wan], wan, mac, destination));
      return index;
    };
    const auto peer =
        made.kind == TunnelKind::six_in_four ? std::optional(made.relays.front()) : std::nullopt;
    tunnel.direct_way = way(peer ? next_hop_mac(scenario, *peer) : gateway, peer);
    const auto relay = live_relay(scenario, tunnel.plan);
    if (relay) tunnel.relay_way = way(next_hop_mac(scenario, *relay), relay);
  }
}

void add_neighbour(testing::Harness& box, const Neighbour& neighbour, uint16_t scope, const Adjacency& way) {
  const NeighbourKey key{neighbour.address, scope, {}};
  const AdjacencyIndex index = box.adjacencies.allocate();
  box.neighbours->insert(key, index);
  Adjacency stamped = way;
  stamped.neighbour = box.neighbours->slot_of(key);
  box.adjacencies.write(index, stamped);
}

void add_neighbours(testing::Harness& box, const Scenario& scenario, const std::vector<Link>& links,
                    const SiteState& state) {
  for (const Neighbour& neighbour : scenario.neighbours) {
    const uint16_t link = link_index(links, neighbour.port);
    if (neighbour.port != scenario.config.wan.port) {
      add_neighbour(box, neighbour, box.snapshot.links[link].lan, lan_way(links[link], link, neighbour.mac));
      continue;
    }
    for (std::size_t i = 0; i < state.tunnels.size(); ++i)
      add_neighbour(box, neighbour, wan_scope(static_cast<uint16_t>(i)),
                    tunnel_way(make_tunnel(scenario.config, state, i), static_cast<uint8_t>(i), links[link],
                               link, neighbour.mac, std::nullopt));
  }
}

}  // namespace

std::unique_ptr<testing::Harness> make_box(const Scenario& scenario, uint32_t flows, Team team) {
  const config::Config& config = scenario.config;
  const bool relay = config.role == config::Role::relay;
  const ErrorRates rates = relay ? relay_error_rates(team.size) : gateway_error_rates(team.size);
  auto box = std::make_unique<testing::Harness>(relay ? 0 : flows, rates, team);
  const std::vector<Link> links = make_links(config, devices_of(config));
  SiteState state = site_state(scenario, links);
  add_ways(*box, scenario, links, state);
  box->snapshot = *build_snapshot(config, links, state);
  add_neighbours(*box, scenario, links, state);
  return box;
}

}  // namespace gate41::matrix
