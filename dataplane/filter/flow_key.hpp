// FlowKey: one IPv6 flow seen from the site: interior = LAN side, exterior = tunnel side. 40 bytes, five
// words to compare.
#pragma once

#include <array>
#include <cstdint>

#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

enum class Direction : uint8_t { outbound = 0, inbound = 1 };  // outbound: interior to exterior

[[nodiscard]] constexpr Direction opposite(Direction direction) noexcept {
  return direction == Direction::outbound ? Direction::inbound : Direction::outbound;
}
[[nodiscard]] constexpr std::size_t index_of(Direction direction) noexcept {
  return static_cast<std::size_t>(direction);
}

struct FlowKey {
  Ipv6Address interior;
  Ipv6Address exterior;
  uint16_t interior_port = 0;  // ICMPv6 echo: the id in both; generic protocols: 0
  uint16_t exterior_port = 0;  // ICMPv6 other than echo: 1, so that it differs from an echo with id 0
  uint8_t protocol = 0;        // ParsedPacket::flow_protocol
  std::array<uint8_t, 3> padding{};
  bool operator==(const FlowKey&) const = default;
};
static_assert(sizeof(FlowKey) == 40);

// The key of a packet that travels in this direction. Echo request and reply give the same key.
[[nodiscard]] FlowKey flow_key(const ParsedPacket& packet, Direction direction) noexcept;
// The key of the flow that a quoted packet belongs to: the error travels in `direction`, the quote the other
// way.
[[nodiscard]] FlowKey quoted_flow_key(const ParsedPacket& quote, Direction error_direction) noexcept;

}  // namespace gate41
