#include "control/daemon/tunnel_plan.hpp"

#include <algorithm>

#include "config/tunnel_checks.hpp"
#include "control/daemon/settings.hpp"
#include "control/daemon/site_state.hpp"

namespace gate41 {
namespace {

TunnelPlan common_plan(const config::Config& config, const SiteState& site) {
  TunnelPlan plan;
  plan.local = plan.external = own_address(config, site).value_or(Ipv4Address{});
  plan.routes = {kEveryIpv6};
  if (plan.local.is_unspecified()) plan.missing = "the WAN has no IPv4 address";
  return plan;
}

TunnelPlan six_to_four_plan(const config::Config& config, const config::Tunnel& tunnel,
                            const SiteState& site) {
  TunnelPlan plan = common_plan(config, site);
  plan.relays = tunnel.relays;
  if (!plan.up()) return plan;
  if (!site.external) {
    plan.missing = "the external address is not known";
    return plan;
  }
  if (config.role == config::Role::relay) return plan;
  plan.external = *site.external;
  plan.delegation = prefix::delegated(plan.domain, plan.external);
  return plan;
}

// The common bits of the domain's IPv4 addresses are those of our own (RFC 5969 §7).
TunnelPlan six_rd_plan(const config::Config& config, const dhcp::SixRd& domain, const SiteState& site) {
  TunnelPlan plan = common_plan(config, site);
  plan.kind = TunnelKind::six_rd;
  plan.relays = domain.border_relays;
  if (!plan.up()) return plan;
  plan.domain = {domain.prefix, Ipv4Prefix::of(plan.local, domain.ipv4_mask_len)};
  if (config.role == config::Role::relay) return plan;
  if (std::ranges::find(plan.relays, plan.local) != plan.relays.end())
    plan.missing = "the border relay " + plan.local.to_string() + " is this machine itself";
  else
    plan.delegation = prefix::delegated(plan.domain, plan.local);
  return plan;
}

TunnelPlan six_in_four_plan(const config::Config& config, const config::SixInFour& wanted,
                            const SiteState& site) {
  TunnelPlan plan = common_plan(config, site);
  plan.kind = TunnelKind::six_in_four;
  plan.relays = {wanted.remote};
  plan.direct = false;
  plan.routes = wanted.routes;
  if (plan.local == wanted.remote)
    plan.missing = "the peer " + plan.local.to_string() + " is this machine itself";
  if (plan.up()) plan.delegation = prefix::Delegation{wanted.prefix, wanted.address};
  return plan;
}

bool follows_offers(const config::Config& config) {
  return std::ranges::find(config.tunnels, config::TunnelMode::automatic, &config::Tunnel::mode) !=
         config.tunnels.end();
}

}  // namespace

TunnelPlan plan_tunnel(const config::Config& config, const config::Tunnel& tunnel, const SiteState& site) {
  if (tunnel.six_in_four) return six_in_four_plan(config, *tunnel.six_in_four, site);
  if (tunnel.six_rd) {
    TunnelPlan plan =
        six_rd_plan(config, {tunnel.six_rd->ipv4_mask_len, tunnel.six_rd->prefix, tunnel.relays}, site);
    plan.direct = !tunnel.six_rd->hub_and_spoke;
    return plan;
  }
  if (tunnel.mode == config::TunnelMode::automatic && site.offered)
    return six_rd_plan(config, *site.offered, site);
  return six_to_four_plan(config, tunnel, site);
}

std::string objection(const config::Config& config, const dhcp::SixRd& offer) {
  if (offer.prefix.length < config::kShortestDomain)
    return offer.prefix.to_string() + " is too short for a domain";
  if (const auto foreign = config::objection_to_domain(config, offer.prefix)) return foreign->wrong;
  const config::Tunnel* owner = follows_offers(config) ? config::owner_of(config, offer.prefix) : nullptr;
  return owner ? offer.prefix.to_string() + " overlaps the prefix of tunnel " + owner->name : std::string();
}

const char* name_of(TunnelKind kind) {
  switch (kind) {
    case TunnelKind::six_in_four:
      return "6in4";
    case TunnelKind::six_rd:
      return "6rd";
    case TunnelKind::six_to_four:
      break;
  }
  return "6to4";
}

bool needs_external_address(const config::Config& config) {
  return std::ranges::any_of(config.tunnels, [](const config::Tunnel& tunnel) {
    return tunnel.mode == config::TunnelMode::six_to_four || tunnel.mode == config::TunnelMode::automatic;
  });
}

}  // namespace gate41
