#include "dataplane/net/checksum.hpp"

namespace gate41 {

// Words are summed as they lie in memory, four bytes at a time; the folded sum is swapped once (RFC 1071 §2
// B, C).
uint64_t checksum_partial(Bytes bytes, uint64_t sum) noexcept {
  uint64_t raw = 0;
  const uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 4; at += 4, left -= 4) {
    uint32_t word = 0;
    std::memcpy(&word, at, 4);
    raw += word;
  }
  if (left > 0) {
    uint32_t word = 0;
    std::memcpy(&word, at, left);
    raw += word;
  }
  return sum + swap_bytes(checksum_fold(raw));
}

uint16_t checksum_finish(uint64_t sum) noexcept { return static_cast<uint16_t>(~checksum_fold(sum)); }

uint16_t checksum_ipv6(const Ipv6Address& source, const Ipv6Address& destination, uint8_t next_header,
                       Bytes payload) noexcept {
  uint64_t sum = checksum_partial(source.bytes);
  sum = checksum_partial(destination.bytes, sum);
  sum += (payload.size() >> 16U) + (payload.size() & 0xffffU) + next_header;
  return checksum_finish(checksum_partial(payload, sum));
}

uint16_t checksum_ipv4_pseudo(Ipv4Address source, Ipv4Address destination, uint8_t protocol,
                              Bytes payload) noexcept {
  uint64_t sum = uint64_t{source.host()} + destination.host() + protocol + payload.size();
  return checksum_finish(checksum_partial(payload, sum));
}

}  // namespace gate41
