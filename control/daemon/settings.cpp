#include "control/daemon/settings.hpp"

#include <algorithm>
#include <tuple>

#include "config/address_checks.hpp"
#include "control/daemon/filter_policy.hpp"
#include "control/daemon/snapshot_builder.hpp"

namespace gate41 {
namespace {

relay::ProbeForm probe_form(TunnelKind kind) {
  switch (kind) {
    case TunnelKind::six_in_four:
      return relay::ProbeForm::peer;
    case TunnelKind::six_rd:
      return relay::ProbeForm::returned;
    case TunnelKind::six_to_four:
      break;
  }
  return relay::ProbeForm::relay_form;
}

// Linux drops what a border relay returns, from an address to itself, as spoofed: it is asked at the anycast
// address of its own prefix, if it has one in the domain (E21). A peer that answers no echo must answer NUD
// (D33).
std::optional<relay::Question> second_question(const TunnelPlan& plan, Ipv4Address relay,
                                               const Ipv6Address& peer) {
  if (plan.kind == TunnelKind::six_in_four) return relay::Question{relay::ProbeForm::neighbour, peer};
  if (plan.kind != TunnelKind::six_rd || !plan.domain.sites.contains(relay)) return std::nullopt;
  return relay::Question{relay::ProbeForm::relay_form, plan.domain.prefix_of(relay).address};
}

}  // namespace

dhcp::Settings dhcp_settings(const config::Wan& wan, const MacAddress& mac, std::vector<uint8_t> client_id) {
  dhcp::Settings settings;
  settings.mac = mac;
  settings.client_id = std::move(client_id);
  settings.broadcast = wan.dhcp_broadcast;
  settings.six_rd = wan.dhcp_option_212;
  settings.time_servers = wan.dhcp_option_42;
  return settings;
}

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

broker::Settings broker_settings(const config::Broker& broker) {
  using From = config::Broker::SendAddress;
  broker::Settings settings;
  settings.url = broker.url;
  settings.host = broker.host;
  settings.period = broker.period;
  if (broker.send_address == From::yes) settings.send_address = broker::SendAddress::yes;
  if (broker.send_address == From::no) settings.send_address = broker::SendAddress::no;
  return settings;
}

std::optional<Ipv4Address> own_address(const config::Config& config, const SiteState& site) {
  if (!site.wan_address || config.role != config::Role::relay) return site.wan_address;
  return config.relay->unicast.value_or(*site.wan_address);
}

std::optional<Ipv4Address> seen_address(const config::Config& config, const SiteState& site) {
  if (needs_external_address(config)) return site.external;
  if (config.wan.external.literal) return config.wan.external.literal;
  const bool global = site.wan_address && never_embed(*site.wan_address, config::lab_of(config)) == nullptr;
  return global ? site.wan_address : std::nullopt;
}

Ipv6Address peer_of(const config::Tunnel& tunnel) {
  return tunnel.six_in_four ? tunnel.six_in_four->peer.value_or(Ipv6Address{}) : Ipv6Address{};
}

bool gives_to(const config::Tunnel& tunnel, const config::Lan& lan) {
  return lan.tunnels.empty() || std::ranges::find(lan.tunnels, tunnel.name) != lan.tunnels.end();
}

uint16_t lan_mtu(const config::Config& config, const config::Lan* lan, uint16_t wan_mtu) {
  uint16_t mtu = UINT16_MAX;
  for (const config::Tunnel& tunnel : config.tunnels)
    if (lan == nullptr || gives_to(tunnel, *lan)) mtu = std::min(mtu, tunnel_mtu(tunnel, wan_mtu));
  return mtu;
}

bool decides_alike(const config::Filter& a, const config::Filter& b) {
  const Policy x = filter_policy(a);
  const Policy y = filter_policy(b);
  return x.profile == y.profile && x.allow_echo == y.allow_echo &&
         x.endpoint_independent == y.endpoint_independent && a.inbound == b.inbound;
}

std::optional<relay::Settings> health_settings(const config::Tunnel& tunnel, const TunnelPlan& plan) {
  if (!plan.delegation || plan.relays.empty()) return std::nullopt;
  relay::Settings settings;
  settings.form = probe_form(plan.kind);
  settings.own = plan.delegation->tunnel_address;
  settings.peer = peer_of(tunnel);
  settings.relays = plan.relays;
  for (const Ipv4Address relay : plan.relays)
    settings.second.push_back(second_question(plan, relay, settings.peer));
  settings.interval = tunnel.probe_interval;
  settings.misses = tunnel.probe_misses;
  return settings;
}

// Of a domain that came by DHCP the file cannot know the border relays: its targets are those of 6to4.
std::vector<Ipv4Address> keepalive_targets(const config::Tunnel& tunnel, const TunnelPlan& plan) {
  if (!tunnel.keepalive) return {};
  const bool offered = plan.kind == TunnelKind::six_rd && !tunnel.six_rd;
  return tunnel.keepalive->targets.empty() || offered ? plan.relays : tunnel.keepalive->targets;
}

std::optional<KeepaliveSettings> keepalive_settings(const config::Tunnel& tunnel, const TunnelPlan& plan) {
  if (!plan.delegation || !tunnel.keepalive) return std::nullopt;
  KeepaliveSettings settings;
  settings.schedule = {plan.local, plan.delegation->tunnel_address, keepalive_targets(tunnel, plan),
                       tunnel.keepalive->interval};
  settings.form = probe_form(plan.kind);
  settings.peer = peer_of(tunnel);
  return settings;
}

}  // namespace gate41
