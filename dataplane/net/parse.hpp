// The one parser: frame or packet bytes into a ParsedPacket. Pure, allocates nothing, reads only through
// Reader.
#pragma once

#include "dataplane/net/cursor.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

inline constexpr std::size_t kExtensionByteLimit = 256;  // K54

// A frame as received: Ethernet, one VLAN tag, ARP / IPv4 / IPv6, and the IPv6 packet inside protocol 41 when
// the outer packet is not a fragment. The result is filled as far as parsing went; `error` / `inner_error`
// say where it stopped. IPv4 header checksums are verified; those of upper layers are not (end to end).
[[nodiscard]] ParsedPacket parse_frame(Bytes frame) noexcept;
// The same, in place: `out` is as it was made.
void parse_frame(Bytes frame, ParsedPacket& out) noexcept;
// The same for a frame of `frame_length` bytes of which only the first, `head`, lie together (a chained
// mbuf): all headers have to be within `head`.
[[nodiscard]] ParsedPacket parse_frame(Bytes head, std::size_t frame_length) noexcept;

// An IPv6 packet without Ethernet (injected, or after decapsulation in a test). Offsets count from its first
// byte.
[[nodiscard]] ParsedPacket parse_ipv6_packet(Bytes packet) noexcept;
// The same for an IPv4 packet (what the kernel hands over for the IPv4 host).
[[nodiscard]] ParsedPacket parse_ipv4_packet(Bytes packet) noexcept;

// The packet quoted by an ICMPv6 error (RFC 4443 §2.4 c), which may be cut off anywhere: addresses and, as
// far as quoted, protocol and ports. `l4.present` is false when the quote ends before the ports; a quote
// without a whole IPv6 header is an error.
[[nodiscard]] ParsedPacket parse_quoted_ipv6(Bytes quote) noexcept;
// The IPv4 header quoted by an ICMPv4 error and, where it is protocol 41 and there is enough, the IPv6 header
// in it.
[[nodiscard]] ParsedPacket parse_quoted_ipv4(Bytes quote) noexcept;

}  // namespace gate41
