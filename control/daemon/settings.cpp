#include "control/daemon/settings.hpp"

namespace gate41 {

address::Settings discovery_settings(const config::Config& config) {
  const config::ExternalAddress& wanted = config.wan.external;
  address::Settings settings;
  settings.lab_allow = config.lab_allow_v4;
  if (config.role == config::Role::relay) {
    settings.from = {address::Source::interface};
    settings.behind_nat_allowed = false;
    return settings;
  }
  settings.from.clear();
  for (const auto source : wanted.from)
    settings.from.push_back(source == config::ExternalAddress::Source::http ? address::Source::http
                                                                            : address::Source::interface);
  settings.literal = wanted.literal;
  settings.urls = wanted.urls;
  settings.agree = wanted.agree;
  settings.period = wanted.period;
  settings.behind_nat_allowed = wanted.behind_nat_allowed;
  return settings;
}

std::optional<relay::Settings> health_settings(const config::Config& config, const SiteState& site) {
  const config::Tunnel& tunnel = config.tunnels.front();
  if (!site.delegation || tunnel.relays.empty()) return std::nullopt;
  relay::Settings settings;
  settings.own = site.delegation->tunnel_address;
  settings.relays = tunnel.relays;
  settings.interval = tunnel.probe_interval;
  settings.misses = tunnel.probe_misses;
  return settings;
}

}  // namespace gate41
