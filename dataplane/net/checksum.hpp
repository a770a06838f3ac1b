// Internet checksum (RFC 1071), its incremental update (RFC 1624), and the IPv6 pseudo header (RFC 8200
// §8.1). All sums are over bytes as they stand; results are ready to be stored with Be16(result).
#pragma once

#include <array>
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
  sum = (sum & 0xffffffffU) + (sum >> 32U);
  sum = (sum & 0xffffffffU) + (sum >> 32U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<uint16_t>((sum & 0xffffU) + (sum >> 16U));
}

// Of a header as it stands in memory, a known number of 32-bit words: no loop. Filled, a right one gives 0.
template <typename Header>
requires(sizeof(Header) % sizeof(uint32_t) == 0) [[nodiscard]] uint16_t
    checksum_of(const Header& header) noexcept {
  std::array<uint32_t, sizeof(Header) / sizeof(uint32_t)> words;
  std::memcpy(words.data(), &header, sizeof header);
  uint64_t sum = 0;
  for (const uint32_t word : words) sum += word;
  return static_cast<uint16_t>(~swap_bytes(checksum_fold(sum)));
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
