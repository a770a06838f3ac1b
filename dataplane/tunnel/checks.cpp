#include "dataplane/tunnel/checks.hpp"

#include <algorithm>

#include "dataplane/net/headers.hpp"
#include "dataplane/tunnel/kinds.hpp"

namespace gate41 {
namespace {

// --- 6to4 forms, which no tunnel may be a way around

bool embeds_own(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  return is_six_to_four(address) && tunnel.embeds_own(six_to_four_v4(address));
}

bool embeds_forbidden(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  return is_six_to_four(address) && is_forbidden_v4(tunnel, six_to_four_v4(address));
}

// 2002:V4:: and 2002:V4::1, the forms in which a relay is addressed itself.
bool is_router_form(const Ipv6Address& address) noexcept {
  constexpr uint64_t kSubnetMask = 0xffff;
  return is_six_to_four(address) && (address.high() & kSubnetMask) == 0 && address.low() <= 1;
}

// X22, seen from a gateway: the address that its probes go to and their answers come from.
bool is_configured_relay_form(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  return is_router_form(address) && tunnel.is_relay(six_to_four_v4(address));
}

// ISATAP (RFC 5214 §6.1) names the router by the interface identifier, under any prefix.
bool is_own_isatap(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  constexpr uint64_t kUniversal = uint64_t{2} << 56U;
  constexpr uint64_t kIsatap = 0x5efe;
  return (address.low() & ~kUniversal) >> 32U == kIsatap &&
         tunnel.embeds_own(Ipv4Address(Be32(static_cast<uint32_t>(address.low()))));
}

// RFC 6324 §3.3 (Q1, Q3): others would send what is for such an address through their tunnel to us, and we
// would pass it on to them, until its hop limit ends. 6to4 has rules of its own about its own form.
bool leads_back(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  if (tunnel.role != TunnelRole::relay) return false;  // a gateway passes nothing on
  return is_own_isatap(tunnel, address) ||
         (tunnel.kind != TunnelKind::six_to_four && embeds_own(tunnel, address));
}

// S26: who answers a keep-alive.
bool is_awaited_form(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  return is_router_form(address) && tunnel.is_awaited(six_to_four_v4(address));
}

// --- decapsulation

Drop check_source_v4(const Tunnel& tunnel, Ipv4Address source) noexcept {
  switch (tunnel.kind) {
    case TunnelKind::six_in_four:
      return six_in_four::check_source_v4(tunnel, source);
    case TunnelKind::six_rd:
      return six_rd::check_source_v4(tunnel, source);
    case TunnelKind::six_to_four:
      break;
  }
  return six_to_four::check_source_v4(tunnel, source);
}

Drop check_inner_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept {
  if (source.is_link_local()) return DropReason::inner_link_local;
  if (never_on_tunnel(source, tunnel.lab()) != nullptr) return DropReason::inner_source_forbidden;
  if (embeds_own(tunnel, source)) return DropReason::inner_source_own;
  if (embeds_forbidden(tunnel, source) && !is_configured_relay_form(tunnel, source) &&
      !is_awaited_form(tunnel, source))
    return DropReason::inner_source_embeds_forbidden;
  return {};
}

Drop check_inner_destination(const Tunnel& tunnel, const Ipv6Address& destination) noexcept {
  if (destination.is_link_local()) return DropReason::inner_link_local;
  if (never_on_tunnel(destination, tunnel.lab()) != nullptr) return DropReason::inner_destination_forbidden;
  if (embeds_forbidden(tunnel, destination) && !is_relay_own_form(tunnel, destination))
    return DropReason::inner_destination_embeds_forbidden;
  if (leads_back(tunnel, destination)) return DropReason::destination_embeds_own;
  return {};
}

Drop check_kind(const Tunnel& tunnel, const Ipv4Fields& outer, const Ipv6Fields& inner) noexcept {
  switch (tunnel.kind) {
    case TunnelKind::six_in_four:
      return six_in_four::check_inner(tunnel, inner);
    case TunnelKind::six_rd:
      return six_rd::check_inner(tunnel, outer, inner);
    case TunnelKind::six_to_four:
      break;
  }
  return six_to_four::check_inner(tunnel, outer, inner);
}

bool is_tunnel_protocol(uint8_t protocol) noexcept {
  return protocol == ip_proto::kIpv6 || protocol == ip_proto::kIpip || protocol == ip_proto::kGre;
}

bool is_for_us(const Tunnel& tunnel, const Ipv6Address& destination) noexcept {
  return tunnel.role == TunnelRole::gateway ? destination == tunnel.address
                                            : is_relay_own_form(tunnel, destination);
}

// 6to4 is for all that nobody else knows.
bool claims(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept {
  switch (tunnel.kind) {
    case TunnelKind::six_in_four:
      return six_in_four::claims(tunnel, inner);
    case TunnelKind::six_rd:
      return six_rd::claims(tunnel, inner);
    case TunnelKind::six_to_four:
      break;
  }
  return true;
}

// --- encapsulation

Drop check_kinds_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept {
  switch (tunnel.kind) {
    case TunnelKind::six_in_four:
      return six_in_four::check_encap_source(tunnel, source);
    case TunnelKind::six_rd:
      return six_rd::check_encap_source(tunnel, source);
    case TunnelKind::six_to_four:
      break;
  }
  return six_to_four::check_encap_source(tunnel, source);
}

Drop check_encap_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept {
  if (source.is_multicast()) return DropReason::policy_source_multicast;
  if (never_on_tunnel(source, tunnel.lab()) != nullptr) return DropReason::policy_forbidden_block;
  if (leads_back(tunnel, source)) return DropReason::source_embeds_own;
  return check_kinds_source(tunnel, source);
}

Drop check_encap_destination(const Tunnel& tunnel, const Ipv6Address& destination) noexcept {
  if (never_on_tunnel(destination, tunnel.lab()) != nullptr) return DropReason::policy_forbidden_block;
  if (embeds_own(tunnel, destination)) return DropReason::destination_embeds_own;
  if (embeds_forbidden(tunnel, destination) && !is_configured_relay_form(tunnel, destination))
    return DropReason::destination_embeds_forbidden;
  return {};
}

}  // namespace

bool is_unlisted_site(const Tunnel& tunnel, Ipv4Address site) noexcept {
  if (tunnel.role != TunnelRole::relay || tunnel.sites.empty()) return false;
  return std::ranges::none_of(tunnel.sites, [&](const Ipv4Prefix& prefix) { return prefix.contains(site); });
}

Drop check_outer(const Tunnel& tunnel, const Ipv4Fields& outer) noexcept {
  if (!tunnel.up) return DropReason::tunnel_unmatched;
  if (!tunnel.is_own_v4(outer.destination)) {
    const Ipv4Address to = outer.destination;
    const bool to_many = to.is_multicast() || is_subnet_edge(tunnel.wan_subnet, to) || ~to.host() == 0;
    return to_many ? DropReason::outer_destination : DropReason::tunnel_unmatched;
  }
  if (tunnel.embeds_own(outer.source)) return DropReason::outer_source_own;
  return check_source_v4(tunnel, outer.source);
}

Drop check_outer(std::span<const Tunnel> tunnels, const Ipv4Fields& outer) noexcept {
  Drop drop = DropReason::tunnel_unmatched;
  for (const Tunnel& tunnel : tunnels) {
    if (!tunnel.up) continue;
    drop = check_outer(tunnel, outer);
    if (!drop) return drop;
  }
  return drop;
}

std::size_t tunnel_of(std::span<const Tunnel> tunnels, const ParsedPacket& packet) noexcept {
  if (tunnels.size() == 1) return 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < tunnels.size(); ++i) {
    if (check_outer(tunnels[i], packet.v4)) continue;
    last = i;
    if (claims(tunnels[i], packet.v6)) break;
  }
  return last;
}

Drop check_inner(const Tunnel& tunnel, const Ipv4Fields& outer, const ParsedPacket& inner) noexcept {
  if (tunnel.kind == TunnelKind::six_in_four && six_in_four::is_between_ends(tunnel, inner)) return {};
  const Ipv6Fields& v6 = inner.v6;
  if (const Drop drop = check_inner_source(tunnel, v6.source)) return drop;
  if (const Drop drop = check_inner_destination(tunnel, v6.destination)) return drop;
  if (const Drop drop = check_kind(tunnel, outer, v6)) return drop;
  if (is_tunnel_protocol(inner.l4.protocol) && is_for_us(tunnel, v6.destination))
    return DropReason::nested_tunnel;
  return {};
}

bool is_neighbour_discovery(const Tunnel& tunnel, const ParsedPacket& inner) noexcept {
  return tunnel.kind == TunnelKind::six_in_four && six_in_four::is_discovery(tunnel, inner);
}

Drop check_encap(const Tunnel& tunnel, const Ipv6Address& source, const Ipv6Address& destination,
                 Ipv4Address destination_v4) noexcept {
  if (const Drop drop = check_encap_source(tunnel, source)) return drop;
  if (const Drop drop = check_encap_destination(tunnel, destination)) return drop;
  if (tunnel.embeds_own(destination_v4)) return DropReason::destination_embeds_own;
  switch (tunnel.kind) {
    case TunnelKind::six_in_four:
      return {};
    case TunnelKind::six_rd:
      return six_rd::check_encap_peer(tunnel, destination, destination_v4);
    case TunnelKind::six_to_four:
      break;
  }
  return six_to_four::check_encap_peer(tunnel, source, destination, destination_v4);
}

bool is_relay_own_form(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  if (tunnel.role != TunnelRole::relay) return false;
  if (tunnel.kind == TunnelKind::six_to_four)
    return is_router_form(address) && tunnel.is_own_v4(six_to_four_v4(address));
  if (!tunnel.domain.contains(address)) return false;
  const Ipv4Address site = tunnel.domain.v4_of(address);
  return tunnel.is_own_v4(site) && tunnel.domain.prefix_of(site).address == address;
}

}  // namespace gate41
