// A box at 11.0.0.42 that asks, and what comes back to it. Packets are built and read here from the RFCs'
// layouts.
#pragma once

#include <vector>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

using Packet = std::vector<uint8_t>;

inline const Ipv6Address kOwn = ip6("2002:b00:2a::1");
inline const Ipv6Address kServer = ip6("2600:41::80");
inline const Ipv6Address kRouter = ip6("2600:41:0:9::1");

// Identifier and sequence stand at bytes 44 to 47 of an echo without extension headers.
inline uint16_t u16_at(const Packet& packet, std::size_t at) {
  return static_cast<uint16_t>(packet.at(at) << 8U | packet.at(at + 1));
}
inline uint16_t identifier_of(const Packet& request) { return u16_at(request, 44); }
inline uint16_t sequence_of(const Packet& request) { return u16_at(request, 46); }
inline uint8_t hop_limit_of(const Packet& request) { return request.at(7); }

inline Packet reply_to(const Packet& request, const Ipv6Address& from = kServer, uint8_t hop_limit = 57) {
  return PacketBuilder()
      .ipv6(from, kOwn)
      .hop_limit(hop_limit)
      .echo_reply(identifier_of(request), sequence_of(request))
      .payload(Packet(request.begin() + 48, request.end()))
      .build();
}
inline Packet error_about(const Packet& request, uint8_t type, uint8_t code, uint32_t rest = 0,
                          const Ipv6Address& from = kRouter) {
  return PacketBuilder().ipv6(from, kOwn).icmpv6(type, code, rest).payload(request).build();
}
inline Packet time_exceeded(const Packet& request, const Ipv6Address& from = kRouter) {
  return error_about(request, 3, 0, 0, from);
}

}  // namespace gate41::testing
