// What a firewall or NAT in front of this box must let pass, with the addresses, as `doctor` says it (S27).
// Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "control/daemon/tunnel_plan.hpp"
#include "control/relay/health.hpp"

namespace gate41 {

struct FirewallHint {
  std::string sentence;
  std::string remedy;  // empty: it works
};

// That there is a relay, and none answers.
[[nodiscard]] bool all_are_dead(const std::vector<relay::RelayInfo>& relays);

// nullopt: there is nothing in front as far as is known, and some relay answers or may do so yet.
[[nodiscard]] std::optional<FirewallHint> firewall_hint(const config::Tunnel& tunnel, const TunnelPlan& plan,
                                                        const std::vector<relay::RelayInfo>& relays,
                                                        bool behind_nat);

}  // namespace gate41
