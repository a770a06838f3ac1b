#include "control/daemon/ping_source.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>

namespace gate41 {
namespace {

constexpr Ipv6Address kLoopback = Ipv6Address::of({0, 0, 0, 0, 0, 0, 0, 1});

bool has(const std::vector<Ipv6Address>& addresses, const Ipv6Address& address) {
  return std::ranges::find(addresses, address) != addresses.end();
}

// Subnet-router anycast addresses are no source (RFC 4291 §2.6.1).
bool may_be_source(const Ipv6Address& address) { return !address.is_link_local() && address.low() != 0; }

std::string list(const std::vector<Ipv6Address>& addresses) {
  std::string text;
  for (const Ipv6Address& address : addresses) text += (text.empty() ? "" : ", ") + address.to_string();
  return text;
}

// Why nobody is to be reached there, or nothing.
std::optional<std::string> objection_to(const Ipv6Address& destination, const Snapshot& snapshot) {
  if (destination.is_unspecified()) return "the unspecified address is nobody's";
  if (destination.is_multicast()) return "it is a multicast address, which goes through no tunnel";
  if (destination.is_link_local())
    return "it is a link-local address, which goes through no tunnel; `gate41 neighbours` lists those of the "
           "LANs";
  const auto holds = [&](const LanView& lan) { return has(lan.addresses, destination); };
  if (destination == kLoopback || has(snapshot.tunnel_addresses, destination) ||
      std::ranges::any_of(snapshot.lans, holds))
    return "it is an address of this box itself";
  return std::nullopt;
}

std::optional<Ipv6Address> lan_source(const Ipv6Address& destination, const Snapshot& snapshot) {
  for (const LanView& lan : snapshot.lans) {
    const bool on_link = std::ranges::any_of(
        lan.prefixes, [&](const Ipv6Prefix& prefix) { return prefix.contains(destination); });
    if (on_link && may_be_source(lan.error_source)) return lan.error_source;
  }
  return std::nullopt;
}

// What LANs reach through it. (From its own address a 6in4 tunnel takes everything.)
bool leads_to(const config::Tunnel& tunnel, const TunnelPlan& plan, const Ipv6Address& destination) {
  const auto covers = [&](const Ipv6Prefix& prefix) { return prefix.contains(destination); };
  if (std::ranges::any_of(plan.routes, covers)) return true;
  if (tunnel.six_in_four && covers(Ipv6Prefix::of(tunnel.six_in_four->address, tunnel.six_in_four->length)))
    return true;
  return plan.direct && covers(plan.domain.prefix);
}

std::optional<Ipv6Address> tunnel_source(const Ipv6Address& destination, const config::Config& config,
                                         const SiteState& site, const Snapshot& snapshot) {
  const std::vector<Ipv6Address> own = own_addresses(snapshot);
  std::optional<Ipv6Address> dead;
  for (std::size_t i = 0; i < site.tunnels.size(); ++i) {
    const TunnelPlan& plan = site.tunnels[i].plan;
    if (!plan.up() || !plan.delegation || !has(own, plan.delegation->tunnel_address) ||
        !leads_to(config.tunnels[i], plan, destination))
      continue;
    const Ipv6Address& source = plan.delegation->tunnel_address;
    const Route* route = snapshot.routes.lookup(source, destination);
    if (route != nullptr && route->kind != RouteKind::relay_down) return source;
    if (!dead) dead = source;
  }
  return dead;
}

std::string why_no_source(const Ipv6Address& destination, const config::Config& config,
                          const SiteState& site) {
  std::string down;
  for (std::size_t i = 0; i < site.tunnels.size(); ++i)
    if (const TunnelPlan& plan = site.tunnels[i].plan; !plan.up())
      down += fmt::format("{}the tunnel {} is down: {}", down.empty() ? "" : "; ", config.tunnels[i].name,
                          plan.missing);
  return down.empty() ? "no tunnel leads to " + destination.to_string() : down;
}

}  // namespace

std::vector<Ipv6Address> own_addresses(const Snapshot& snapshot) {
  std::vector<Ipv6Address> own;
  std::ranges::copy_if(snapshot.tunnel_addresses, std::back_inserter(own), may_be_source);
  for (const LanView& lan : snapshot.lans)
    std::ranges::copy_if(lan.addresses, std::back_inserter(own), may_be_source);
  return own;
}

Result<Ipv6Address> source_towards(const Ipv6Address& destination, const std::optional<Ipv6Address>& wanted,
                                   const config::Config& config, const SiteState& site,
                                   const Snapshot& snapshot) {
  if (const auto objection = objection_to(destination, snapshot))
    return fail(destination.to_string() + " cannot be asked: " + *objection);
  const std::vector<Ipv6Address> own = own_addresses(snapshot);
  if (wanted && !has(own, *wanted))
    return fail(fmt::format("{} is no address of this box; {}", wanted->to_string(),
                            own.empty() ? "it has none yet" : "it has " + list(own)));
  if (wanted) return *wanted;
  if (const auto source = lan_source(destination, snapshot)) return *source;
  if (snapshot.role == TunnelRole::relay) {
    if (const Ipv6Address& native = snapshot.lans.front().error_source; may_be_source(native)) return native;
    return fail("the relay's native address is not in use yet");
  }
  if (const auto source = tunnel_source(destination, config, site, snapshot)) return *source;
  return fail(why_no_source(destination, config, site));
}

}  // namespace gate41
