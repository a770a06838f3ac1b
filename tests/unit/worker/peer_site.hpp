// The gateway's site with a configured tunnel in place of 6to4: its other end is 11.8.8.8.
#pragma once

#include "tests/unit/worker/site.hpp"

namespace gate41::testing {

inline const Ipv4Address kPeerV4 = ip4("11.8.8.8");
inline const Ipv6Address kPeer = ip6("2600:41:0:2::1");
inline const Ipv6Address kInOwn = ip6("2600:41:0:2::2");
inline const Ipv6Address kInLinkLocal = ip6("fe80::b00:2");  // 11.0.0.2
inline const Ipv6Address kPeerLinkLocal = ip6("fe80::b08:808");

class PeerSite : public GatewaySite {
 public:
  PeerSite() {
    Tunnel peer = snapshot.tunnels[0];
    peer.kind = TunnelKind::six_in_four;
    peer.prefix = *Ipv6Prefix::parse("2600:41:1::/48");
    peer.address = kInOwn;
    peer.link_local = kInLinkLocal;
    peer.peer = kPeer;
    peer.relays = {kPeerV4};
    snapshot.tunnels = {peer};
    snapshot.tunnel_addresses = {kInOwn};
    snapshot.routes = RouteTable({way_to(kPeerV4, 0)});
  }

  Route way_to(Ipv4Address peer, uint8_t tunnel) {
    Route route;
    route.kind = RouteKind::tunnel_relay;
    route.prefix = kEveryIpv6;
    route.tunnel = tunnel;
    route.adjacency = adjacencies.allocate();
    Adjacency way = tunnel_way(AdjacencyKind::tunnel, kIspMac, kOwnV4, peer, 1280);
    way.tunnel = tunnel;
    adjacencies.write(route.adjacency, way);
    return route;
  }
};

}  // namespace gate41::testing
