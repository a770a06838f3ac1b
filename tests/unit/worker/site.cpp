#include "tests/unit/worker/site.hpp"

#include <algorithm>

#include "dataplane/tunnel/outer_header.hpp"

namespace gate41::testing {
namespace {

constexpr uint16_t kTunnelMtu = 1280;

Ipv6Prefix prefix6(const char* text) { return *Ipv6Prefix::parse(text); }
Ipv4Prefix prefix4(const char* text) { return *Ipv4Prefix::parse(text); }

Link make_link(const char* name, uint16_t device, const MacAddress& mac, uint16_t lan, uint16_t vlan = 0) {
  Link link;
  link.name = name;
  link.device = device;
  link.vlan = vlan;
  link.mac = mac;
  link.lan = lan;
  link.is_wan = lan == kNoIndex;
  return link;
}

Route route_to(const char* prefix, RouteKind kind, uint16_t lan = 0) {
  Route route;
  route.prefix = prefix6(prefix);
  route.kind = kind;
  route.lan = lan;
  return route;
}

}  // namespace

Adjacency ethernet_way(const MacAddress& destination, uint16_t link, uint16_t vlan, uint16_t mtu) {
  PacketBuilder builder;
  builder.ethernet(destination, kLanMac);
  if (vlan != 0) builder.vlan(vlan);
  const Frame header = builder.ether_type(ether_type::kIpv6).build();
  Adjacency way;
  std::ranges::copy(header, way.header.begin());
  way.header_length = way.ethernet_length = static_cast<uint8_t>(header.size());
  way.kind = AdjacencyKind::ethernet;
  way.link = link;
  way.mtu = mtu;
  return way;
}

Adjacency tunnel_way(AdjacencyKind kind, const MacAddress& next_hop, Ipv4Address source,
                     Ipv4Address destination, uint16_t mtu, bool dont_fragment, uint16_t vlan) {
  OuterFields fields;
  fields.destination_mac = next_hop;
  fields.source_mac = kWanMac;
  fields.vlan = vlan;
  fields.source = source;
  fields.destination = destination;
  fields.dont_fragment = dont_fragment;
  Adjacency way;
  way.header_length = static_cast<uint8_t>(build_outer_template(way.header, fields));
  way.ethernet_length = vlan == 0 ? 14 : 18;
  way.kind = kind;
  way.link = kWanLink;
  way.mtu = mtu;
  return way;
}

GatewaySite::GatewaySite(uint32_t flows, uint16_t workers)
    : Harness(flows, gateway_error_rates(workers), {.size = workers}) {
  snapshot.role = TunnelRole::gateway;
  snapshot.filter_active = true;
  make_links();
  make_tunnel();
  make_lans();
  make_routes();
}

void GatewaySite::make_links() {
  snapshot.links = {make_link("wan", kWanDevice, kWanMac, kNoIndex),
                    make_link("home", kLanDevice, kLanMac, kHomeLan),
                    make_link("guest", kLanDevice, kLanMac, kGuestLan, kGuestVlan)};
  snapshot.wan_link = kWanLink;
  snapshot.wan_address = kOwnV4;
}

void GatewaySite::make_tunnel() {
  Tunnel& tunnel = snapshot.tunnels.emplace_back();
  tunnel.up = true;
  tunnel.local = tunnel.external = kOwnV4;
  tunnel.wan_subnet = prefix4("11.0.0.0/24");
  tunnel.prefix = prefix6("2002:b00:2::/48");
  tunnel.address = kTunnelAddress;
  tunnel.relays = {kRelayV4};
  relay_way = adjacencies.allocate();
  adjacencies.write(relay_way, tunnel_way(AdjacencyKind::tunnel, kIspMac, kOwnV4, kRelayV4, kTunnelMtu));
  direct_way = adjacencies.allocate();
  adjacencies.write(direct_way,
                    tunnel_way(AdjacencyKind::tunnel_direct, kIspMac, kOwnV4, Ipv4Address{}, kTunnelMtu));
  snapshot.own_prefixes = {tunnel.prefix};
  snapshot.withdrawn_prefixes = {kWithdrawn};
  snapshot.tunnel_addresses = {kTunnelAddress};
}

void GatewaySite::make_lans() {
  LanView home;
  home.name = "home";
  home.link = kHomeLink;
  home.link_local = kHomeLinkLocal;
  home.prefixes = {prefix6("2002:b00:2:1::/64")};
  home.addresses = {kHomeRouter, kHomeLinkLocal, kHomeAnycast};
  home.error_source = kHomeRouter;
  LanView guest;
  guest.name = "guest";
  guest.link = kGuestLink;
  guest.link_local = ip6("fe80::41:2");
  guest.prefixes = {prefix6("2002:b00:2:2::/64")};
  guest.addresses = {kGuestRouter, guest.link_local, ip6("2002:b00:2:2::")};
  guest.error_source = kGuestRouter;
  snapshot.lans = {home, guest};
  host_way = add_neighbour(kHost, kHomeLan, kHomeLink, kHostMac);
  add_neighbour(kHostLinkLocal, kHomeLan, kHomeLink, kHostMac);
  guest_way = add_neighbour(kGuest, kGuestLan, kGuestLink, kGuestMac);
}

AdjacencyIndex GatewaySite::add_neighbour(const Ipv6Address& address, uint16_t lan, uint16_t link,
                                          const MacAddress& mac) {
  const AdjacencyIndex index = adjacencies.allocate();
  neighbours->insert({address, lan, {}}, index);
  Adjacency way = ethernet_way(mac, link, snapshot.links[link].vlan);
  way.neighbour = neighbours->slot_of({address, lan, {}});
  adjacencies.write(index, way);
  return index;
}

void GatewaySite::make_routes() {
  Route relay = route_to("::/0", RouteKind::tunnel_relay);
  relay.adjacency = relay_way;
  Route sites = route_to("2002::/16", RouteKind::tunnel_direct);
  sites.adjacency = direct_way;
  snapshot.routes = RouteTable({relay, sites, route_to("2002:b00:2::/48", RouteKind::null_route),
                                route_to("2002:b00:2:1::/64", RouteKind::on_link, kHomeLan),
                                route_to("2002:b00:2:2::/64", RouteKind::on_link, kGuestLan)});
}

void GatewaySite::open_udp_flow() {
  host_sends(from_host().ipv6(kHost, kServer).udp(40000, 8080).payload(8));
}

RelaySite::RelaySite(Team team) : Harness(0, relay_error_rates(team.size), team) {
  snapshot.role = TunnelRole::relay;
  snapshot.filter_active = true;
  snapshot.links = {make_link("wan", kWanDevice, kWanMac, kNoIndex),
                    make_link("lan", kLanDevice, kLanMac, 0)};
  snapshot.wan_link = kWanLink;
  snapshot.wan_address = kRelayUnicastV4;
  Tunnel& tunnel = snapshot.tunnels.emplace_back();
  tunnel.up = true;
  tunnel.role = TunnelRole::relay;
  tunnel.local = tunnel.external = kRelayUnicastV4;
  tunnel.anycast = kRelayV4;
  tunnel.wan_subnet = prefix4("11.0.0.0/24");
  const AdjacencyIndex direct = adjacencies.allocate();
  adjacencies.write(
      direct, tunnel_way(AdjacencyKind::tunnel_direct, kIspMac, kRelayV4, Ipv4Address{}, kTunnelMtu, true));
  snapshot.tunnel_addresses = {kAnycastForm, ip6("2002:c058:6301::1"), ip6("2002:b00:3::"), kUnicastForm};
  LanView native;
  native.name = "lan";
  native.link = kHomeLink;
  native.link_local = kHomeLinkLocal;
  native.prefixes = {prefix6("2600:41::/64")};
  native.addresses = {kNativeAddress, kHomeLinkLocal};
  native.error_source = kNativeAddress;
  snapshot.lans = {native};
  const AdjacencyIndex router = adjacencies.allocate();
  adjacencies.write(router, ethernet_way(kNativeRouterMac, kHomeLink));
  neighbours->insert({kNativeRouter, 0, {}}, router);
  Route out = route_to("::/0", RouteKind::native);
  out.next_hop = kNativeRouter;
  Route sites = route_to("2002::/16", RouteKind::tunnel_direct);
  sites.adjacency = direct;
  snapshot.routes = RouteTable({out, sites, route_to("2600:41::/64", RouteKind::on_link)});
}

}  // namespace gate41::testing
