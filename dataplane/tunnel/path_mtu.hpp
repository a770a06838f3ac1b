// Dynamic tunnel MTU: what one path carries, and whether its packets may be fragmented (RFC 4213 §3.2.2).
// Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "dataplane/net/headers.hpp"

namespace gate41 {

struct PathLimit {
  uint16_t mtu = 0;  // largest IPv6 packet; what is larger gets a PTB with it
  bool dont_fragment = false;
};

// `tunnel_mtu`: the tunnel's own limit, at least 1280. `path_mtu`: the largest IPv4 packet that the path to
// the endpoint carries. D7..D10: IPv6 needs 1280 bytes, so where the path has less, it fragments.
[[nodiscard]] constexpr PathLimit path_limit(uint16_t tunnel_mtu, uint16_t path_mtu) noexcept {
  constexpr unsigned kOuter = sizeof(Ipv4Header);
  if (path_mtu < kMinIpv6Mtu + kOuter) return {kMinIpv6Mtu, false};
  return {std::min(tunnel_mtu, static_cast<uint16_t>(path_mtu - kOuter)), true};
}

}  // namespace gate41
