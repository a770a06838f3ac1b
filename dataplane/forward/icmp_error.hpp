// ICMPv6 errors that we originate (RFC 4443 §2.4, §3): who may get one, and its bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "dataplane/net/cursor.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

struct IcmpError {
  uint8_t type = 0;
  uint8_t code = 0;
  uint32_t parameter = 0;  // MTU of packet too big (never below 1280, I7), pointer of parameter problem
};

namespace icmp_error {
inline constexpr IcmpError kNoRoute{1, 0, 0};
inline constexpr IcmpError kProhibited{1, 1, 0};
inline constexpr IcmpError kAddressUnreachable{1, 3, 0};
inline constexpr IcmpError kSourceFailedPolicy{1, 5, 0};
inline constexpr IcmpError kHopLimitExceeded{3, 0, 0};
[[nodiscard]] constexpr IcmpError packet_too_big(uint16_t mtu) noexcept {
  return {2, 0, mtu < 1280 ? uint32_t{1280} : uint32_t{mtu}};
}
// `pointer`: to the next header field, from the first byte of the IPv6 packet.
[[nodiscard]] constexpr IcmpError next_header_unknown(uint16_t pointer) noexcept { return {4, 1, pointer}; }
}  // namespace icmp_error

// I2..I4: never about an ICMPv6 error or Redirect, a multicast or link-layer multicast packet (PTB excepted),
// or to an unspecified or multicast source; nor about a fragment other than the first.
[[nodiscard]] bool may_answer_with_error(const ParsedPacket& packet, const IcmpError& error) noexcept;

// Largest error: an IPv6 packet of 1280 bytes (I1).
inline constexpr std::size_t kMaxIcmpError = 1280;

// Writes the whole IPv6 packet into `out` (hop limit 64); returns its length, 0 when `out` is too small.
// `offending`: the IPv6 packet from its header on, without padding.
std::size_t build_icmp_error(std::span<uint8_t> out, const IcmpError& error, const Ipv6Address& source,
                             Bytes offending) noexcept;

}  // namespace gate41
