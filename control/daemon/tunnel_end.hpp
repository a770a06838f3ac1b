// TunnelEnd: the control thread's part of one tunnel: whether its relays or its peer live, what keeps a
// firewall in front open for them, and the ways out to them. Control thread only.
#pragma once

#include <optional>
#include <vector>

#include "control/daemon/settings.hpp"
#include "control/daemon/tunnel_ways.hpp"
#include "control/keepalive/engine.hpp"
#include "control/relay/health.hpp"

namespace gate41 {

class TunnelEnd {
 public:
  TunnelEnd(AdjacencyTable& table, const Link& wan, uint16_t link_index)
      : health_(random_seed()), keepalive_(random_seed()), ways_(table, wan, link_index) {}

  // nullopt: nothing is probed. Returns whether another relay lives than before.
  bool watch(const std::optional<relay::Settings>& wanted, TimePoint now);
  // After watch(), whose probes keep the state of relays open too. nullopt: nobody is kept alive.
  void keep_alive(const std::optional<KeepaliveSettings>& wanted, TimePoint now);
  // `packets`: those of users that have gone by a relay or the peer so far.
  void on_traffic(uint64_t packets, TimePoint now) { keepalive_.on_traffic(live_, packets, now); }
  // An IPv6 packet for our tunnel address. False when it answers nothing of what is sent here.
  bool on_packet(Bytes ipv6, TimePoint now);
  // To be sent now.
  [[nodiscard]] std::vector<relay::SendPacket> take_probes() { return std::exchange(probes_, {}); }
  // To be sent now, encapsulated to the address that each names.
  [[nodiscard]] std::vector<relay::SendPacket> take_keepalives();
  // Relays are probed: there is a prefix, and a way out.
  [[nodiscard]] bool is_probing() const { return running_.has_value(); }
  [[nodiscard]] std::optional<Ipv4Address> live_relay() const { return live_; }
  [[nodiscard]] relay::Health& health() { return health_; }
  [[nodiscard]] const relay::Health& health() const { return health_; }
  [[nodiscard]] const keepalive::Engine& keepalive() const { return keepalive_; }
  [[nodiscard]] TunnelWays& ways() { return ways_; }

 private:
  relay::Health health_;
  std::optional<relay::Settings> running_;
  std::optional<Ipv4Address> live_;
  std::vector<relay::SendPacket> probes_;  // leave when the snapshot knows their source
  keepalive::Engine keepalive_;
  std::optional<KeepaliveSettings> kept_;
  TunnelWays ways_;
};

}  // namespace gate41
