// Frames of the link as received: an ICMPv6 message proved whole, and the checks that RFC 4861 §6.1 and §7.1
// ask of every ND message. Rules of one message type (targets, the unspecified source) are its engine's.
#pragma once

#include <cstdint>
#include <optional>

#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::ndwire {

// Spans point into the frame.
struct Received {
  MacAddress ether_source;
  MacAddress ether_destination;
  Ipv6Address source;
  Ipv6Address destination;
  uint8_t hop_limit = 0;
  bool router_alert = false;  // RFC 2711, value 0: MLD
  uint8_t type = 0;
  uint8_t code = 0;
  Bytes message;  // the whole ICMPv6 message from its type on, without Ethernet padding
  Bytes options;  // read_nd only: what follows the type's fixed fields
  [[nodiscard]] Reader fields() const noexcept {  // read_nd: behind the checksum, at most up to the options
    Reader reader(message.first(message.size() - options.size()));
    reader.skip(4);
    return reader;
  }
};

// An ICMPv6 message in an untagged Ethernet frame (not inside protocol 41), unfragmented, with a good
// checksum and a source that may send. Nullopt for everything else.
[[nodiscard]] std::optional<Received> read_icmpv6(Bytes frame) noexcept;
// The same for RS, RA, NS, NA and Redirect, with hop limit 255, code 0, at least the length of its fixed
// fields, and well-formed options.
[[nodiscard]] std::optional<Received> read_nd(Bytes frame) noexcept;
// The same of an IPv6 packet without Ethernet, as it comes out of a tunnel: both MACs are zero.
[[nodiscard]] std::optional<Received> read_nd_packet(Bytes ipv6) noexcept;

}  // namespace gate41::ndwire
