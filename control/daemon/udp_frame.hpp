// The few frames that the daemon builds for the WAN by hand, since the kernel cannot send them without an
// address: DHCP broadcasts and ARP of conflict detection; and what it reads of a DHCP answer. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dataplane/net/cursor.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {

// DHCP client to server: UDP 68 to 67, to 255.255.255.255 and the Ethernet broadcast (RFC 2131 §4.1).
[[nodiscard]] std::vector<uint8_t> broadcast_udp_frame(Bytes payload, Ipv4Address source,
                                                       const MacAddress& mac);
// RFC 5227: to the Ethernet broadcast, padded to the shortest frame.
[[nodiscard]] std::vector<uint8_t> arp_frame(const ArpPacket& packet, const MacAddress& mac);
// The payload of a server's UDP packet to port 68; nullopt when it is none or its checksum is wrong (M20).
[[nodiscard]] std::optional<Bytes> udp_payload(Bytes frame);

}  // namespace gate41
