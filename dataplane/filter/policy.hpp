// Policy: what the filter decides new flows by. Part of the immutable snapshot.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "dataplane/net/address.hpp"

namespace gate41 {

// Who may open a flow from the tunnel: a resolved pinhole, for one prefix that is valid now.
struct InboundRule {
  Ipv6Address destination;
  uint8_t protocol = 0;  // TCP, UDP, or ICMPv6 (echo request)
  uint16_t port_first = 0;
  uint16_t port_last = 0xffff;
};

// K51, seconds. The table is fixed for now; tests state each bound.
struct Timeouts {
  uint32_t tcp_established = 7440;
  uint32_t tcp_transitory = 240;
  uint32_t udp = 300;
  uint32_t udp_well_known = 120;
  uint32_t echo = 60;
  uint32_t generic = 300;
};

struct Policy {
  uint32_t epoch = 1;       // moves only when known flows must be decided again
  bool allow_echo = false;  // X7: unsolicited echo requests from the tunnel
  Timeouts timeouts;
  std::vector<InboundRule> inbound;  // sorted by destination
};

// The pinhole that lets this new inbound flow in, or nullptr. Only asked on a flow-table miss.
[[nodiscard]] const InboundRule* find_pinhole(const Policy& policy, const Ipv6Address& destination,
                                              uint8_t protocol, uint16_t port) noexcept;

}  // namespace gate41
