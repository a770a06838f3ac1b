#include "dataplane/forward/echo.hpp"

#include <algorithm>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr std::size_t kHopLimit = offsetof(Ipv6Header, hop_limit);
constexpr std::size_t kSource = offsetof(Ipv6Header, source);
constexpr std::size_t kDestination = offsetof(Ipv6Header, destination);

// Overwrites words under a checksum; returns the checksum that fits (RFC 1624).
uint16_t replace(std::span<uint8_t> field, Bytes value, uint16_t checksum) noexcept {
  for (std::size_t i = 0; i < field.size(); i += 2) {
    const auto before = static_cast<uint16_t>(field[i] << 8U | field[i + 1]);
    const auto after = static_cast<uint16_t>(value[i] << 8U | value[i + 1]);
    if (before != after) checksum = checksum_update(checksum, before, after);
  }
  std::ranges::copy(value, field.begin());
  return checksum;
}

}  // namespace

// Swapped addresses leave the pseudo header's sum as it is.
void turn_into_echo_reply(std::span<uint8_t> packet, uint16_t l4_offset, const Ipv6Address& source) noexcept {
  const auto from = packet.subspan(kSource, sizeof(Ipv6Address));
  std::ranges::swap_ranges(from, packet.subspan(kDestination, sizeof(Ipv6Address)));
  packet[kHopLimit] = 64;
  const std::span<uint8_t> message = packet.subspan(l4_offset);
  IcmpHeader icmp;
  std::memcpy(&icmp, message.data(), sizeof icmp);
  const std::array<uint8_t, 2> type_and_code = {icmpv6_type::kEchoReply, icmp.code};
  uint16_t sum = replace(from, source.bytes, icmp.checksum.host());
  sum = replace(message.first(type_and_code.size()), type_and_code, sum);
  const Be16 checksum(sum);
  std::memcpy(message.data() + offsetof(IcmpHeader, checksum), &checksum, sizeof checksum);
}

}  // namespace gate41
