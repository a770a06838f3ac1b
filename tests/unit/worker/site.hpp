// Two boxes as control would set them up: a 6to4 gateway with two LANs (the second one tagged), and a 6to4
// relay with an anycast and a unicast address. The addresses of the network around them are the lab's.
#pragma once

#include "dataplane/net/headers.hpp"
#include "tests/support/packet_builder.hpp"
#include "tests/unit/worker/harness.hpp"

namespace gate41::testing {

inline constexpr uint16_t kWanDevice = 0;
inline constexpr uint16_t kLanDevice = 1;
inline constexpr uint16_t kWanLink = 0;
inline constexpr uint16_t kHomeLink = 1;  // relay: the native side
inline constexpr uint16_t kGuestLink = 2;
inline constexpr uint16_t kHomeLan = 0;
inline constexpr uint16_t kGuestLan = 1;
inline constexpr uint16_t kGuestVlan = 20;

inline const MacAddress kWanMac = mac("02:41:00:00:00:01");
inline const MacAddress kLanMac = mac("02:41:00:00:00:02");
inline const MacAddress kIspMac = mac("02:00:00:00:01:01");   // the WAN's default router
inline const MacAddress kNearMac = mac("02:00:00:00:01:4d");  // a 6to4 site on the WAN's subnet
inline const MacAddress kHostMac = mac("02:00:00:00:00:10");
inline const MacAddress kGuestMac = mac("02:00:00:00:00:20");
inline const MacAddress kNativeRouterMac = mac("02:00:00:00:02:01");

inline const Ipv4Address kOwnV4 = ip4("11.0.0.2");
inline const Ipv4Address kRelayV4 = ip4("192.88.99.1");
inline const Ipv4Address kRelayUnicastV4 = ip4("11.0.0.3");
inline const Ipv4Address kSiteV4 = ip4("11.0.3.99");  // another 6to4 site, behind the WAN's router
inline const Ipv4Address kNearV4 = ip4("11.0.0.77");  // and one on the WAN's subnet

inline const Ipv6Address kTunnelAddress = ip6("2002:b00:2::1");
inline const Ipv6Address kHomeRouter = ip6("2002:b00:2:1::1");
inline const Ipv6Address kHomeLinkLocal = ip6("fe80::41:1");
inline const Ipv6Address kHomeAnycast = ip6("2002:b00:2:1::");
inline const Ipv6Address kGuestRouter = ip6("2002:b00:2:2::1");
inline const Ipv6Address kHost = ip6("2002:b00:2:1::10");
inline const Ipv6Address kHostLinkLocal = ip6("fe80::10");
inline const Ipv6Address kGuest = ip6("2002:b00:2:2::20");
inline const Ipv6Address kServer = ip6("2600:41::80");
inline const Ipv6Address kSite = ip6("2002:b00:363:1::5");
inline const Ipv6Address kNear = ip6("2002:b00:4d::5");
inline const Ipv6Prefix kWithdrawn = *Ipv6Prefix::parse("2002:b00:9::/48");

// --- relay
inline const Ipv6Address kNativeAddress = ip6("2600:41::3");
inline const Ipv6Address kNativeRouter = ip6("2600:41::1");
inline const Ipv6Address kAnycastForm = ip6("2002:c058:6301::");
inline const Ipv6Address kUnicastForm = ip6("2002:b00:3::1");

class GatewaySite : public Harness {
 public:
  explicit GatewaySite(uint32_t flows = 4096, uint16_t workers = 1);
  AdjacencyIndex relay_way = kNoAdjacency;
  AdjacencyIndex direct_way = kNoAdjacency;
  AdjacencyIndex host_way = kNoAdjacency;
  AdjacencyIndex guest_way = kNoAdjacency;

  // Ethernet headers of what arrives.
  static PacketBuilder from_host() { return PacketBuilder().ethernet(kLanMac, kHostMac); }
  static PacketBuilder from_guest() { return PacketBuilder().ethernet(kLanMac, kGuestMac).vlan(kGuestVlan); }
  static PacketBuilder from_wan(Ipv4Address source = kRelayV4) {
    return PacketBuilder().ethernet(kWanMac, kIspMac).ipv4(source, kOwnV4);
  }
  // And of what is expected to leave. `number`: how many packets were encapsulated before.
  static PacketBuilder to_host() { return PacketBuilder().ethernet(kHostMac, kLanMac); }
  static PacketBuilder to_guest() { return PacketBuilder().ethernet(kGuestMac, kLanMac).vlan(kGuestVlan); }
  static PacketBuilder to_wan(Ipv4Address destination = kRelayV4, uint16_t number = 0) {
    return PacketBuilder().ethernet(kIspMac, kWanMac).ipv4(kOwnV4, destination).id(number);
  }

  Outcome host_sends(const PacketBuilder& builder) { return receive(kLanDevice, builder.build()); }
  Outcome wan_sends(const PacketBuilder& builder) { return receive(kWanDevice, builder.build()); }
  // Opens the flow of host's UDP port 40000 to the server's 8080.
  void open_udp_flow();

 private:
  void make_links();
  void make_tunnel();
  void make_lans();
  void make_routes();
  AdjacencyIndex add_neighbour(const Ipv6Address& address, uint16_t lan, uint16_t link,
                               const MacAddress& mac);
};

class RelaySite : public Harness {
 public:
  explicit RelaySite(Team team = {});
  static PacketBuilder from_native() { return PacketBuilder().ethernet(kLanMac, kNativeRouterMac); }
  static PacketBuilder to_native() { return PacketBuilder().ethernet(kNativeRouterMac, kLanMac); }
  static PacketBuilder from_site(Ipv4Address destination = kRelayV4) {
    return PacketBuilder().ethernet(kWanMac, kIspMac).ipv4(kSiteV4, destination);
  }
  static PacketBuilder to_site(Ipv4Address source = kRelayV4, uint16_t number = 0) {
    return PacketBuilder().ethernet(kIspMac, kWanMac).ipv4(source, kSiteV4).id(number).dont_fragment();
  }
  Outcome native_sends(const PacketBuilder& builder) { return receive(kLanDevice, builder.build()); }
  Outcome wan_sends(const PacketBuilder& builder) { return receive(kWanDevice, builder.build()); }
};

// What one adjacency says, as control would write it.
Adjacency ethernet_way(const MacAddress& destination, uint16_t link, uint16_t vlan = 0, uint16_t mtu = 1500);
Adjacency tunnel_way(AdjacencyKind kind, const MacAddress& next_hop, Ipv4Address source,
                     Ipv4Address destination, uint16_t mtu, bool dont_fragment = false, uint16_t vlan = 0);

}  // namespace gate41::testing
