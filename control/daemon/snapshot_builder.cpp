#include "control/daemon/snapshot_builder.hpp"

#include <algorithm>

#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr Ipv6Prefix kDefaultRoute{{}, 0};
const Ipv6Prefix kSixToFour = Ipv6Prefix::of(Ipv6Address::of({0x2002, 0, 0, 0, 0, 0, 0, 0}), 16);

Route route(const Ipv6Prefix& prefix, RouteKind kind) {
  Route result;
  result.prefix = prefix;
  result.kind = kind;
  return result;
}

Route lan_route(const Ipv6Prefix& prefix, std::size_t lan) {
  Route result = route(prefix, RouteKind::on_link);
  result.lan = static_cast<uint16_t>(lan);
  return result;
}

// I9: what hosts of the LAN can answer to.
Ipv6Address error_source(const LanState& lan) {
  for (const Ipv6Address& address : lan.addresses)
    if (!address.is_link_local() && address.low() != 0) return address;
  return lan.link_local;
}

LanView lan_view(const std::string& name, uint16_t link, const LanState& state) {
  LanView view;
  view.name = name;
  view.link = link;
  view.link_local = state.link_local;
  view.prefixes = state.prefixes;
  view.addresses = state.addresses;
  view.error_source = error_source(state);
  return view;
}

void add_lans(Snapshot& snapshot, const config::Config& config, const SiteState& state) {
  const auto add = [&](const std::string& name, const std::string& port, const LanState& lan) {
    const uint16_t link = link_index(snapshot.links, port);
    snapshot.links[link].lan = static_cast<uint16_t>(snapshot.lans.size());
    snapshot.lans.push_back(lan_view(name, link, lan));
  };
  if (config.role == config::Role::relay) return add("native", config.relay->native_port, state.lans.at(0));
  for (std::size_t i = 0; i < config.lans.size(); ++i)
    add(config.lans[i].name, config.lans[i].port, state.lans.at(i));
}

std::vector<Route> gateway_routes(const SiteState& state) {
  std::vector<Route> routes;
  for (std::size_t i = 0; i < state.lans.size(); ++i)
    for (const Ipv6Prefix& prefix : state.lans[i].prefixes) routes.push_back(lan_route(prefix, i));
  if (!state.delegation) return routes;
  routes.push_back(route(state.delegation->prefix, RouteKind::null_route));
  routes.push_back(route(kSixToFour, RouteKind::six_to_four));
  Route relay = route(kDefaultRoute, state.relay_alive ? RouteKind::tunnel_relay : RouteKind::relay_down);
  relay.adjacency = state.relay_way;
  routes.push_back(relay);
  return routes;
}

// B23: a relay without a usable address of its own serves no site, and must not send 2002::/16 back to where
// it came from.
std::vector<Route> relay_routes(const config::RelayRole& relay, bool tunnel_up) {
  const Ipv6Prefix subnet = Ipv6Prefix::of(relay.native_address, relay.native_length);
  Route native = route(kDefaultRoute, RouteKind::via);
  native.next_hop = relay.native_gateway;
  const RouteKind sites = tunnel_up ? RouteKind::six_to_four : RouteKind::null_route;
  return {lan_route(subnet, 0), native, route(kSixToFour, sites)};
}

// X22: what the relay answers for (B20): 2002:OWN:: and its ::1, of both addresses.
std::vector<Ipv6Address> relay_forms(const SixToFour& tunnel) {
  std::vector<Ipv6Address> forms;
  for (const Ipv4Address own : {tunnel.local, tunnel.anycast}) {
    if (own.is_unspecified()) continue;
    const Ipv6Address form = six_to_four_prefix(own).address;
    forms.push_back(form);
    forms.push_back(Ipv6Address::from_halves(form.high(), 1));
  }
  return forms;
}

std::vector<InboundRule> pinholes(const config::Config& config, const SiteState& state) {
  std::vector<InboundRule> rules;
  for (const config::Pinhole& hole : config.filter.inbound)
    for (std::size_t i = 0; i < config.lans.size(); ++i) {
      if (config.lans[i].name != hole.lan) continue;
      for (const Ipv6Prefix& prefix : state.lans[i].prefixes)
        rules.push_back({Ipv6Address::from_halves(prefix.address.high(), hole.interface_id), hole.protocol,
                         hole.port_first, hole.port_last});
    }
  std::ranges::sort(rules, {}, &InboundRule::destination);
  return rules;
}

void add_gateway(Snapshot& snapshot, const config::Config& config, const SiteState& state) {
  snapshot.tunnel_up = state.delegation.has_value();
  snapshot.routes = RouteTable(gateway_routes(state));
  snapshot.policy.inbound = pinholes(config, state);
  snapshot.withdrawn_prefixes = state.withdrawn;
  if (!state.delegation) return;
  snapshot.own_prefixes = {state.delegation->prefix};
  snapshot.tunnel_addresses = {state.delegation->tunnel_address};
}

void add_relay(Snapshot& snapshot, const config::Config& config, const SiteState& state) {
  snapshot.tunnel_up = state.external.has_value();
  snapshot.routes = RouteTable(relay_routes(*config.relay, snapshot.tunnel_up));
  if (snapshot.tunnel_up) snapshot.tunnel_addresses = relay_forms(snapshot.tunnel);
}

// M18. IPv6 needs 1280: there a narrow WAN's routers fragment (D6: DF is not set).
uint16_t tunnel_mtu(uint16_t configured, uint16_t wan_mtu) {
  const int left = wan_mtu - static_cast<int>(sizeof(Ipv4Header));
  return static_cast<uint16_t>(std::clamp<int>(left, kMinIpv6Mtu, configured));
}

}  // namespace

std::vector<Link> make_links(const config::Config& config, const std::vector<DeviceInfo>& devices) {
  std::vector<Link> links;
  for (const auto& [name, port] : config.ports) {
    Link link;
    link.name = name;
    link.vlan = port.vlan;
    link.is_wan = name == config.wan.port;
    for (const DeviceInfo& device : devices) {
      if (device.device != port.device) continue;
      link.device = device.port_id;
      link.mac = device.mac;
      link.mtu = device.mtu;
    }
    links.push_back(link);
  }
  return links;
}

uint16_t link_index(const std::vector<Link>& links, const std::string& port) {
  const auto found = std::ranges::find(links, port, &Link::name);
  return found == links.end() ? kNoIndex : static_cast<uint16_t>(found - links.begin());
}

SixToFour make_tunnel(const config::Config& config, const SiteState& state) {
  const config::Tunnel& wanted = config.tunnels.front();
  SixToFour tunnel;
  tunnel.wan_subnet = state.wan_subnet;
  tunnel.relays = wanted.relays;
  tunnel.accept_relays_only = wanted.accept_relays_only;
  tunnel.ecn_compatibility = wanted.ecn_compatibility;
  tunnel.dscp_copy = wanted.dscp_copy;
  tunnel.dscp = wanted.dscp;
  tunnel.mtu = tunnel_mtu(wanted.mtu, state.wan_mtu);
  tunnel.lab_v4 = config.lab_allow_v4;
  tunnel.lab_v6 = config.lab_allow_v6;
  tunnel.local = state.wan_address.value_or(Ipv4Address{});
  tunnel.external = state.external.value_or(tunnel.local);
  if (config.role == config::Role::relay) {
    tunnel.role = TunnelRole::relay;
    if (state.wan_address) tunnel.local = config.relay->unicast.value_or(*state.wan_address);
    tunnel.external = tunnel.local;
    tunnel.anycast = config.relay->anycast.value_or(Ipv4Address{});
    tunnel.sites = config.relay->sites;
  } else if (state.delegation) {
    tunnel.prefix = state.delegation->prefix;
    tunnel.address = state.delegation->tunnel_address;
  }
  return tunnel;
}

std::unique_ptr<const Snapshot> build_snapshot(const config::Config& config, const std::vector<Link>& links,
                                               const SiteState& state) {
  auto snapshot = std::make_unique<Snapshot>();
  snapshot->generation = state.generation;
  snapshot->role = config.role == config::Role::relay ? TunnelRole::relay : TunnelRole::gateway;
  snapshot->filter_active = state.filter_active;
  snapshot->links = links;
  snapshot->wan_link = link_index(links, config.wan.port);
  snapshot->wan_address = state.wan_address.value_or(Ipv4Address{});
  snapshot->tunnel = make_tunnel(config, state);
  snapshot->tunnel_direct = state.direct_way;
  snapshot->policy.epoch = state.policy_epoch;
  snapshot->policy.allow_echo = config.filter.allow_echo;
  add_lans(*snapshot, config, state);
  if (config.role == config::Role::relay)
    add_relay(*snapshot, config, state);
  else
    add_gateway(*snapshot, config, state);
  return snapshot;
}

}  // namespace gate41
