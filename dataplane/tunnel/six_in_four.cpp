// 6in4: one configured peer, prefixes by agreement. RFC 4213 §3.
#include "dataplane/tunnel/kinds.hpp"

namespace gate41::six_in_four {
namespace {

bool is_ours(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  return address == tunnel.address || tunnel.prefix.contains(address);
}

}  // namespace

// D21.
Drop check_source_v4(const Tunnel& tunnel, Ipv4Address source) noexcept {
  return tunnel.is_relay(source) ? Drop{} : DropReason::outer_source_unlisted;
}

// D30, D31.
Drop check_inner(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept {
  if (is_ours(tunnel, inner.source)) return DropReason::inner_source_own;
  return is_ours(tunnel, inner.destination) ? Drop{} : DropReason::inner_destination_not_ours;
}

// The other end may be another tunnel's relay too.
bool claims(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept {
  const Ipv6Address& destination = inner.destination;
  return is_ours(tunnel, destination) || destination.is_link_local() || destination.is_multicast();
}

Drop check_encap_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept {
  return is_ours(tunnel, source) ? Drop{} : DropReason::source_embeds_other;
}

}  // namespace gate41::six_in_four
