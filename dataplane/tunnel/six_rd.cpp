// 6rd: sites of one domain, which may have private IPv4 addresses (E28), and its border relays. RFC 5969.
#include "dataplane/tunnel/kinds.hpp"

namespace gate41::six_rd {
namespace {

// The blocks that no host has, whoever numbers the network (E30): this network, loopback, link-local,
// multicast, reserved. Private ones are welcome here (E28).
bool is_no_host(Ipv4Address a) noexcept {
  const uint32_t first = a.host() >> 24U;
  return first == 0 || first == 127 || first >= 224 || a.host() >> 16U == 0xa9feU;
}

// E23, E30: what can be no site of the domain: no host, a subnet's edge, and at a border relay the known
// relays: its peers and 6to4's (192.88.99.0/24).
bool is_no_site(const Tunnel& tunnel, Ipv4Address a) noexcept {
  if (is_no_host(a) || is_subnet_edge(tunnel.wan_subnet, a)) return true;
  return tunnel.role == TunnelRole::relay && (kRelayAnycast.contains(a) || tunnel.is_relay(a));
}

// E19: our probe comes back by a border relay, from our own address to our own address.
bool is_returned_probe(const Tunnel& tunnel, const Ipv4Fields& outer, const Ipv6Fields& inner) noexcept {
  return inner.source == tunnel.address && inner.destination == tunnel.address &&
         tunnel.is_relay(outer.source);
}

// E15..E17, K6.
Drop check_to_gateway(const Tunnel& tunnel, const Ipv4Fields& outer, const Ipv6Fields& inner) noexcept {
  if (is_returned_probe(tunnel, outer, inner)) return {};
  if (tunnel.prefix.contains(inner.source)) return DropReason::inner_source_own;
  if (!tunnel.is_relay(outer.source)) {
    if (!tunnel.domain.contains(inner.source)) return DropReason::outer_source_unlisted;
    if (tunnel.domain.v4_of(inner.source) != outer.source) return DropReason::inner_source_mismatch;
  }
  return tunnel.prefix.contains(inner.destination) ? Drop{} : DropReason::inner_destination_not_ours;
}

// E15, E22. Where it goes from here is forwarding's business: to a native address, or back to a site (E19).
Drop check_to_relay(const Tunnel& tunnel, const Ipv4Fields& outer, const Ipv6Fields& inner) noexcept {
  if (!tunnel.domain.contains(inner.source)) return DropReason::inner_source_mismatch;
  if (tunnel.domain.v4_of(inner.source) != outer.source) return DropReason::inner_source_mismatch;
  return {};
}

}  // namespace

// Not by the source: a site of the domain may speak to our prefix of another tunnel, by that one's relay.
bool claims(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept {
  return tunnel.domain.contains(inner.destination);
}

Drop check_source_v4(const Tunnel& tunnel, Ipv4Address source) noexcept {
  if (tunnel.role == TunnelRole::gateway && tunnel.is_relay(source)) return {};
  if (is_no_site(tunnel, source)) return DropReason::outer_source_forbidden;
  if (!tunnel.domain.sites.contains(source)) return DropReason::outer_source_unlisted;
  if (is_unlisted_site(tunnel, source)) return DropReason::site_unlisted;
  return {};
}

Drop check_inner(const Tunnel& tunnel, const Ipv4Fields& outer, const Ipv6Fields& inner) noexcept {
  return tunnel.role == TunnelRole::gateway ? check_to_gateway(tunnel, outer, inner)
                                            : check_to_relay(tunnel, outer, inner);
}

Drop check_encap_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept {
  const bool ours = tunnel.role == TunnelRole::relay || tunnel.prefix.contains(source);
  return ours ? Drop{} : DropReason::source_embeds_other;
}

Drop check_encap_peer(const Tunnel& tunnel, const Ipv6Address& destination, Ipv4Address peer) noexcept {
  if (tunnel.role == TunnelRole::gateway && tunnel.is_relay(peer)) return {};
  if (is_no_site(tunnel, peer)) return DropReason::destination_embeds_forbidden;
  if (!tunnel.domain.contains(destination)) return DropReason::native_native;
  return is_unlisted_site(tunnel, peer) ? DropReason::site_unlisted : Drop{};
}

}  // namespace gate41::six_rd
