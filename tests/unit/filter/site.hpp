// A host on the LAN, a server on the tunnel's side, and the packets between them, through the real parser.
#pragma once

#include <chrono>
#include <optional>

#include "dataplane/filter/filter.hpp"
#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

inline const Ipv6Address kHost = ip6("2002:b00:2:1::10");
inline const Ipv6Address kServer = ip6("2600:41::80");
inline constexpr uint16_t kHostPort = 40000;
inline constexpr uint16_t kServerPort = 8080;
inline constexpr Direction kOut = Direction::outbound;
inline constexpr Direction kIn = Direction::inbound;
inline constexpr TimePoint kStart{std::chrono::seconds(1000)};

// The IPv6 header of a packet in this direction.
inline PacketBuilder from(Direction direction) {
  return direction == kOut ? PacketBuilder().ipv6(kHost, kServer) : PacketBuilder().ipv6(kServer, kHost);
}
inline ParsedPacket parsed(const PacketBuilder& builder) { return parse_ipv6_packet(builder.build()); }

inline ParsedPacket udp(Direction direction, uint16_t host_port = kHostPort,
                        uint16_t server_port = kServerPort) {
  return direction == kOut ? parsed(from(direction).udp(host_port, server_port).payload(8))
                           : parsed(from(direction).udp(server_port, host_port).payload(8));
}
inline ParsedPacket echo_request(Direction direction, uint16_t id = 7) {
  return parsed(from(direction).echo_request(id, 1).payload(8));
}
inline ParsedPacket echo_reply(Direction direction, uint16_t id = 7) {
  return parsed(from(direction).echo_reply(id, 1).payload(8));
}
inline ParsedPacket esp(Direction direction) { return parsed(from(direction).esp(1, 1).payload(16)); }
inline ParsedPacket icmpv6(Direction direction, uint8_t type, uint8_t code = 0) {
  return parsed(from(direction).icmpv6(type, code).payload(48));
}
inline ParsedPacket tcp(Direction direction, const TcpFields& fields, std::size_t payload = 0) {
  const bool out = direction == kOut;
  PacketBuilder builder =
      from(direction).tcp(out ? kHostPort : kServerPort, out ? kServerPort : kHostPort, fields);
  if (payload > 0) builder.payload(payload);
  return parsed(builder);
}

inline Policy pinhole_policy(uint8_t protocol, uint16_t first, uint16_t last) {
  Policy policy;
  policy.inbound = Pinholes({{kHost, protocol, first, last}});
  return policy;
}

// One flow as the pipeline drives it: a miss is decided and opened, a hit is tracked.
struct Flow {
  Policy policy{};
  FlowEntry entry{};
  TimePoint now = kStart;

  std::optional<DropReason> send(const ParsedPacket& packet, Direction direction) {
    const bool known = entry.state != FlowState::free;
    const bool over = known && entry.policy_epoch != policy.epoch &&
                      review(entry, flow_key(packet, direction), policy, nullptr);
    if (known && !over && !begins_anew(entry, packet, now))
      return track(entry, packet, direction, policy, now);
    if (const auto reason = decide_new(packet, direction, policy)) return reason;
    entry = FlowEntry{};
    open_flow(entry, packet, direction, policy, now);
    return std::nullopt;
  }
  void change(Policy changed) {
    changed.epoch = policy.epoch + 1;
    policy = std::move(changed);
  }
  [[nodiscard]] bool passes(const ParsedPacket& packet, Direction direction) {
    return !send(packet, direction).has_value();
  }
};

}  // namespace gate41::testing
