// What each component of the daemon says of itself: for status, health, doctor, and the service manager.
// Control thread only.
#pragma once

#include <string>
#include <vector>

#include "control/daemon/daemon.hpp"

namespace gate41 {

// One state of the daemon as a person should read it.
struct ComponentState {
  std::string component;  // "ports", "dhcp", "lan.home"
  std::string state;      // a word
  std::string sentence;
  bool ok = true;
  std::string remedy;    // when something can be done
  bool warning = false;  // it is ok, but something should be done
};

// A LAN without advertisements, the native side of a relay. `tentative`: own addresses that are probed still.
[[nodiscard]] ComponentState native_state(const std::string& component,
                                          const std::vector<Ipv6Address>& tentative);
// `mtu`: the tunnel's; `wan_mtu`: of what carries it. `narrow_paths`: how many paths are known to carry less;
// none where the MTU is static.
[[nodiscard]] ComponentState tunnel_state(const std::string& component, uint16_t mtu, uint16_t wan_mtu,
                                          std::optional<std::size_t> narrow_paths = std::nullopt);
// `trouble`: why those of the log that wait have not left.
[[nodiscard]] ComponentState syslog_state(Ipv4Address server, const syslog::Outbox& outbox,
                                          const std::string& trouble);
// In the order in which one needs the other: the first that is not ok is where to look.
[[nodiscard]] std::vector<ComponentState> component_states(Daemon& daemon, TimePoint now);
// One line: what is wrong first, else what this site has, which stays the same as long as nothing happens.
[[nodiscard]] std::string summary(Daemon& daemon, TimePoint now);

}  // namespace gate41
