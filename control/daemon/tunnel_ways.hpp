// TunnelWays: the two standing ways out of a tunnel, as adjacencies: to the live relay, and to any site
// behind the WAN's gateway (6in4: to the peer, alive or not). Rewritten in place, so that flows follow a new
// gateway or relay. Control thread only.
#pragma once

#include "control/daemon/wan.hpp"
#include "control/daemon/ways.hpp"

namespace gate41 {

class TunnelWays {
 public:
  TunnelWays(AdjacencyTable& table, const Link& wan, uint16_t link_index);

  // Everything that a way depends on; unresolved where the next hop's MAC is not known (yet).
  void update(const Tunnel& tunnel, uint8_t index, const Wan& wan, std::optional<Ipv4Address> live_relay);
  [[nodiscard]] AdjacencyIndex relay() const { return relay_; }
  [[nodiscard]] AdjacencyIndex direct() const { return direct_; }
  // The IPv4 next hops that `update` looks for: the gateway, the relays that are on the WAN's subnet, and the
  // routers of classless routes to relays. (Sites beyond the subnet are all reached by the gateway.)
  [[nodiscard]] static std::vector<Ipv4Address> next_hops(const Wan::Address& wan,
                                                          const std::vector<Ipv4Address>& relays);
  // Whether packets to one of the relays get out, or wait at their next hop: without a gateway that answers
  // ARP, relays beyond the subnet cannot be probed.
  [[nodiscard]] static bool reaches_any(const Wan::Address& wan, const std::vector<Ipv4Address>& relays,
                                        bool gateway_answers);

  // The way to an endpoint, alive or not; nullopt = to whatever site, behind the gateway. Unresolved where
  // there is none.
  [[nodiscard]] Adjacency way_to(std::optional<Ipv4Address> peer, const Tunnel& tunnel, uint8_t index,
                                 const Wan& wan) const;

 private:
  AdjacencyTable& table_;
  Link wan_;
  uint16_t link_index_;
  AdjacencyIndex relay_;
  AdjacencyIndex direct_;
};

}  // namespace gate41
