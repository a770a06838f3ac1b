// Answers an ICMPv6 echo request to an own address in place (RFC 4443 §4.2; B20, I11).
#pragma once

#include <cstdint>
#include <span>

namespace gate41 {

// `packet`: the IPv6 packet; `l4_offset` counts from its first byte and was checked by the parser. Swaps the
// addresses, turns the type to 129, updates the checksum, sets hop limit 64.
void turn_into_echo_reply(std::span<uint8_t> packet, uint16_t l4_offset) noexcept;

}  // namespace gate41
