#include "control/daemon/snapshot_builder.hpp"

#include <algorithm>

#include "control/daemon/filter_policy.hpp"
#include "control/daemon/settings.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

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

// P34: a tunnel takes packets of the sources that it gave this site.
Route tunnel_route(const Ipv6Prefix& prefix, RouteKind kind, std::size_t tunnel, const TunnelPlan& plan) {
  Route result = route(prefix, kind);
  result.tunnel = static_cast<uint16_t>(tunnel);
  if (plan.delegation) result.source = plan.delegation->prefix;
  return result;
}

// The peer is there for the LANs, alive or not, and for what comes from the tunnel's own address.
void add_peer_routes(std::vector<Route>& routes, std::size_t index, const TunnelState& tunnel,
                     const config::SixInFour& wanted) {
  const Ipv6Prefix subnet = Ipv6Prefix::of(wanted.address, wanted.length);
  Route to_peer = tunnel_route(subnet, RouteKind::tunnel_relay, index, tunnel.plan);
  to_peer.adjacency = tunnel.direct_way;
  Route from_own = to_peer;
  from_own.prefix = kEveryIpv6;
  from_own.source = {wanted.address, 128};
  routes.insert(routes.end(), {to_peer, from_own});
}

void add_tunnel_routes(std::vector<Route>& routes, std::size_t index, const TunnelState& tunnel,
                       const config::Tunnel& wanted) {
  const TunnelPlan& plan = tunnel.plan;
  routes.push_back(route(plan.delegation->prefix, RouteKind::null_route));
  for (const Ipv6Prefix& prefix : plan.routes) {
    const RouteKind kind = tunnel.relay_alive ? RouteKind::tunnel_relay : RouteKind::relay_down;
    routes.push_back(tunnel_route(prefix, kind, index, plan));
    routes.back().adjacency = tunnel.relay_way;
  }
  if (plan.direct) {
    routes.push_back(tunnel_route(plan.domain.prefix, RouteKind::tunnel_direct, index, plan));
    routes.back().adjacency = tunnel.direct_way;
  }
  if (wanted.six_in_four) add_peer_routes(routes, index, tunnel, *wanted.six_in_four);
}

// P35: of tunnels with the same prefix the live ones come first, then the first configured.
std::vector<std::size_t> tunnels_in_use(const SiteState& state) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < state.tunnels.size(); ++i)
    if (state.tunnels[i].plan.delegation) order.push_back(i);
  std::stable_partition(order.begin(), order.end(),
                        [&](std::size_t i) { return state.tunnels[i].relay_alive; });
  return order;
}

std::vector<Route> gateway_routes(const config::Config& config, const SiteState& state) {
  std::vector<Route> routes;
  for (std::size_t i = 0; i < state.lans.size(); ++i)
    for (const Ipv6Prefix& prefix : state.lans[i].prefixes) routes.push_back(lan_route(prefix, i));
  for (const std::size_t i : tunnels_in_use(state))
    add_tunnel_routes(routes, i, state.tunnels[i], config.tunnels[i]);
  return routes;
}

// B23: a relay without a usable address of its own serves no site, and must not send 2002::/16 back to where
// it came from.
std::vector<Route> relay_routes(const config::RelayRole& relay, const TunnelState& tunnel) {
  const Ipv6Prefix subnet = Ipv6Prefix::of(relay.native_address, relay.native_length);
  Route native = route(kEveryIpv6, RouteKind::native);
  native.next_hop = relay.native_gateway;
  Route sites =
      route(tunnel.plan.domain.prefix, tunnel.plan.up() ? RouteKind::tunnel_direct : RouteKind::null_route);
  sites.adjacency = tunnel.direct_way;
  return {lan_route(subnet, 0), native, sites};
}

// What the relay answers for, of both its addresses: 2002:OWN:: and its ::1 (X22, B20), or the subnet-router
// anycast address of the prefix made of it (E21).
std::vector<Ipv6Address> relay_forms(const Tunnel& tunnel) {
  std::vector<Ipv6Address> forms;
  for (const Ipv4Address own : {tunnel.local, tunnel.anycast}) {
    if (own.is_unspecified() || !tunnel.domain.sites.contains(own)) continue;
    const Ipv6Address form = tunnel.domain.prefix_of(own).address;
    forms.push_back(form);
    if (tunnel.kind == TunnelKind::six_to_four) forms.push_back(Ipv6Address::from_halves(form.high(), 1));
  }
  return forms;
}

// The own address, unless it is the LAN's, who has the whole prefix (X28), and the subnet-router anycast
// address of the prefix (E21).
void add_tunnel_addresses(std::vector<Ipv6Address>& addresses, const prefix::Delegation& delegation) {
  const bool is_lans =
      delegation.prefix.length == 64 && delegation.prefix.contains(delegation.tunnel_address);
  if (!is_lans) addresses.push_back(delegation.tunnel_address);
  addresses.push_back(delegation.prefix.address);
}

Pinholes pinholes(const config::Config& config, const SiteState& state) {
  std::vector<InboundRule> rules;
  const auto add = [&](const config::Pinhole& hole) {
    for (const Ipv6Address& address : pinhole_addresses(hole, config, state))
      rules.push_back({address, hole.protocol, hole.port_first, hole.port_last, hole.from});
  };
  std::ranges::for_each(config.filter.inbound, add);
  std::ranges::for_each(state.opened, add);
  return Pinholes(std::move(rules));
}

void add_gateway(Snapshot& snapshot, const config::Config& config, const SiteState& state) {
  snapshot.routes = RouteTable(gateway_routes(config, state));
  snapshot.policy.inbound = pinholes(config, state);
  snapshot.withdrawn_prefixes = state.withdrawn;
  for (const TunnelState& tunnel : state.tunnels) {
    if (!tunnel.plan.delegation) continue;
    snapshot.own_prefixes.push_back(tunnel.plan.delegation->prefix);
    add_tunnel_addresses(snapshot.tunnel_addresses, *tunnel.plan.delegation);
  }
}

SiteLimit site_limit(const config::RelayRole& relay) {
  constexpr uint64_t kBytesPerMegabit = 125'000;
  const uint64_t rate = relay.site_rate * kBytesPerMegabit;
  return {rate, rate * static_cast<uint64_t>(relay.site_burst.count()) / 1000};
}

void add_relay(Snapshot& snapshot, const config::Config& config, const SiteState& state) {
  const TunnelState& tunnel = state.tunnels.front();
  snapshot.site_limit = site_limit(*config.relay);
  snapshot.routes = RouteTable(relay_routes(*config.relay, tunnel));
  if (tunnel.plan.up()) snapshot.tunnel_addresses = relay_forms(snapshot.tunnels.front());
}

HostAccept host_accept(const config::Config& config) {
  HostAccept accept;
  for (const config::HostProtocol protocol : config.host_accept)
    (protocol == config::HostProtocol::bgp ? accept.bgp : accept.bfd) = true;
  return accept;
}

constexpr uint16_t kMaxTunnelMtu = 1480;  // D5

}  // namespace

// IPv6 needs 1280: over a narrow WAN such packets go in fragments (D8; D6: DF is not set).
uint16_t tunnel_mtu(const config::Tunnel& wanted, uint16_t wan_mtu) {
  const uint16_t configured = wanted.mtu_auto ? kMaxTunnelMtu : wanted.mtu;
  const int left = wan_mtu - static_cast<int>(sizeof(Ipv4Header));
  return static_cast<uint16_t>(std::clamp<int>(left, kMinIpv6Mtu, configured));
}

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

Ipv6Address tunnel_link_local(Ipv4Address local) {
  return Ipv6Address::from_halves(0xfe80ULL << 48U, local.host());
}

Tunnel make_tunnel(const config::Config& config, const SiteState& state, std::size_t index) {
  const config::Tunnel& wanted = config.tunnels[index];
  const TunnelPlan& plan = state.tunnels[index].plan;
  Tunnel tunnel;
  tunnel.kind = plan.kind;
  tunnel.up = plan.up();
  tunnel.local = plan.local;
  tunnel.external = plan.external;
  tunnel.domain = plan.domain;
  tunnel.relays = plan.relays;
  tunnel.wan_subnet = state.wan_subnet;
  tunnel.accept_relays_only = wanted.accept_relays_only;
  tunnel.ecn_compatibility = wanted.ecn_compatibility;
  tunnel.dscp_copy = wanted.dscp_by_mode ? plan.kind == TunnelKind::six_rd : wanted.dscp_copy;  // X15
  tunnel.dscp = wanted.dscp;
  tunnel.mtu = tunnel_mtu(wanted, state.wan_mtu);
  tunnel.mtu_by_path = wanted.mtu_auto;
  tunnel.mss_clamp = wanted.mss_clamp;
  tunnel.lab_v4 = config.lab_allow_v4;
  tunnel.lab_v6 = config.lab_allow_v6;
  if (config.role == config::Role::relay) {
    tunnel.role = TunnelRole::relay;
    tunnel.anycast = config.relay->anycast.value_or(Ipv4Address{});
    tunnel.sites = config.relay->sites;
  } else if (plan.delegation) {
    tunnel.prefix = plan.delegation->prefix;
    tunnel.address = plan.delegation->tunnel_address;
    if (plan.kind == TunnelKind::six_to_four) tunnel.awaited = keepalive_targets(wanted, plan);
    tunnel.peer = peer_of(wanted);
    if (plan.kind == TunnelKind::six_in_four) tunnel.link_local = tunnel_link_local(plan.local);
  }
  return tunnel;
}

// A host that is named by its whole address has that one, on a LAN whose prefix it is in.
std::vector<Ipv6Address> pinhole_addresses(const config::Pinhole& hole, const config::Config& config,
                                           const SiteState& state) {
  std::vector<Ipv6Address> addresses;
  for (std::size_t i = 0; i < config.lans.size(); ++i) {
    if (config.lans[i].name != hole.lan) continue;
    for (const Ipv6Prefix& prefix : state.lans.at(i).prefixes) {
      const Ipv6Address address =
          hole.address.value_or(Ipv6Address::from_halves(prefix.address.high(), hole.interface_id));
      if (prefix.contains(address)) addresses.push_back(address);
    }
  }
  return addresses;
}

uint32_t host_share(uint32_t configured, uint32_t max_flows, unsigned workers) {
  constexpr uint32_t kLeast = 256;
  const uint32_t all = configured == 0 ? std::max(max_flows / 8, kLeast) : configured;
  return std::max(all / std::max(workers, 1U), 1U);
}

std::unique_ptr<const Snapshot> build_snapshot(const config::Config& config, const std::vector<Link>& links,
                                               const SiteState& state) {
  auto snapshot = std::make_unique<Snapshot>();
  snapshot->generation = state.generation;
  snapshot->role = config.role == config::Role::relay ? TunnelRole::relay : TunnelRole::gateway;
  snapshot->filter_active = state.filter_active;
  snapshot->links = links;
  snapshot->wan_link = link_index(links, config.wan.port);
  snapshot->links[snapshot->wan_link].mtu = state.wan_mtu;
  snapshot->wan_address = state.wan_address.value_or(Ipv4Address{});
  snapshot->wan_subnet = state.wan_subnet;
  for (std::size_t i = 0; i < state.tunnels.size(); ++i)
    snapshot->tunnels.push_back(make_tunnel(config, state, i));
  snapshot->lab_v4 = config.lab_allow_v4;
  snapshot->lab_v6 = config.lab_allow_v6;
  snapshot->host_accept = host_accept(config);
  snapshot->policy = filter_policy(config.filter);
  snapshot->policy.epoch = state.policy_epoch;
  snapshot->policy.host_flows = state.host_flows;
  add_lans(*snapshot, config, state);
  if (config.role == config::Role::relay)
    add_relay(*snapshot, config, state);
  else
    add_gateway(*snapshot, config, state);
  return snapshot;
}

}  // namespace gate41
