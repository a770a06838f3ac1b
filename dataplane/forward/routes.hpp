// RouteTable: longest prefix match over the few routes that follow from the configuration: a small sorted
// array, part of the immutable snapshot. A route may be for packets of one source prefix only: of several
// tunnels a packet takes the one that its source was delegated by (P34). Packet path; allocates nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/forward/adjacency.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

enum class RouteKind : uint8_t {
  on_link,        // the destination itself is a neighbour on `lan`
  native,         // on `lan`, as the FIB says; by `next_hop` where it has no route
  tunnel_direct,  // encapsulate to the IPv4 address in the destination (A10, E10)
  tunnel_relay,   // encapsulate to the tunnel's live relay or peer
  relay_down,     // the same, but none is alive
  null_route,     // own prefix, no such /64 (P6)
};

struct Route {
  Ipv6Prefix prefix;
  RouteKind kind = RouteKind::null_route;
  uint16_t lan = 0;
  uint16_t tunnel = 0;             // index in the snapshot's tunnels
  Ipv6Prefix source = kEveryIpv6;  // for packets of these sources alone
  Ipv6Address next_hop;
  AdjacencyIndex adjacency = kNoAdjacency;  // of tunnels
};

class RouteTable {
 public:
  RouteTable() = default;
  explicit RouteTable(std::vector<Route> routes);  // any order; of equals the first one wins
  // The longest destination prefix first, then the longest source prefix.
  [[nodiscard]] const Route* lookup(const Ipv6Address& source, const Ipv6Address& destination) const noexcept;
  [[nodiscard]] const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  std::vector<Route> routes_;  // as they are looked at
};

}  // namespace gate41
