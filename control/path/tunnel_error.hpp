// TunnelError: what an ICMPv4 error says about a packet of protocol 41 (RFC 792, RFC 1191 §4, RFC 4213 §3.4).
// Pure: bytes in, a value or nothing out. Whether this box could have sent the packet is judged in
// errors.hpp.
#pragma once

#include <optional>

#include "dataplane/net/cursor.hpp"

namespace gate41::path {

struct TunnelError {
  Ipv4Address reporter;  // who says so: any router on the way
  uint8_t type = 0;
  uint8_t code = 0;
  uint16_t next_hop_mtu = 0;  // of "fragmentation needed"; 0 = the router doesn't say (RFC 1191 §4)
  // The quoted outer packet.
  Ipv4Address source;
  Ipv4Address destination;
  uint16_t total_length = 0;
  bool dont_fragment = false;
  bool fragmented = false;  // one of several fragments; `inner` is then only that of the first
  Bytes inner;              // as much as is quoted of the IPv6 packet; a view of what was read

  [[nodiscard]] bool is_too_big() const noexcept;
  [[nodiscard]] bool holds_ipv6_header() const noexcept;
};

// `frame`: an untagged Ethernet frame. Nothing unless it is a whole, sound ICMPv4 error that is about
// protocol 41: type 3, 11 or 12; a right checksum; a quoted header of 20 bytes; lengths that agree with each
// other, and for "fragmentation needed" a packet that must not be fragmented.
[[nodiscard]] std::optional<TunnelError> read_tunnel_error(Bytes frame) noexcept;

// The largest IPv4 packet that passes, as a "fragmentation needed" says; where it does not say, the next
// plateau below the packet's length (RFC 1191 §7.1). Nothing for an MTU below 68, or one that the packet was
// within.
[[nodiscard]] std::optional<uint16_t> path_mtu(const TunnelError& error) noexcept;

}  // namespace gate41::path
