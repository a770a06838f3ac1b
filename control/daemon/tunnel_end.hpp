// TunnelEnd: the control thread's part of one tunnel: whether its relays or its peer live, and the ways out
// to them. Control thread only.
#pragma once

#include <optional>
#include <vector>

#include "control/daemon/tunnel_ways.hpp"
#include "control/relay/health.hpp"

namespace gate41 {

class TunnelEnd {
 public:
  TunnelEnd(AdjacencyTable& table, const Link& wan, uint16_t link_index)
      : health_(random_seed()), ways_(table, wan, link_index) {}

  // nullopt: nothing is probed. Returns whether another relay lives than before.
  bool watch(const std::optional<relay::Settings>& wanted, TimePoint now);
  // To be sent now.
  [[nodiscard]] std::vector<relay::SendPacket> take_probes() { return std::exchange(probes_, {}); }
  // Relays are probed: there is a prefix, and a way out.
  [[nodiscard]] bool is_probing() const { return running_.has_value(); }
  [[nodiscard]] std::optional<Ipv4Address> live_relay() const { return live_; }
  [[nodiscard]] relay::Health& health() { return health_; }
  [[nodiscard]] const relay::Health& health() const { return health_; }
  [[nodiscard]] TunnelWays& ways() { return ways_; }

 private:
  relay::Health health_;
  std::optional<relay::Settings> running_;
  std::optional<Ipv4Address> live_;
  std::vector<relay::SendPacket> probes_;  // leave when the snapshot knows their source
  TunnelWays ways_;
};

}  // namespace gate41
