// The prefix transaction: from what the engines know to one consistent state, each step from the one before
// it. Every step does nothing when nothing has changed, so it runs at every turn. Order (S42..S48): addresses
// and filter first, router advertisements last.
#include <algorithm>

#include "control/daemon/component_states.hpp"
#include "control/daemon/daemon.hpp"
#include "control/daemon/settings.hpp"

namespace gate41 {
void Daemon::settle(TimePoint now) {
  if (stopping_) return;
  settle_wan(now);
  settle_external(now);
  settle_prefix(now);
  settle_health(now);
  settle_ways(now);
  settle_snapshot();
  for (const auto& probe : std::exchange(probes_, {})) platform_.dataplane.inject_routed(probe);
  advertise(now);
}

void Daemon::settle_wan(TimePoint now) {
  if (!wan_->take_changed()) return;
  settle_mtu(now);
  const auto& address = wan_->address();
  site_.wan_address = address ? std::optional(address->address) : std::nullopt;
  site_.wan_subnet = address ? address->subnet() : Ipv4Prefix{};
  discovery_.on_interface(own_address(config_, site_));
  snapshot_due_ = ways_due_ = true;
}

// Without an address the MTU stays as it was, so that hosts hear of it once when it comes back.
void Daemon::settle_mtu(TimePoint now) {
  const auto& address = wan_->address();
  const uint16_t link = links_[link_index(links_, config_.wan.port)].mtu;
  const uint16_t wan_mtu = address ? std::min(address->mtu.value_or(link), link) : site_.wan_mtu;
  if (wan_mtu == site_.wan_mtu) return;
  site_.wan_mtu = wan_mtu;
  update_lans(now);
  const ComponentState state = tunnel_state(tunnel_mtu(), wan_mtu);
  if (state.warning)
    platform_.events.warn(now, state.sentence);
  else
    platform_.events.add(now, fmt::format("tunnel: {}", state.sentence));
}

void Daemon::settle_external(TimePoint now) {
  for (const address::Output& output : discovery_.take_outputs()) {
    if (const auto* fetch = std::get_if<address::Fetch>(&output)) {
      const auto dns = wan_->address() ? wan_->address()->dns : std::vector<Ipv4Address>{};
      fetcher_.fetch({fetch->url, dns, ""}, [this, id = fetch->id](const Result<std::string>& line) {
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

void Daemon::settle_prefix(TimePoint now) {
  std::optional<prefix::Delegation> delegation;
  if (is_gateway() && site_.external) delegation = prefix::six_to_four(*site_.external);
  if (delegation == site_.delegation) return;
  const auto old = std::exchange(site_.delegation, delegation);
  for (std::size_t i = 0; i < lans_.size(); ++i) lans_[i]->renumber(content_of(i), now);
  withdraw(old, now);
  ++site_.policy_epoch;
  snapshot_due_ = ways_due_ = true;
  platform_.events.add(now, delegation ? "prefix " + delegation->prefix.to_string() : "no prefix");
}

// The old prefix is withdrawn in the moment in which the new one is there (P13, K57).
void Daemon::withdraw(const std::optional<prefix::Delegation>& old, TimePoint now) {
  std::vector<prefix::Entry> current;
  for (std::size_t i = 0; i < config_.lans.size(); ++i)
    if (const auto prefix = content_of(i).prefix) current.push_back({config_.lans[i].name, *prefix, 0});
  if (history_.set_current(current, wall_clock())) save_history();
  follow_history(now);
  if (old) platform_.dataplane.purge_flows(old->prefix);
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
std::optional<relay::Settings> Daemon::wanted_health() const {
  const auto wanted = health_settings(config_, site_);
  if (!wanted || is_probing()) return wanted;
  const auto& address = wan_->address();
  const bool reachable =
      address && TunnelWays::reaches_any(*address, wanted->relays, wan_->gateway_answers());
  return reachable ? wanted : std::nullopt;
}

void Daemon::settle_health(TimePoint now) {
  const auto wanted = wanted_health();
  if (wanted != health_running_) {
    if (wanted)
      health_.configure(*wanted, now);
    else
      stop_health();
    health_running_ = wanted;
  }
  for (const relay::Output& output : health_.take_outputs()) {
    if (const auto* probe = std::get_if<relay::SendPacket>(&output)) {
      probes_.push_back(probe->ipv6);
    } else if (const auto* live = std::get_if<relay::LiveRelay>(&output)) {
      live_relay_ = live->relay;
      snapshot_due_ = ways_due_ = true;
      if (live_relay_)
        platform_.events.add(now, "relay " + live_relay_->to_string() + " is alive");
      else
        platform_.events.warn(now, "no relay is alive");
    }
  }
}

void Daemon::stop_health() {
  health_.stop();
  live_relay_.reset();
  snapshot_due_ = ways_due_ = true;
}

void Daemon::settle_ways(TimePoint now) {
  if (!std::exchange(ways_due_, false)) return;
  if (const auto& address = wan_->address())
    wan_->neighbours().keep(TunnelWays::next_hops(*address, config_.tunnels.front().relays), now);
  ways_->update(make_tunnel(config_, site_), *wan_, live_relay_);
  for (const WanNeighbours::Info& neighbour : wan_->neighbours().list())
    if (neighbour.mac) reach_site(neighbour.address, *neighbour.mac);
  snapshot_due_ = true;
}

// 6to4 sites on the WAN's own subnet, without the gateway.
void Daemon::reach_site(Ipv4Address hop, const MacAddress& mac) {
  const uint16_t link = link_index(links_, config_.wan.port);
  next_hops_.set({mapped(hop), kWanScope, {}},
                 tunnel_way(make_tunnel(config_, site_), links_[link], link, mac, std::nullopt));
}

void Daemon::settle_snapshot() {
  for (const auto& lan : lans_)
    if (lan->take_changed()) snapshot_due_ = true;
  if (!std::exchange(snapshot_due_, false)) return;
  for (std::size_t i = 0; i < lans_.size(); ++i) site_.lans[i] = lans_[i]->state();
  site_.relay_alive = live_relay_.has_value();
  publish();
}

void Daemon::publish() {
  ++site_.generation;
  platform_.dataplane.publish(build_snapshot(config_, links_, site_));
}

void Daemon::advertise(TimePoint now) {
  if (!is_gateway()) return;
  for (std::size_t i = 0; i < lans_.size(); ++i) lans_[i]->advertise(content_of(i), now);
}

// P3, P5, P11: a default router has a prefix and a live relay.
Lan::Content Daemon::content_of(std::size_t lan) const {
  Lan::Content content;
  if (!is_gateway() || !site_.delegation) return content;
  content.prefix = prefix::lan_prefix(*site_.delegation, config_.lans[lan].subnet_id);
  if (wan_->address()) content.valid_until = wan_->address()->valid_until;
  content.delegated = {site_.delegation->prefix};
  content.default_router = live_relay_.has_value();
  return content;
}

}  // namespace gate41
