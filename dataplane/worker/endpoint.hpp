// The IPv4 address that a packet's outer header goes to.
#pragma once

#include <span>

#include "dataplane/forward/adjacency.hpp"
#include "dataplane/tunnel/outer_header.hpp"
#include "dataplane/tunnel/tunnel.hpp"

namespace gate41 {

// `way`: into `tunnel`. A relay's or peer's stands in the template, a site's in the packet's destination.
[[nodiscard]] inline Ipv4Address endpoint_of(const Adjacency& way, const Tunnel& tunnel,
                                             const Ipv6Address& destination) noexcept {
  if (way.kind == AdjacencyKind::tunnel_direct) return tunnel.domain.v4_of(destination);
  return outer_destination(
      std::span<const uint8_t, 20>(way.header.data() + way.ethernet_length, sizeof(Ipv4Header)));
}

}  // namespace gate41
