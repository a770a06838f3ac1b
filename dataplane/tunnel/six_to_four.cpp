// 6to4: every global IPv4 address may be a site; native traffic comes by any relay. RFC 3056, RFC 3964.
#include "dataplane/tunnel/kinds.hpp"

namespace gate41::six_to_four {
namespace {

constexpr Ipv4Address kAnycastRelay = Ipv4Address::of(192, 88, 99, 1);  // RFC 3068 §2.4; B9

// On the wire relays are welcome where no site may be (B9, G9).
bool is_forbidden_peer(const Tunnel& tunnel, Ipv4Address a) noexcept {
  return is_forbidden_v4(tunnel, a) && a != kAnycastRelay && !tunnel.is_relay(a);
}

// What remote sites know a wire address as: behind a NAT they see `external` where `local` is meant (X3).
Ipv4Address as_seen_outside(const Tunnel& tunnel, Ipv4Address wire) noexcept {
  return wire == tunnel.local ? tunnel.external : wire;
}

// C7, C20, X26: to our site alone, from other sites themselves or from relays.
Drop check_to_gateway(const Tunnel& tunnel, const Ipv4Fields& outer, const Ipv6Fields& inner) noexcept {
  if (!is_six_to_four(inner.source) && tunnel.accept_relays_only && !tunnel.is_relay(outer.source))
    return DropReason::outer_source_unlisted;
  if (!is_six_to_four(inner.destination)) return DropReason::inner_destination_not_ours;
  if (six_to_four_v4(inner.destination) != as_seen_outside(tunnel, outer.destination))
    return DropReason::inner_destination_mismatch;
  return {};
}

// C9, C21: from 6to4 sites alone, to native addresses or to the relay itself.
Drop check_to_relay(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept {
  if (!is_six_to_four(inner.source)) return DropReason::inner_source_mismatch;
  if (is_six_to_four(inner.destination) && !is_relay_own_form(tunnel, inner.destination))
    return DropReason::inner_6to4_to_6to4;
  return {};
}

}  // namespace

Drop check_source_v4(const Tunnel& tunnel, Ipv4Address source) noexcept {
  if (is_forbidden_peer(tunnel, source) && !tunnel.is_awaited(source))
    return DropReason::outer_source_forbidden;
  if (is_unlisted_site(tunnel, source)) return DropReason::site_unlisted;
  return {};
}

// C7..C10, C19..C21.
Drop check_inner(const Tunnel& tunnel, const Ipv4Fields& outer, const Ipv6Fields& inner) noexcept {
  const bool from_site = is_six_to_four(inner.source);
  if (!from_site && !is_six_to_four(inner.destination)) return DropReason::inner_native_native;
  if (from_site && six_to_four_v4(inner.source) != outer.source) return DropReason::inner_source_mismatch;
  return tunnel.role == TunnelRole::gateway ? check_to_gateway(tunnel, outer, inner)
                                            : check_to_relay(tunnel, inner);
}

// C2, C22. A relay answers from its own forms.
Drop check_encap_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept {
  if (!is_six_to_four(source) || is_relay_own_form(tunnel, source)) return {};
  const bool ours = tunnel.role == TunnelRole::gateway && six_to_four_v4(source) == tunnel.external;
  return ours ? Drop{} : DropReason::source_embeds_other;
}

Drop check_encap_peer(const Tunnel& tunnel, const Ipv6Address& source, const Ipv6Address& destination,
                      Ipv4Address peer) noexcept {
  if (is_forbidden_peer(tunnel, peer)) return DropReason::destination_embeds_forbidden;
  if (!is_six_to_four(source) && !is_six_to_four(destination)) return DropReason::native_native;
  if (is_unlisted_site(tunnel, peer)) return DropReason::site_unlisted;
  return {};
}

}  // namespace gate41::six_to_four
