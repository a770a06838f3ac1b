// Answers an ICMPv6 echo request to an own address in place (RFC 4443 §4.2; B20, I11).
#pragma once

#include <cstdint>
#include <span>

#include "dataplane/net/address.hpp"

namespace gate41 {

// `packet`: the IPv6 packet; `l4_offset` counts from its first byte and was checked by the parser. `source`:
// of the reply: the address that was asked, or a unicast address in place of an anycast one (RFC 4443 §2.2).
// Turns the type to 129, updates the checksum, sets hop limit 64.
void turn_into_echo_reply(std::span<uint8_t> packet, uint16_t l4_offset, const Ipv6Address& source) noexcept;

}  // namespace gate41
