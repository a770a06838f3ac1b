#include "dataplane/forward/echo.hpp"

#include <algorithm>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr std::size_t kHopLimit = offsetof(Ipv6Header, hop_limit);
constexpr std::size_t kSource = offsetof(Ipv6Header, source);
constexpr std::size_t kDestination = offsetof(Ipv6Header, destination);

}  // namespace

// Swapped addresses leave the pseudo header's sum as it is; only the type changes it.
void turn_into_echo_reply(std::span<uint8_t> packet, uint16_t l4_offset) noexcept {
  const auto source = packet.subspan(kSource, sizeof(Ipv6Address));
  std::ranges::swap_ranges(source, packet.subspan(kDestination, sizeof(Ipv6Address)));
  packet[kHopLimit] = 64;
  const std::span<uint8_t> message = packet.subspan(l4_offset);
  IcmpHeader icmp;
  std::memcpy(&icmp, message.data(), sizeof icmp);
  const auto word = [&] { return static_cast<uint16_t>(icmp.type << 8U | icmp.code); };
  const uint16_t before = word();
  icmp.type = icmpv6_type::kEchoReply;
  icmp.checksum = Be16(checksum_update(icmp.checksum.host(), before, word()));
  std::memcpy(message.data(), &icmp, sizeof icmp);
}

}  // namespace gate41
