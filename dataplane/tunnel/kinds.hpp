// What the kinds of tunnel add to the checks that all have in common: one namespace a kind, one file each.
// Inside dataplane/tunnel/ only; the way in is checks.hpp.
#pragma once

#include "dataplane/tunnel/checks.hpp"

namespace gate41 {

// A /31 or /32 has neither a network nor a broadcast address (RFC 3021).
[[nodiscard]] inline bool is_subnet_edge(const Ipv4Prefix& subnet, Ipv4Address a) noexcept {
  return subnet.length < 31 && (a == subnet.broadcast() || a == subnet.address);
}
// C11, C12, group G: no site may have this address. On the wire and inside a 6to4 address.
[[nodiscard]] inline bool is_forbidden_v4(const Tunnel& tunnel, Ipv4Address a) noexcept {
  return never_embed(a, tunnel.lab()) != nullptr || is_subnet_edge(tunnel.wan_subnet, a);
}
// A17.
[[nodiscard]] bool is_unlisted_site(const Tunnel& tunnel, Ipv4Address site) noexcept;

// Each: `claims`, whether inner addresses are of the tunnel at all; `check_source_v4`, the outer source;
// `check_inner`, inner against outer addresses; `check_encap_source`, who may send; `check_encap_peer`, what
// may go to an outer destination.
namespace six_to_four {
[[nodiscard]] Drop check_source_v4(const Tunnel& tunnel, Ipv4Address source) noexcept;
[[nodiscard]] Drop check_inner(const Tunnel& tunnel, const Ipv4Fields& outer,
                               const Ipv6Fields& inner) noexcept;
[[nodiscard]] Drop check_encap_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept;
[[nodiscard]] Drop check_encap_peer(const Tunnel& tunnel, const Ipv6Address& source,
                                    const Ipv6Address& destination, Ipv4Address peer) noexcept;
}  // namespace six_to_four

namespace six_rd {
[[nodiscard]] bool claims(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept;
[[nodiscard]] Drop check_source_v4(const Tunnel& tunnel, Ipv4Address source) noexcept;
[[nodiscard]] Drop check_inner(const Tunnel& tunnel, const Ipv4Fields& outer,
                               const Ipv6Fields& inner) noexcept;
[[nodiscard]] Drop check_encap_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept;
[[nodiscard]] Drop check_encap_peer(const Tunnel& tunnel, const Ipv6Address& destination,
                                    Ipv4Address peer) noexcept;
}  // namespace six_rd

namespace six_in_four {
[[nodiscard]] bool claims(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept;
[[nodiscard]] Drop check_source_v4(const Tunnel& tunnel, Ipv4Address source) noexcept;
[[nodiscard]] Drop check_inner(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept;
[[nodiscard]] Drop check_encap_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept;
// RFC 4213 §3.7, §3.8: what the two ends of the tunnel say to each other as neighbours: neighbour discovery,
// and echo to our link-local address.
[[nodiscard]] bool is_between_ends(const Tunnel& tunnel, const ParsedPacket& inner) noexcept;
[[nodiscard]] bool is_discovery(const Tunnel& tunnel, const ParsedPacket& inner) noexcept;
}  // namespace six_in_four

}  // namespace gate41
