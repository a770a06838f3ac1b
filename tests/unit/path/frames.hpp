// ICMPv4 errors as they arrive: about a UDP packet from the host to the server, through the relay.
#pragma once

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

inline const Ipv4Address kOwn = ip4("11.0.0.2");
inline const Ipv4Address kRelay = ip4("192.88.99.1");
inline const Ipv4Address kRouter = ip4("11.9.9.9");
inline const Ipv6Address kHost = ip6("2002:b00:2:1::10");
inline const Ipv6Address kServer = ip6("2600:41::80");

// The IPv6 packet of `length` bytes, and what was sent of it.
inline PacketBuilder inner(PacketBuilder start, std::size_t length, const Ipv6Address& source = kHost,
                           const Ipv6Address& destination = kServer) {
  return start.ipv6(source, destination).udp(40000, 8080).payload(length - 48);
}
inline PacketBuilder outer(Ipv4Address source = kOwn, Ipv4Address destination = kRelay) {
  return PacketBuilder().ipv4(source, destination).id(7).dont_fragment();
}

// `quoted`: as many bytes of the packet as the router sends back.
inline PacketBuilder::Bytes error(uint8_t type, uint8_t code, uint32_t rest, PacketBuilder::Bytes packet,
                                  std::size_t quoted = 548) {
  packet.resize(std::min(packet.size(), quoted));
  return PacketBuilder().ethernet().ipv4(kRouter, kOwn).icmpv4(type, code, rest).payload(packet).build();
}
inline PacketBuilder::Bytes too_big(uint16_t mtu, std::size_t length = 1480, std::size_t quoted = 548) {
  return error(3, 4, mtu, inner(outer(), length).build(), quoted);
}

}  // namespace gate41::testing
