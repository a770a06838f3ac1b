// How packets leave: the adjacency's content for a neighbour on a LAN, and for a tunnel endpoint behind a WAN
// next hop (RFC 4213 §3.5; D13, X1, X27). Pure.
#pragma once

#include "dataplane/forward/adjacency.hpp"
#include "dataplane/tunnel/six_to_four.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

// IPv6 as it is, to a neighbour on `link`.
[[nodiscard]] Adjacency lan_way(const Link& link, uint16_t link_index, const MacAddress& neighbour);

// Protocol 41 by the next hop's MAC. `destination`: the relay; nullopt: taken from the inner 6to4
// destination.
[[nodiscard]] Adjacency tunnel_way(const SixToFour& tunnel, const Link& wan, uint16_t link_index,
                                   const MacAddress& next_hop, std::optional<Ipv4Address> destination);

}  // namespace gate41
