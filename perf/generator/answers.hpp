// What a side of the generator says as a neighbour: it answers ARP (RFC 826) and neighbour solicitations (RFC
// 4861) for its hosts, pings through the tunnel and probes of relays, and asks for the device's own MAC.
// Pure; allocates, for it is asked rarely.
#pragma once

#include <optional>
#include <vector>

#include "dataplane/net/cursor.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41::generator {

struct Neighbourhood {
  bool tunnel = false;
  MacAddress own_mac;
  // Of a tunnel: our address, the device's (whose MAC we ask for), and whom else we answer for.
  Ipv4Address own_v4;
  Ipv4Address device_v4;
  std::vector<Ipv4Prefix> hosts_v4;
  // Of bare IPv6: the same.
  Ipv6Address own_v6;
  Ipv6Address device_v6;
  std::vector<Ipv6Prefix> hosts_v6;
};

// The frame that answers this one; empty = none does. Of what the packet says for itself alone: probes for
// duplicates are left alone, and so is what asks for the device.
[[nodiscard]] std::vector<uint8_t> answer(const Neighbourhood& side, const ParsedPacket& packet, Bytes frame);

// A frame that asks for the device's MAC, and what an answer to it says.
[[nodiscard]] std::vector<uint8_t> question(const Neighbourhood& side);
[[nodiscard]] std::optional<MacAddress> device_mac(const Neighbourhood& side, const ParsedPacket& packet,
                                                   Bytes frame);

}  // namespace gate41::generator
