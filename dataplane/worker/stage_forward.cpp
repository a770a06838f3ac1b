// Stage 6. Next hop, hop limit, MTU. A flow's adjacency skips the route; when control has marked it
// unresolved (its neighbour or relay is gone) the packet goes the long way again.
#include <algorithm>

#include "dataplane/net/headers.hpp"
#include "dataplane/tunnel/checks.hpp"
#include "dataplane/tunnel/mss_clamp.hpp"
#include "dataplane/tunnel/path_mtu.hpp"
#include "dataplane/worker/endpoint.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// The neighbour's adjacency, or the packet waits at the control thread until there is one.
Verdict to_neighbour(Packet& packet, uint16_t scope, const Ipv6Address& next_hop,
                     StageContext& context) noexcept {
  packet.adjacency = context.worker.shared.neighbours.lookup({next_hop, scope, {}}, context.seconds);
  if (packet.adjacency != kNoAdjacency) return Verdict::next();
  packet.next_hop = next_hop;
  packet.next_hop_scope = scope;
  return Verdict::punt(is_wan_scope(scope) ? ExceptionClass::unresolved_v4 : ExceptionClass::unresolved);
}

Verdict to_lan(Packet& packet, const Route& route, const Ipv6Address& next_hop,
               StageContext& context) noexcept {
  // A relay serves between its tunnel and its native side, not from native to native (B27).
  if (context.snapshot.role == TunnelRole::relay && packet.from == Side::lan)
    return Verdict::drop(DropReason::redirected_back);
  return to_neighbour(packet, route.lan, next_hop, context);
}

// The native Internet: as the routes from the kernel say, else to the configured gateway.
Verdict to_native(Packet& packet, const Route& fallback, StageContext& context) noexcept {
  const Ipv6Address& destination = packet.parsed.v6.destination;
  const RouteTarget target = native_target(destination, context);
  switch (target.kind) {
    case RouteTarget::Kind::none:
      break;
    case RouteTarget::Kind::via:
      return to_lan(packet, fallback, target.next_hop, context);
    case RouteTarget::Kind::on_link:
      return to_lan(packet, fallback, destination, context);
    case RouteTarget::Kind::unreachable:
      return refuse_lan(packet, DropReason::no_route, icmp_error::kNoRoute);
  }
  return to_lan(packet, fallback, fallback.next_hop, context);
}

// E19: a border relay returns a site's probe of itself as ordinary data. Else nothing comes out of a tunnel
// to go into one.
bool may_go_back(const Packet& packet, const Tunnel& tunnel, const Route& route) noexcept {
  return tunnel.kind == TunnelKind::six_rd && tunnel.role == TunnelRole::relay &&
         packet.tunnel == route.tunnel;
}

// A10, E10: another site of the domain, reached directly at the IPv4 address in its address.
Verdict to_site(Packet& packet, const Route& route, StageContext& context) noexcept {
  const Tunnel& tunnel = context.snapshot.tunnels[route.tunnel];
  if (packet.from == Side::tunnel && !may_go_back(packet, tunnel, route))
    return Verdict::drop(DropReason::redirected_back);
  const Ipv6Fields& v6 = packet.parsed.v6;
  const Ipv4Address site = tunnel.domain.v4_of(v6.destination);
  if (const Drop drop = check_encap(tunnel, v6.source, v6.destination, site)) return Verdict::drop(*drop);
  if (tunnel.wan_subnet.contains(site))
    return to_neighbour(packet, wan_scope(route.tunnel), mapped(site), context);
  packet.adjacency = route.adjacency;
  return Verdict::next();
}

Verdict to_relay(Packet& packet, const Route& route, StageContext& context) noexcept {
  if (packet.from == Side::tunnel) return Verdict::drop(DropReason::redirected_back);
  const Ipv6Fields& v6 = packet.parsed.v6;
  const Tunnel& tunnel = context.snapshot.tunnels[route.tunnel];
  const Ipv4Address relay = tunnel.relays.empty() ? Ipv4Address{} : tunnel.relays.front();
  if (const Drop drop = check_encap(tunnel, v6.source, v6.destination, relay)) return Verdict::drop(*drop);
  packet.adjacency = route.adjacency;
  return Verdict::next();
}

// To the other end of a configured tunnel, by the way of the tunnel's own address: to link-local addresses no
// route leads, and two tunnels may have the same one.
Verdict to_peer(Packet& packet, StageContext& context) noexcept {
  const Tunnel& tunnel = context.snapshot.tunnels[packet.tunnel];
  const Route* route = context.snapshot.routes.lookup(tunnel.address, tunnel.peer);
  if (route == nullptr || route->kind != RouteKind::tunnel_relay || route->tunnel != packet.tunnel)
    return Verdict::drop(DropReason::no_route);
  packet.adjacency = route->adjacency;
  return Verdict::next();
}

// Of our own answers: no route leads to their destination, but it is on the LAN that the question came by.
// The errors of P14 go to addresses in prefixes that are no more.
bool is_beyond_routes(const Ipv6Address& destination, const Snapshot& snapshot) noexcept {
  return destination.is_link_local() ||
         std::ranges::any_of(snapshot.withdrawn_prefixes,
                             [&](const Ipv6Prefix& prefix) { return prefix.contains(destination); });
}

Verdict find_route(Packet& packet, StageContext& context) noexcept {
  if (packet.to_peer) return to_peer(packet, context);
  const Ipv6Address& destination = packet.parsed.v6.destination;
  if (packet.from == Side::own && is_beyond_routes(destination, context.snapshot))
    return to_neighbour(packet, packet.lan, destination, context);
  if (destination.is_link_local()) return Verdict::drop(DropReason::policy_forbidden_block);
  const Route* route = context.snapshot.routes.lookup(packet.parsed.v6.source, destination);
  if (route == nullptr) return refuse_lan(packet, DropReason::no_route, icmp_error::kNoRoute);
  switch (route->kind) {
    case RouteKind::on_link:
      return to_lan(packet, *route, destination, context);
    case RouteKind::native:
      return to_native(packet, *route, context);
    case RouteKind::tunnel_direct:
      return to_site(packet, *route, context);
    case RouteKind::tunnel_relay:
      return to_relay(packet, *route, context);
    case RouteKind::relay_down:
      return refuse_lan(packet, DropReason::relay_down, icmp_error::kAddressUnreachable);
    case RouteKind::null_route:
      return refuse_lan(packet, DropReason::null_route, icmp_error::kNoRoute);
  }
  return Verdict::drop(DropReason::no_route);
}

const Tunnel* tunnel_into(const Adjacency& way, const Snapshot& snapshot) noexcept {
  return way.kind == AdjacencyKind::ethernet ? nullptr : &snapshot.tunnels[way.tunnel];
}

// D7..D10, X1: with a dynamic MTU the path to the endpoint decides, and whether DF is set.
uint16_t mtu_of(const Adjacency& way, Packet& packet, StageContext& context) noexcept {
  const auto& links = context.snapshot.links;
  const Tunnel* tunnel = tunnel_into(way, context.snapshot);
  if (tunnel == nullptr || !tunnel->mtu_by_path || way.link >= links.size()) return way.mtu;
  const uint16_t learnt =
      context.worker.shared.path_mtus.lookup(endpoint_of(way, *tunnel, packet.parsed.v6.destination));
  const PathLimit limit = path_limit(way.mtu, std::min(links[way.link].mtu, learnt));
  packet.dont_fragment = limit.dont_fragment;
  return limit.mtu;
}

// Q15: what opens a TCP connection through a tunnel, in either direction. Behind AH it is signed as it
// stands.
void clamp(const Packet& packet, const Adjacency& way, const Snapshot& snapshot) noexcept {
  const Layer4Fields& l4 = packet.parsed.l4;
  if (!l4.present || packet.parsed.flow_protocol() != ip_proto::kTcp || (l4.tcp_flags & tcp_flag::kSyn) == 0)
    return;
  const Tunnel* tunnel =
      packet.from == Side::tunnel ? &snapshot.tunnels[packet.tunnel] : tunnel_into(way, snapshot);
  if (tunnel == nullptr || !tunnel->mss_clamp) return;
  const std::span<uint8_t> segment =
      ipv6_bytes(packet).subspan(static_cast<std::size_t>(l4.offset - packet.parsed.v6.offset));
  constexpr std::size_t kHeaders = sizeof(Ipv6Header) + sizeof(TcpHeader);
  clamp_mss(segment.first(std::min<std::size_t>(l4.tcp_header_length, segment.size())),
            static_cast<uint16_t>(tunnel->mtu - kHeaders));
}

// D12: forwarding decrements by one, originating does not.
bool decrements(const Packet& packet) noexcept {
  return packet.origin == Origin::wire || packet.origin == Origin::resumed;
}

// Of our own; the one packet that nobody could make smaller for us.
bool is_echo_reply(const Packet& packet) noexcept {
  return packet.from == Side::own && packet.origin == Origin::host &&
         packet.parsed.l4.protocol == ip_proto::kIcmpv6 &&
         packet.parsed.l4.icmp_type == icmpv6_type::kEchoReply;
}

}  // namespace

void decrement_hop_limit(Packet& packet) noexcept {
  constexpr std::size_t kHopLimitOffset = 7;
  --packet.parsed.v6.hop_limit;
  ipv6_bytes(packet)[kHopLimitOffset] = packet.parsed.v6.hop_limit;
}

Verdict stage_forward(Packet& packet, StageContext& context) noexcept {
  if (decrements(packet) && packet.parsed.v6.hop_limit <= 1)
    return refuse(packet, DropReason::hop_limit, icmp_error::kHopLimitExceeded);
  AdjacencyTable& adjacencies = context.worker.shared.adjacencies;
  Adjacency& way = packet.way;
  adjacencies.read(packet.adjacency, way);
  if (way.kind == AdjacencyKind::unresolved) {
    const Verdict verdict = find_route(packet, context);
    if (verdict.kind != Verdict::Kind::next) return verdict;
    adjacencies.read(packet.adjacency, way);
  }
  if (way.kind == AdjacencyKind::unresolved) return Verdict::drop(DropReason::next_hop_unresolved);
  if (way.neighbour != 0) context.worker.shared.neighbours.stamp(way.neighbour, context.seconds);
  const uint16_t mtu = mtu_of(way, packet, context);
  if (packet.parsed.v6.total_length() > mtu) {
    const Verdict verdict = is_echo_reply(packet)
                                ? cut_in_two(packet, mtu, context)
                                : refuse(packet, DropReason::packet_too_big, icmp_error::packet_too_big(mtu));
    if (verdict.kind != Verdict::Kind::next) return verdict;
  }
  if (packet.flow >= 0)
    context.worker.flows->entry(packet.flow).adjacency[static_cast<std::size_t>(packet.direction)] =
        packet.adjacency;
  if (decrements(packet)) decrement_hop_limit(packet);
  clamp(packet, way, context.snapshot);
  return Verdict::next();
}

}  // namespace gate41
