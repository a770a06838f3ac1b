// Traffic: frames of many flows, in either direction, as they reach the router. Flow number n has random
// addresses and ports (RFC 4814), the same in every run; nothing of it is kept in memory, so that the
// generator leaves the caches to what is measured. UDP, whose checksum nobody on the way looks at.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <rte_mbuf.h>

#include "dataplane/filter/flow_key.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41::perf {

inline constexpr std::size_t kHosts = 200;  // on the LAN of a gateway

// Of a frame that carries IPv6 alone, with its FCS (RFC 8219 counts so); in the tunnel it is 20 bytes longer.
using FrameSize = uint16_t;
inline constexpr FrameSize kImix = 0;  // 84, 570 and 1280 in the ratio 7:4:1

[[nodiscard]] MacAddress host_mac(std::size_t host);
// Of the WAN's next hop; of a relay's native one.
[[nodiscard]] MacAddress router_mac();
// The tunnel that all packets take: of several, the one that is asked last.
[[nodiscard]] inline const Tunnel& main_tunnel(const Snapshot& snapshot) { return snapshot.tunnels.back(); }

class Traffic {
 public:
  // Around the router that `snapshot` describes: a gateway with kHosts hosts on its first LAN, or a relay.
  // `sites`: of a relay.
  Traffic(const Snapshot& snapshot, uint32_t sites);

  [[nodiscard]] FlowKey key_of(uint64_t flow) const;
  [[nodiscard]] Ipv6Address host(std::size_t number) const;
  // The frame of a flow, as the router receives it.
  void write(rte_mbuf* frame, uint64_t flow, Direction direction, FrameSize size);

 private:
  using Bytes = std::vector<uint8_t>;
  [[nodiscard]] Bytes frame_of(Direction direction, FrameSize size) const;
  const Bytes& pattern(Direction direction, FrameSize size);
  [[nodiscard]] Ipv4Address site_of(uint64_t flow) const;

  TunnelRole role_;
  Domain domain_;
  uint32_t sites_;
  Ipv6Prefix lan_;
  Ipv4Address near_;  // the router's address in the tunnel
  Ipv4Address far_;   // gateway: the relay, or the peer
  MacAddress lan_mac_;
  MacAddress wan_mac_;
  std::array<std::vector<std::pair<FrameSize, Bytes>>, 2> patterns_;  // by Direction
};

}  // namespace gate41::perf
