// The prefix transaction: from what the engines know to one consistent state, each step from the one before
// it. Every step does nothing when nothing has changed, so it runs at every turn. Order (S42..S48): addresses
// and filter first, router advertisements last.
#include <algorithm>

#include "control/daemon/component_states.hpp"
#include "control/daemon/daemon.hpp"
#include "control/daemon/settings.hpp"
#include "control/daemon/ways.hpp"

namespace gate41 {
namespace {

// As long as an unanswered relay takes to be judged dead, with the default of three misses.
constexpr Duration kFirstVerdict = std::chrono::seconds(3);

bool leads_everywhere(const TunnelState& tunnel) {
  const bool everything =
      std::ranges::any_of(tunnel.plan.routes, [](const Ipv6Prefix& prefix) { return prefix.length == 0; });
  return tunnel.relay_alive && everything;
}

void add_route(std::vector<Ipv6Prefix>& routes, const Ipv6Prefix& route) {
  if (std::ranges::find(routes, route) == routes.end()) routes.push_back(route);
}

// P10, and where a tunnel leads that does not lead everywhere, or not any more.
void add_routes(std::vector<Ipv6Prefix>& routes, const TunnelState& tunnel) {
  const TunnelPlan& plan = tunnel.plan;
  add_route(routes, plan.delegation->prefix);
  if (leads_everywhere(tunnel)) return;
  if (plan.direct && plan.kind != TunnelKind::six_in_four) add_route(routes, plan.domain.prefix);
  if (tunnel.relay_alive)
    for (const Ipv6Prefix& route : plan.routes) add_route(routes, route);
}

void add_prefix(std::vector<Lan::Prefix>& prefixes, const Lan::Prefix& prefix) {
  const auto same = [&](const Lan::Prefix& other) { return other.prefix == prefix.prefix; };
  if (std::ranges::none_of(prefixes, same)) prefixes.push_back(prefix);  // P35: two tunnels, one prefix
}

}  // namespace

void Daemon::settle(TimePoint now) {
  if (stopping_) return;
  settle_wan(now);
  settle_external(now);
  settle_brokers(now);
  settle_prefixes(now);
  settle_health(now);
  settle_keepalive(now);
  settle_ways(now);
  settle_snapshot();
  settle_offer(now);
  send_due();
  advertise(now);
}

void Daemon::settle_wan(TimePoint now) {
  if (!wan_->take_changed()) return;
  settle_mtu(now);
  const auto& address = wan_->address();
  const auto own = address ? std::optional(address->address) : std::nullopt;
  if (own != site_.wan_address) platform_.dataplane.path_mtus().clear();
  site_.wan_address = own;
  site_.wan_subnet = address ? address->subnet() : Ipv4Prefix{};
  take_offer(address ? address->six_rd : std::nullopt, now);
  if (clock_) clock_->on_servers(address ? std::optional(address->time_servers) : std::nullopt, now);
  if (needs_external_address(config_)) discovery_.on_interface(own_address(config_, site_));
  snapshot_due_ = ways_due_ = true;
  if (offer_ && address) renew_offer(now);
}

// Option 212, which no tunnel follows where the domain makes no sense (E7).
void Daemon::take_offer(std::optional<dhcp::SixRd> offer, TimePoint now) {
  const std::string why = offer ? objection(config_, *offer) : "";
  const std::string ignored = why.empty() ? "" : "option 212 ignored: " + why;
  const std::string before = std::exchange(site_.offer_ignored, ignored);
  if (!ignored.empty() && ignored != before) platform_.events.warn(now, ignored);
  site_.offered = ignored.empty() ? std::move(offer) : std::nullopt;
}

// Without an address the MTU stays as it was, so that hosts hear of it once when it comes back.
void Daemon::settle_mtu(TimePoint now) {
  const auto& address = wan_->address();
  const uint16_t link = links_[link_index(links_, config_.wan.port)].mtu;
  const uint16_t wan_mtu = address ? std::min(address->mtu.value_or(link), link) : site_.wan_mtu;
  if (wan_mtu == site_.wan_mtu) return;
  site_.wan_mtu = wan_mtu;
  update_lans(now);
  for (std::size_t i = 0; i < tunnels_.size(); ++i) {
    const ComponentState state = tunnel_state("tunnel", tunnel_mtu(i), wan_mtu, narrow_paths(i));
    if (state.warning)
      platform_.events.warn(now, label(i) + state.sentence);
    else
      platform_.events.add(now, fmt::format("tunnel: {}{}", label(i), state.sentence));
  }
}

void Daemon::settle_external(TimePoint now) {
  for (const address::Output& output : discovery_.take_outputs()) {
    if (const auto* fetch = std::get_if<address::Fetch>(&output)) {
      const auto dns = wan_->address() ? wan_->address()->dns : std::vector<Ipv4Address>{};
      fetcher_.fetch({fetch->url, dns, {}, {}}, [this, id = fetch->id](const Result<std::string>& line) {
        if (!line) log_info("no answer from an address echo: {}", line.error().message);
        discovery_.on_answer(id, line, gate41::now());
      });
    } else if (const auto* found = std::get_if<address::Found>(&output)) {
      site_.external = found->external;
      behind_nat_ = found->behind_nat;
      snapshot_due_ = ways_due_ = true;
      platform_.events.add(now, discovery_.sentence(now));
    } else if (const auto* lost = std::get_if<address::Lost>(&output)) {
      site_.external.reset();
      behind_nat_ = false;
      snapshot_due_ = ways_due_ = true;
      platform_.events.add(now, lost->reason);
    }
  }
}

// While the address echoes are asked, what was known before stands: whether a NAT is in front is their
// answer.
void Daemon::settle_brokers(TimePoint now) {
  if (site_.wan_address && discovery_.state() == address::State::asking) return;
  std::optional<broker::Place> place;
  if (site_.wan_address) place = broker::Place{*site_.wan_address, seen_address(config_, site_)};
  const auto& address = wan_->address();
  brokers_.on_place(place, address ? address->dns : std::vector<Ipv4Address>{}, now);
}

std::vector<Ipv6Prefix> Daemon::delegated() const {
  std::vector<Ipv6Prefix> prefixes;
  for (const TunnelState& tunnel : site_.tunnels)
    if (tunnel.plan.delegation) prefixes.push_back(tunnel.plan.delegation->prefix);
  return prefixes;
}

// All tunnels in one step: LANs never see a state between (M25).
void Daemon::settle_prefixes(TimePoint now) {
  const std::vector<Ipv6Prefix> old = delegated();
  for (std::size_t i = 0; i < tunnels_.size(); ++i) {
    TunnelPlan& plan = site_.tunnels[i].plan;
    const TunnelPlan before = std::exchange(plan, plan_tunnel(config_, config_.tunnels[i], site_));
    if (plan == before) continue;
    snapshot_due_ = ways_due_ = true;
    if (plan.delegation != before.delegation && is_gateway())
      platform_.events.add(now, label(i) + (plan.delegation ? "prefix " + plan.delegation->prefix.to_string()
                                                            : std::string("no prefix")));
  }
  if (delegated() == old) return;
  if (old.empty()) first_verdict_by_ = now + kFirstVerdict;
  for (std::size_t i = 0; i < lans_.size(); ++i) lans_[i]->renumber(content_of(i), now);
  withdraw(old, now);
  tell_of_lans_without_room(now);
  ++site_.policy_epoch;
}

// X28.
void Daemon::tell_of_lans_without_room(TimePoint now) {
  for (std::size_t i = 0; i < config_.lans.size(); ++i)
    for (std::size_t t = 0; t < tunnels_.size(); ++t) {
      const config::Lan& lan = config_.lans[i];
      const auto& delegation = site_.tunnels[t].plan.delegation;
      if (delegation && gives_to(config_.tunnels[t], lan) &&
          !prefix::lan_prefix(*delegation, lan.subnet_id, i == 0))
        platform_.events.warn(
            now, fmt::format("{}{} has no room for subnet_id {} of LAN {}, which gets no prefix of it",
                             label(t), delegation->prefix.to_string(), lan.subnet_id, lan.name));
    }
}

// An old prefix is withdrawn in the moment in which the new one is there (P13, K57).
void Daemon::withdraw(const std::vector<Ipv6Prefix>& old, TimePoint now) {
  std::vector<prefix::Entry> current;
  for (std::size_t i = 0; i < config_.lans.size(); ++i)
    for (const Lan::Prefix& of_lan : content_of(i).prefixes)
      current.push_back({config_.lans[i].name, of_lan.prefix, 0});
  if (history_.set_current(current, wall_clock())) save_history();
  follow_history(now);
  const std::vector<Ipv6Prefix> left = delegated();
  for (const Ipv6Prefix& prefix : old)
    if (std::ranges::find(left, prefix) == left.end())
      platform_.dataplane.erase_flows({.interior = prefix}, nullptr);
}

std::string Daemon::label(std::size_t tunnel) const {
  return tunnels_.size() == 1 ? "" : config_.tunnels[tunnel].name + ": ";
}

void Daemon::save_history() { platform_.store.save(kStoredPrefixes, history_.to_text()); }

// What is withdrawn is advertised as such (P25) and answered as such (P14). A wall clock that was set back
// may not make it last longer.
void Daemon::follow_history(TimePoint now) {
  site_.withdrawn = history_.withdrawn();
  for (const prefix::Entry& entry : history_.stale()) {
    const auto left = std::min(std::chrono::seconds(entry.stale_until - wall_clock()), prefix::kStaleFor);
    for (const auto& lan : lans_)
      if (lan->place().name == entry.lan) lan->add_stale(entry.prefix, now + left, now);
  }
}

// The first probe waits for a way out; a gateway that falls silent later is what probes are to find out.
std::optional<relay::Settings> Daemon::wanted_health(std::size_t tunnel) const {
  auto wanted = health_settings(config_.tunnels[tunnel], site_.tunnels[tunnel].plan);
  if (!wanted || tunnels_[tunnel]->is_probing()) return wanted;
  const auto& address = wan_->address();
  const bool reachable =
      address && TunnelWays::reaches_any(*address, wanted->relays, wan_->gateway_answers());
  return reachable ? wanted : std::nullopt;
}

void Daemon::settle_health(TimePoint now) {
  for (std::size_t i = 0; i < tunnels_.size(); ++i) {
    TunnelEnd& tunnel = *tunnels_[i];
    if (!tunnel.watch(wanted_health(i), now)) continue;
    snapshot_due_ = ways_due_ = true;
    if (tunnel.live_relay())
      platform_.events.add(now,
                           fmt::format("{}relay {} is alive", label(i), tunnel.live_relay()->to_string()));
    else
      platform_.events.warn(now, label(i) + "no relay is alive");
  }
}

// As long as relays are probed there is a source and a way out.
void Daemon::settle_keepalive(TimePoint now) {
  for (std::size_t i = 0; i < tunnels_.size(); ++i)
    tunnels_[i]->keep_alive(tunnels_[i]->is_probing()
                                ? keepalive_settings(config_.tunnels[i], site_.tunnels[i].plan)
                                : std::nullopt,
                            now);
}

void Daemon::send_due() {
  for (std::size_t i = 0; i < tunnels_.size(); ++i) {
    for (const relay::SendPacket& probe : tunnels_[i]->take_probes()) send_probe(i, probe);
    for (const relay::SendPacket& packet : tunnels_[i]->take_keepalives())
      send_to_end(i, packet.relay, packet.ipv6);
  }
}

// Where a probe's addresses do not say which way it goes (E19), it is encapsulated here.
void Daemon::send_probe(std::size_t tunnel, const relay::SendPacket& probe) {
  if (site_.tunnels[tunnel].plan.kind == TunnelKind::six_rd)
    send_to_end(tunnel, probe.relay, probe.ipv6);
  else
    platform_.dataplane.inject_routed(probe.ipv6);
}

// Not counted as traffic of the tunnel.
void Daemon::send_to_end(std::size_t tunnel, Ipv4Address end, Bytes ipv6) {
  const Adjacency way = tunnels_[tunnel]->ways().way_to(end, make_tunnel(config_, site_, tunnel),
                                                        static_cast<uint8_t>(tunnel), *wan_);
  if (way.kind != AdjacencyKind::unresolved)
    platform_.dataplane.inject_host_v4(way.link, encapsulated(ipv6, way));
}

void Daemon::settle_ways(TimePoint now) {
  if (!std::exchange(ways_due_, false)) return;
  std::vector<Ipv4Address> endpoints;
  for (std::size_t i = 0; i < tunnels_.size(); ++i) {
    const TunnelPlan& plan = site_.tunnels[i].plan;
    const std::vector<Ipv4Address> kept = keepalive_targets(config_.tunnels[i], plan);
    endpoints.insert(endpoints.end(), plan.relays.begin(), plan.relays.end());
    endpoints.insert(endpoints.end(), kept.begin(), kept.end());
  }
  if (const auto& address = wan_->address())
    wan_->neighbours().keep(TunnelWays::next_hops(*address, endpoints), now);
  for (std::size_t i = 0; i < tunnels_.size(); ++i)
    tunnels_[i]->ways().update(make_tunnel(config_, site_, i), static_cast<uint8_t>(i), *wan_,
                               tunnels_[i]->live_relay());
  for (const WanNeighbours::Info& neighbour : wan_->neighbours().list())
    if (neighbour.mac) reach_sites(neighbour.address, *neighbour.mac);
  snapshot_due_ = true;
}

// Sites on the WAN's own subnet, without the gateway: for each tunnel with a header of its own.
void Daemon::reach_sites(Ipv4Address hop, const MacAddress& mac) {
  const uint16_t link = link_index(links_, config_.wan.port);
  for (std::size_t i = 0; i < tunnels_.size(); ++i)
    if (site_.tunnels[i].plan.direct)
      next_hops_.set({mapped(hop), wan_scope(static_cast<uint16_t>(i)), {}},
                     tunnel_way(make_tunnel(config_, site_, i), static_cast<uint8_t>(i), links_[link], link,
                                mac, std::nullopt));
}

void Daemon::settle_snapshot() {
  for (const auto& lan : lans_)
    if (lan->take_changed()) snapshot_due_ = true;
  if (!std::exchange(snapshot_due_, false)) return;
  for (std::size_t i = 0; i < lans_.size(); ++i) site_.lans[i] = lans_[i]->state();
  for (std::size_t i = 0; i < tunnels_.size(); ++i)
    site_.tunnels[i].relay_alive = tunnels_[i]->live_relay().has_value();
  offer_due_ = true;
  publish();
}

void Daemon::publish() {
  ++site_.generation;
  site_.host_flows =
      host_share(config_.filter.host_flows, platform_.dataplane.max_flows(), platform_.dataplane.workers());
  platform_.dataplane.publish(build_snapshot(config_, links_, site_));
}

// A prefix that has just come is told with its default route: the next RA would be 3 s later (RFC 4861
// §6.2.4). Not for long: hosts reach other sites without one (P10).
bool Daemon::awaits_first_verdict(TimePoint now) const {
  if (now >= first_verdict_by_) return false;
  for (std::size_t i = 0; i < tunnels_.size(); ++i) {
    const auto relays = tunnels_[i]->health().relays();
    const auto unknown = [](const relay::RelayInfo& relay) { return relay.state == relay::State::unknown; };
    if (health_settings(config_.tunnels[i], site_.tunnels[i].plan) && std::ranges::all_of(relays, unknown))
      return true;
  }
  return false;
}

void Daemon::advertise(TimePoint now) {
  if (!is_gateway() || awaits_first_verdict(now)) return;
  for (std::size_t i = 0; i < lans_.size(); ++i) lans_[i]->advertise(content_of(i), now);
}

// P3, P5, P11: a default router has a prefix and a live relay. A prefix that is made of the IPv4 address
// lives no longer than that (A3, E8); a broker's is not.
Lan::Content Daemon::content_of(std::size_t index) const {
  Lan::Content content;
  if (!is_gateway()) return content;
  const config::Lan& lan = config_.lans[index];
  for (std::size_t i = 0; i < tunnels_.size(); ++i) {
    const TunnelPlan& plan = site_.tunnels[i].plan;
    if (!plan.delegation || !gives_to(config_.tunnels[i], lan)) continue;
    const auto prefix = prefix::lan_prefix(*plan.delegation, lan.subnet_id, index == 0);
    if (!prefix) continue;
    const bool leased = plan.kind != TunnelKind::six_in_four && wan_->address();
    add_prefix(content.prefixes, {*prefix, leased ? wan_->address()->valid_until : TimePoint::max()});
    add_routes(content.routes, site_.tunnels[i]);
    if (leads_everywhere(site_.tunnels[i])) content.default_router = true;
  }
  return content;
}

}  // namespace gate41
