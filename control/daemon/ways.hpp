// How packets leave: the adjacency's content for a neighbour on a LAN, and for a tunnel endpoint behind a WAN
// next hop (RFC 4213 §3.5; D13, X1, X27). Pure.
#pragma once

#include "dataplane/forward/adjacency.hpp"
#include "dataplane/tunnel/tunnel.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

// IPv6 as it is, to a neighbour on `link`.
[[nodiscard]] Adjacency lan_way(const Link& link, uint16_t link_index, const MacAddress& neighbour);

// Protocol 41 by the next hop's MAC. `index`: of the tunnel in the snapshot. `destination`: the relay or
// peer; nullopt: taken from the inner destination.
[[nodiscard]] Adjacency tunnel_way(const Tunnel& tunnel, uint8_t index, const Link& wan, uint16_t link_index,
                                   const MacAddress& next_hop, std::optional<Ipv4Address> destination);

// A whole frame that carries a packet of ours to an endpoint.
[[nodiscard]] std::vector<uint8_t> encapsulated(std::span<const uint8_t> ipv6, const Adjacency& way);

}  // namespace gate41
