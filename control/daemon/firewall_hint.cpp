#include "control/daemon/firewall_hint.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "control/daemon/settings.hpp"

namespace gate41 {
namespace {

std::string peers(const config::Tunnel& tunnel, const TunnelPlan& plan) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<Ipv4Address>& addresses) {
    for (const Ipv4Address address : addresses)
      if (const std::string name = address.to_string(); std::ranges::find(names, name) == names.end())
        names.push_back(name);
  };
  add(plan.relays);
  add(keepalive_targets(tunnel, plan));
  return fmt::format("{}", fmt::join(names, ", "));
}

// Who has no address that could be named.
std::string others(const config::Tunnel& tunnel, const TunnelPlan& plan) {
  if (plan.kind == TunnelKind::six_to_four)
    return tunnel.accept_relays_only ? ", and from other 6to4 sites, if you want to reach them"
                                     : ", and from whatever other relay or 6to4 site: answers come by any";
  const bool sites = plan.kind == TunnelKind::six_rd && plan.direct;
  return sites ? ", and from the domain's other sites (" + plan.domain.sites.to_string() + ")" : "";
}

std::string to_permit(const config::Tunnel& tunnel, const TunnelPlan& plan) {
  return fmt::format("IP protocol 41 (not a port) between {} and {}{}", plan.local.to_string(),
                     peers(tunnel, plan), others(tunnel, plan));
}

}  // namespace

bool all_are_dead(const std::vector<relay::RelayInfo>& relays) {
  return !relays.empty() &&
         std::ranges::all_of(relays, [](const auto& relay) { return relay.state == relay::State::dead; });
}

std::optional<FirewallHint> firewall_hint(const config::Tunnel& tunnel, const TunnelPlan& plan,
                                          const std::vector<relay::RelayInfo>& relays, bool behind_nat) {
  if (!plan.up()) return std::nullopt;
  if (all_are_dead(relays))
    return FirewallHint{"nobody answers: a firewall in front may hold protocol 41 back",
                        "permit there " + to_permit(tunnel, plan)};
  if (!behind_nat) return std::nullopt;
  return FirewallHint{"the NAT in front must pass " + to_permit(tunnel, plan), ""};
}

}  // namespace gate41
