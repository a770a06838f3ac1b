// Internet checksum (RFC 1071), its incremental update (RFC 1624), and the IPv6 pseudo header (RFC 8200
// §8.1). All sums are over bytes as they stand; results are ready to be stored with Be16(result).
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41 {

// Unfolded sum of 16-bit words, host order; an odd last byte counts as its word's high half. Add partial sums
// freely as long as every part but the last has an even length.
[[nodiscard]] uint64_t checksum_partial(Bytes bytes, uint64_t sum = 0) noexcept;
// Folds and complements.
[[nodiscard]] uint16_t checksum_finish(uint64_t sum) noexcept;
[[nodiscard]] inline uint16_t checksum(Bytes bytes) noexcept {
  return checksum_finish(checksum_partial(bytes));
}

// A sum of words as they lie in memory, of any width, to 16 bits in the same order (RFC 1071 §2 B, C).
[[nodiscard]] inline uint16_t checksum_fold(uint64_t sum) noexcept {
  // Each half added to the other one: the upper sum has the lower one's carry, which is the end-around carry.
  const auto half = static_cast<uint32_t>((sum + std::rotr(sum, 32)) >> 32U);
  return static_cast<uint16_t>((half + std::rotr(half, 16)) >> 16U);
}

// Of a header as it stands in memory, a known number of 32-bit words: no loop. Filled, a right one gives 0.
template <typename Header>
requires(sizeof(Header) % sizeof(uint32_t) == 0) [[nodiscard]] uint16_t
    checksum_of(const uint8_t* header) noexcept {
  uint64_t sum = 0;
  for (std::size_t at = 0; at < sizeof(Header); at += sizeof(uint32_t))
    sum += load_unaligned<uint32_t>(header + at);
  return static_cast<uint16_t>(~swap_bytes(checksum_fold(sum)));
}
template <typename Header>
[[nodiscard]] uint16_t checksum_of(const Header& header) noexcept {
  return checksum_of<Header>(reinterpret_cast<const uint8_t*>(&header));
}

// Checksum of an upper-layer packet under the IPv6 pseudo header. `payload` has its checksum field zeroed to
// compute, or filled to verify (the result is then 0).
[[nodiscard]] uint16_t checksum_ipv6(const Ipv6Address& source, const Ipv6Address& destination,
                                     uint8_t next_header, Bytes payload) noexcept;
// The same under the IPv4 pseudo header (UDP of DHCP).
[[nodiscard]] uint16_t checksum_ipv4_pseudo(Ipv4Address source, Ipv4Address destination, uint8_t protocol,
                                            Bytes payload) noexcept;

// RFC 1624 eqn. 3: the checksum after one 16-bit word changed.
[[nodiscard]] constexpr uint16_t checksum_update(uint16_t old_checksum, uint16_t old_word,
                                                 uint16_t new_word) noexcept {
  uint32_t sum = static_cast<uint16_t>(~old_checksum);
  sum += static_cast<uint16_t>(~old_word);
  sum += new_word;
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<uint16_t>(~sum);
}

}  // namespace gate41
