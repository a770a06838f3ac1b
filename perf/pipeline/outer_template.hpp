// What both minima put in front of a packet, and look at behind it. Inline: a minimum is one function.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include <rte_mbuf.h>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::perf {

inline constexpr std::size_t kHopLimitAt = offsetof(Ipv6Header, hop_limit);
inline constexpr std::size_t kV6InLan = sizeof(EthernetHeader);
inline constexpr std::size_t kV6InTunnel = sizeof(EthernetHeader) + sizeof(Ipv4Header);

struct alignas(kCacheLine) EthernetWay {
  std::array<uint8_t, kV6InLan> header{};
};

// Ethernet and outer IPv4, ready but for length, id, checksum and perhaps destination, which are zero, and
// the sum of the IPv4 header's words as they stand.
struct OuterTemplate {
  std::array<uint8_t, kV6InTunnel> header{};
  uint32_t sum = 0;
};

[[nodiscard]] inline uint8_t* bytes_of(rte_mbuf* frame) noexcept { return rte_pktmbuf_mtod(frame, uint8_t*); }

[[nodiscard]] inline uint32_t word_at(const uint8_t* bytes) noexcept {
  uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

[[nodiscard]] inline uint32_t folded(uint64_t sum) noexcept {
  sum = (sum & 0xffffffffU) + (sum >> 32U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<uint32_t>((sum & 0xffffU) + (sum >> 16U));
}
// Of an IPv4 header's ten words.
[[nodiscard]] inline uint32_t sum_of(const uint8_t* ipv4) noexcept {
  uint64_t sum = 0;
  for (std::size_t at = 0; at < sizeof(Ipv4Header); at += sizeof(uint32_t)) sum += word_at(ipv4 + at);
  return folded(sum);
}
[[nodiscard]] inline bool has_right_checksum(const uint8_t* ipv4) noexcept { return sum_of(ipv4) == 0xffff; }

// `more`: what the template's sum does not have. All as it stands on the wire.
inline void put_outer(uint8_t* frame, const OuterTemplate& outer, std::size_t inner_length, uint16_t id,
                      uint32_t more = 0) noexcept {
  std::memcpy(frame, outer.header.data(), outer.header.size());
  uint8_t* ipv4 = frame + sizeof(EthernetHeader);
  const Be16 length(static_cast<uint16_t>(inner_length + sizeof(Ipv4Header)));
  const auto checksum = static_cast<uint16_t>(~folded(uint64_t{outer.sum} + length.raw() + id + more));
  std::memcpy(ipv4 + offsetof(Ipv4Header, total_length), &length, sizeof length);
  std::memcpy(ipv4 + offsetof(Ipv4Header, id), &id, sizeof id);
  std::memcpy(ipv4 + offsetof(Ipv4Header, checksum), &checksum, sizeof checksum);
}
inline void put_outer_to(uint8_t* frame, const OuterTemplate& outer, uint32_t destination,
                         std::size_t inner_length, uint16_t id) noexcept {
  put_outer(frame, outer, inner_length, id, (destination & 0xffffU) + (destination >> 16U));
  std::memcpy(frame + sizeof(EthernetHeader) + offsetof(Ipv4Header, destination), &destination,
              sizeof destination);
}

}  // namespace gate41::perf
