// RouteTable: longest prefix match over the few routes of a gateway or of a plain relay: a small sorted
// array, part of the immutable snapshot. Packet path; allocates nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/forward/adjacency.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

enum class RouteKind : uint8_t {
  on_link,       // the destination itself is a neighbour on `lan`
  via,           // `next_hop` is a neighbour on `lan`
  six_to_four,   // encapsulate to the IPv4 address in the destination (A10)
  tunnel_relay,  // encapsulate to the live relay: `adjacency`
  relay_down,    // the same, but no relay is alive
  null_route,    // own prefix, no such /64 (P6)
};

struct Route {
  Ipv6Prefix prefix;
  RouteKind kind = RouteKind::null_route;
  uint16_t lan = 0;
  Ipv6Address next_hop;
  AdjacencyIndex adjacency = kNoAdjacency;
};

class RouteTable {
 public:
  RouteTable() = default;
  explicit RouteTable(std::vector<Route> routes);  // any order; sorted here
  [[nodiscard]] const Route* lookup(const Ipv6Address& destination) const noexcept;
  [[nodiscard]] const std::vector<Route>& routes() const noexcept { return routes_; }

 private:
  std::vector<Route> routes_;  // longest first
};

}  // namespace gate41
