#include "dataplane/tunnel/checks.hpp"

#include <algorithm>

#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr Ipv4Address kRelayAnycast = Ipv4Address::of(192, 88, 99, 1);  // RFC 3068; B9

// --- IPv4 sanity: C11, C12, group G

// A /31 or /32 has neither a network nor a broadcast address (RFC 3021).
bool is_subnet_edge(const Ipv4Prefix& subnet, Ipv4Address a) noexcept {
  return subnet.length < 31 && (a == subnet.broadcast() || a == subnet.address);
}

bool is_forbidden(const SixToFour& tunnel, Ipv4Address a) noexcept {
  return never_embed(a, tunnel.lab()) != nullptr || is_subnet_edge(tunnel.wan_subnet, a);
}

// On the wire relays are welcome where no site may be (B9, G9).
bool is_forbidden_peer(const SixToFour& tunnel, Ipv4Address a) noexcept {
  return is_forbidden(tunnel, a) && a != kRelayAnycast && !tunnel.is_relay(a);
}

bool is_unlisted_site(const SixToFour& tunnel, Ipv4Address site) noexcept {
  if (tunnel.role != TunnelRole::relay || tunnel.sites.empty()) return false;
  return std::ranges::none_of(tunnel.sites, [&](const Ipv4Prefix& prefix) { return prefix.contains(site); });
}

// What remote sites know a wire address as: behind a NAT they see `external` where `local` is meant (X3).
Ipv4Address as_seen_outside(const SixToFour& tunnel, Ipv4Address wire) noexcept {
  return wire == tunnel.local ? tunnel.external : wire;
}

// --- 6to4 forms

bool embeds_own(const SixToFour& tunnel, const Ipv6Address& address) noexcept {
  return is_six_to_four(address) && tunnel.embeds_own(six_to_four_v4(address));
}

bool embeds_forbidden(const SixToFour& tunnel, const Ipv6Address& address) noexcept {
  return is_six_to_four(address) && is_forbidden(tunnel, six_to_four_v4(address));
}

// 2002:V4:: and 2002:V4::1, the forms in which a relay is addressed itself.
bool is_router_form(const Ipv6Address& address) noexcept {
  constexpr uint64_t kSubnetMask = 0xffff;
  return is_six_to_four(address) && (address.high() & kSubnetMask) == 0 && address.low() <= 1;
}

// X22, seen from a gateway: the address that its probes go to and their answers come from.
bool is_configured_relay_form(const SixToFour& tunnel, const Ipv6Address& address) noexcept {
  return is_router_form(address) && tunnel.is_relay(six_to_four_v4(address));
}

// --- decapsulation

Drop check_inner_source(const SixToFour& tunnel, const Ipv6Address& source) noexcept {
  if (source.is_link_local()) return DropReason::inner_link_local;
  if (never_on_tunnel(source, tunnel.lab()) != nullptr) return DropReason::inner_source_forbidden;
  if (embeds_own(tunnel, source)) return DropReason::inner_source_own;
  if (embeds_forbidden(tunnel, source) && !is_configured_relay_form(tunnel, source))
    return DropReason::inner_source_embeds_forbidden;
  return {};
}

Drop check_inner_destination(const SixToFour& tunnel, const Ipv6Address& destination) noexcept {
  if (destination.is_link_local()) return DropReason::inner_link_local;
  if (never_on_tunnel(destination, tunnel.lab()) != nullptr) return DropReason::inner_destination_forbidden;
  if (embeds_forbidden(tunnel, destination) && !is_relay_own_form(tunnel, destination))
    return DropReason::inner_destination_embeds_forbidden;
  return {};
}

// C7, C20, X26: to our site alone, from other sites themselves or from relays.
Drop check_to_gateway(const SixToFour& tunnel, const Ipv4Fields& outer, const Ipv6Fields& inner) noexcept {
  if (!is_six_to_four(inner.source) && tunnel.accept_relays_only && !tunnel.is_relay(outer.source))
    return DropReason::outer_source_unlisted;
  if (!is_six_to_four(inner.destination)) return DropReason::inner_destination_not_ours;
  if (six_to_four_v4(inner.destination) != as_seen_outside(tunnel, outer.destination))
    return DropReason::inner_destination_mismatch;
  return {};
}

// C9, C21: from 6to4 sites alone, to native addresses or to the relay itself.
Drop check_to_relay(const SixToFour& tunnel, const Ipv6Fields& inner) noexcept {
  if (!is_six_to_four(inner.source)) return DropReason::inner_source_mismatch;
  if (is_six_to_four(inner.destination) && !is_relay_own_form(tunnel, inner.destination))
    return DropReason::inner_6to4_to_6to4;
  return {};
}

// Inner against outer addresses: C7..C10, C19..C21.
Drop check_embedding(const SixToFour& tunnel, const Ipv4Fields& outer, const Ipv6Fields& inner) noexcept {
  const bool from_site = is_six_to_four(inner.source);
  if (!from_site && !is_six_to_four(inner.destination)) return DropReason::inner_native_native;
  if (from_site && six_to_four_v4(inner.source) != outer.source) return DropReason::inner_source_mismatch;
  return tunnel.role == TunnelRole::gateway ? check_to_gateway(tunnel, outer, inner)
                                            : check_to_relay(tunnel, inner);
}

bool is_tunnel_protocol(uint8_t protocol) noexcept {
  return protocol == ip_proto::kIpv6 || protocol == ip_proto::kIpip || protocol == ip_proto::kGre;
}

bool is_for_us(const SixToFour& tunnel, const Ipv6Address& destination) noexcept {
  return tunnel.role == TunnelRole::gateway ? destination == tunnel.address
                                            : is_relay_own_form(tunnel, destination);
}

// --- encapsulation

Drop check_encap_source(const SixToFour& tunnel, const Ipv6Address& source) noexcept {
  if (source.is_multicast()) return DropReason::policy_source_multicast;
  if (never_on_tunnel(source, tunnel.lab()) != nullptr) return DropReason::policy_forbidden_block;
  if (!is_six_to_four(source) || is_relay_own_form(tunnel, source)) return {};
  const bool ours = tunnel.role == TunnelRole::gateway && six_to_four_v4(source) == tunnel.external;  // C2
  return ours ? Drop{} : DropReason::source_embeds_other;                                             // C22
}

Drop check_encap_destination(const SixToFour& tunnel, const Ipv6Address& destination) noexcept {
  if (never_on_tunnel(destination, tunnel.lab()) != nullptr) return DropReason::policy_forbidden_block;
  if (embeds_own(tunnel, destination)) return DropReason::destination_embeds_own;
  if (embeds_forbidden(tunnel, destination) && !is_configured_relay_form(tunnel, destination))
    return DropReason::destination_embeds_forbidden;
  return {};
}

}  // namespace

Drop check_outer(const SixToFour& tunnel, const Ipv4Fields& outer) noexcept {
  if (!tunnel.is_own_v4(outer.destination)) {
    const Ipv4Address to = outer.destination;
    const bool to_many = to.is_multicast() || is_subnet_edge(tunnel.wan_subnet, to) || ~to.host() == 0;
    return to_many ? DropReason::outer_destination : DropReason::tunnel_unmatched;
  }
  if (tunnel.embeds_own(outer.source)) return DropReason::outer_source_own;
  if (is_forbidden_peer(tunnel, outer.source)) return DropReason::outer_source_forbidden;
  if (is_unlisted_site(tunnel, outer.source)) return DropReason::site_unlisted;
  return {};
}

Drop check_inner(const SixToFour& tunnel, const Ipv4Fields& outer, const ParsedPacket& inner) noexcept {
  const Ipv6Fields& v6 = inner.v6;
  if (const Drop drop = check_inner_source(tunnel, v6.source)) return drop;
  if (const Drop drop = check_inner_destination(tunnel, v6.destination)) return drop;
  if (const Drop drop = check_embedding(tunnel, outer, v6)) return drop;
  if (is_tunnel_protocol(inner.l4.protocol) && is_for_us(tunnel, v6.destination))
    return DropReason::nested_tunnel;
  return {};
}

Drop check_encap(const SixToFour& tunnel, const Ipv6Address& source, const Ipv6Address& destination,
                 Ipv4Address destination_v4) noexcept {
  if (const Drop drop = check_encap_source(tunnel, source)) return drop;
  if (const Drop drop = check_encap_destination(tunnel, destination)) return drop;
  if (tunnel.embeds_own(destination_v4)) return DropReason::destination_embeds_own;
  if (is_forbidden_peer(tunnel, destination_v4)) return DropReason::destination_embeds_forbidden;
  if (!is_six_to_four(source) && !is_six_to_four(destination)) return DropReason::native_native;
  if (is_unlisted_site(tunnel, destination_v4)) return DropReason::site_unlisted;
  return {};
}

bool is_relay_own_form(const SixToFour& tunnel, const Ipv6Address& address) noexcept {
  return tunnel.role == TunnelRole::relay && is_router_form(address) &&
         tunnel.is_own_v4(six_to_four_v4(address));
}

}  // namespace gate41
