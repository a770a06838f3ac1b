// IPv4 fragmentation of outer packets that a link does not carry whole (RFC 791 §2.3, §3.2; D8, D19): how
// many pieces, and each piece's header. Pure; who has the packet does the copying.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "dataplane/net/headers.hpp"

namespace gate41 {

inline constexpr uint16_t kLeastIpv4Mtu = 68;  // RFC 791 §3.2: every link carries that

// `total_length`: of the IPv4 packet.
[[nodiscard]] constexpr bool must_be_fragmented(std::size_t total_length, uint16_t mtu) noexcept {
  return total_length > std::max(mtu, kLeastIpv4Mtu);
}

// Payload of each fragment but the last, in bytes: offsets count in units of eight.
[[nodiscard]] constexpr uint16_t fragment_payload(uint16_t mtu) noexcept {
  return static_cast<uint16_t>((std::max(mtu, kLeastIpv4Mtu) - sizeof(Ipv4Header)) & ~std::size_t{7});
}

// `payload`: bytes behind the IPv4 header.
[[nodiscard]] constexpr std::size_t fragments_needed(uint16_t payload, uint16_t mtu) noexcept {
  const std::size_t each = fragment_payload(mtu);
  return (payload + each - 1) / each;
}

[[nodiscard]] bool has_dont_fragment(std::span<const uint8_t, sizeof(Ipv4Header)> ipv4) noexcept;

struct Piece {
  uint16_t offset = 0;  // bytes of the packet's payload, a multiple of 8
  uint16_t length = 0;  // bytes of payload
  bool more = false;    // others follow
};

// Makes the packet's header that of one piece: total length, MF, offset, checksum; the rest stays.
void make_fragment_header(std::span<uint8_t, sizeof(Ipv4Header)> ipv4, const Piece& piece) noexcept;

}  // namespace gate41
