#include "control/daemon/daemon.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/epoll.h>

#include "config/found_ports.hpp"
#include "config/loader.hpp"
#include "control/daemon/component_states.hpp"
#include "control/daemon/filter_policy.hpp"
#include "control/daemon/settings.hpp"
#include "control/nd/tunnel_answer.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41 {
namespace {

constexpr Duration kHousekeeping = std::chrono::seconds(1);

Bytes bytes_of(const rte_mbuf* mbuf) {
  return {rte_pktmbuf_mtod(mbuf, const uint8_t*), rte_pktmbuf_data_len(mbuf)};
}

Ipv4Address unmapped(const Ipv6Address& address) {
  return Ipv4Address(Be32(static_cast<uint32_t>(address.low())));
}

}  // namespace

Daemon::Daemon(config::Config config, std::string config_path, Found found, Platform platform)
    : config_(std::move(config)),
      config_path_(std::move(config_path)),
      found_(std::move(found)),
      platform_(platform),
      next_hops_(platform.dataplane),
      devices_(platform.dataplane.devices()),
      links_(make_links(config_, devices_)),
      discovery_(discovery_settings(config_)),
      fetcher_(platform.loop),
      brokers_(fetcher_, platform.events),
      pings_(platform.dataplane),
      traces_(platform.dataplane),
      history_(prefix::History::from_text(platform.store.load(kStoredPrefixes).value_or(""))) {
  syslog_.configure(config_.syslog);
}

Daemon::~Daemon() { platform_.loop.unwatch(platform_.dataplane.exception_fd()); }

Result<void> Daemon::open() {
  if (auto made = make_parts(); !made) return made;
  load_pinholes();
  publish();
  if (auto running = platform_.dataplane.start_workers(); !running) return running;
  platform_.loop.watch(platform_.dataplane.exception_fd(), EPOLLIN, [this](uint32_t) { on_exceptions(); });
  return {};
}

Result<void> Daemon::make_parts() {
  const uint16_t wan_link = link_index(links_, config_.wan.port);
  for (std::size_t i = 0; i < config_.tunnels.size(); ++i) {
    auto end = std::make_unique<TunnelEnd>(platform_.dataplane.adjacencies(), links_[wan_link], wan_link);
    site_.tunnels.push_back(
        {plan_tunnel(config_, config_.tunnels[i], site_), false, end->ways().relay(), end->ways().direct()});
    tunnels_.push_back(std::move(end));
  }
  wan_ = std::make_unique<Wan>(
      platform_, config_, wan_link, links_[wan_link],
      [this](Ipv4Address hop, std::optional<MacAddress> mac) { on_wan_neighbour(hop, mac); });
  if (config_.wan.dhcp_option_42 && !config_.wan.static_ipv4)
    clock_ = std::make_unique<Clock>(platform_, Wan::kInterface);
  site_.wan_mtu = links_[wan_link].mtu;
  make_lans();
  if (auto opened = wan_->open(); !opened) return opened;
  for (const auto& lan : lans_)
    if (auto opened = lan->open(); !opened) return opened;
  for (const auto& lan : lans_) site_.lans.push_back(lan->state());
  return config_.relay ? make_relay_parts() : Result<void>{};
}

void Daemon::make_lans() {
  if (config_.relay) return make_lan("native", config_.relay->native_port, nullptr);
  for (const config::Lan& lan : config_.lans) make_lan(lan.name, lan.port, &lan);
  found_.lan.reset();  // the guess was another port
}

void Daemon::make_lan(const std::string& name, const std::string& port, const config::Lan* advertise) {
  const uint16_t link = link_index(links_, port);
  Lan::Place place{name, static_cast<uint16_t>(lans_.size()), link, links_[link]};
  lans_.push_back(
      std::make_unique<Lan>(platform_, next_hops_, std::move(place), engines_on(links_[link], advertise)));
}

LanEngines Daemon::engines_on(const Link& link, const config::Lan* advertise) {
  if (found_.lan && found_.lan->port.mac == link.mac) return *std::exchange(found_.lan, std::nullopt);
  return {{link.mac, link.mtu}, advertise, lan_mtu(config_, advertise, site_.wan_mtu), random_seed()};
}

void Daemon::start(TimePoint now) {
  started_ = now;
  site_.filter_active = true;
  publish();
  notifier_.ready();
  wan_->start(now);
  for (const auto& lan : lans_) lan->start(now);
  if (config_.relay)
    lans_.front()->set_static(config_.relay->native_address, config_.relay->native_length, now);
  follow_history(now);
  brokers_.configure(config_.tunnels, now);
  warn_of_short_timers(now);
  snapshot_due_ = true;
  settle(now);
}

void Daemon::on_turn(TimePoint now) {
  give_time(now);
  if (now >= housekeeping_at_) housekeeping(now);
  platform_.dataplane.poll_requests();
  settle(now);
}

void Daemon::give_time(TimePoint now) {
  wan_->on_timer(now);
  for (const auto& lan : lans_) lan->on_timer(now);
  discovery_.on_timer(now);
  brokers_.on_timer(now);
  if (clock_) clock_->on_timer(now);
  pings_.on_timer();
  traces_.on_timer(now);
  for (const auto& tunnel : tunnels_) tunnel->health().on_timer(now);
  if (native_routes_) native_routes_->on_timer(now);
}

std::optional<TimePoint> Daemon::next_deadline(TimePoint now) const {
  TimePoint next = housekeeping_at_;
  const auto consider = [&](std::optional<TimePoint> deadline) {
    if (deadline) next = std::min(next, *deadline);
  };
  consider(wan_->next_deadline());
  for (const auto& lan : lans_) consider(lan->next_deadline());
  consider(discovery_.next_deadline());
  consider(brokers_.next_deadline());
  if (clock_) consider(clock_->next_deadline());
  consider(pings_.next_deadline());
  consider(traces_.next_deadline(now));
  for (const auto& tunnel : tunnels_) {
    consider(tunnel->health().next_deadline());
    if (!stopping_) consider(tunnel->keepalive().next_deadline());
  }
  if (native_routes_) consider(native_routes_->next_deadline(now));
  if (stopping_ && drained_at_ > now) consider(drained_at_);
  if (first_verdict_by_ > now) consider(first_verdict_by_);
  if (platform_.dataplane.requests_pending()) consider(now + std::chrono::milliseconds(1));
  return next;
}

void Daemon::watch_flows(const CounterTotals& totals, TimePoint now) {
  if (const auto warning = flow_watch_.table(totals, now)) platform_.events.warn(now, *warning);
  const std::vector<DropSample> refused = drops_.last(DropReason::filter_host_limit, 1);
  const std::optional<DropSample> last = refused.empty() ? std::nullopt : std::optional(refused.front());
  if (const auto warning = flow_watch_.hosts(totals, last, site_.host_flows, now))
    platform_.events.warn(now, *warning);
}

void Daemon::housekeeping(TimePoint now) {
  housekeeping_at_ = now + kHousekeeping;
  platform_.dataplane.housekeeping(now);
  collect_drops();
  const std::vector<DeviceInfo> before = std::exchange(devices_, platform_.dataplane.devices());
  follow_links(before, now);
  const CounterTotals totals = platform_.dataplane.counters();
  platform_.dataplane.path_mtus().expire(now);
  rates_.sample(totals, links_.size(), now);
  for (std::size_t i = 0; i < tunnels_.size(); ++i)
    tunnels_[i]->on_traffic(totals.tunnels[i].encap_relayed, now);
  if (const auto warning = id_watch_.sample(totals, now)) platform_.events.warn(now, *warning);
  if (const auto warning = site_watch_.sample(totals, now)) platform_.events.warn(now, *warning);
  watch_flows(totals, now);
  pass_used_neighbours(now);
  if (config_.relay) lans_.front()->watch_router(config_.relay->native_gateway, now);
  offer_due_ = true;
  if (history_.expire(wall_clock())) {
    save_history();
    follow_history(now);
    snapshot_due_ = true;
  }
  expire_pinholes(now);
  syslog_.send();
  tell_service_manager(now);
}

void Daemon::tell_service_manager(TimePoint now) {
  const std::string status = summary(*this, now);
  if (status != service_status_) notifier_.status(status);
  service_status_ = status;
  // A worker that stands still must not look alive.
  if (platform_.dataplane.oldest_heartbeat(now) < 5) notifier_.watchdog(now);
}

// A cable that was pulled and put back may lead to another network.
void Daemon::follow_links(const std::vector<DeviceInfo>& before, TimePoint now) {
  for (std::size_t i = 0; i < devices_.size() && i < before.size(); ++i) {
    if (devices_[i].link_up == before[i].link_up) continue;
    platform_.events.add(
        now, fmt::format("link of {} is {}", devices_[i].device, devices_[i].link_up ? "up" : "down"));
    if (devices_[i].link_up && devices_[i].port_id == links_[link_index(links_, config_.wan.port)].device)
      wan_->on_link_up(now);
  }
}

void Daemon::pass_used_neighbours(TimePoint now) {
  std::vector<std::vector<Ipv6Address>> used(lans_.size());
  for (const NeighbourKey& key : platform_.dataplane.neighbours().take_used(now)) {
    if (is_wan_scope(key.scope))
      wan_->neighbours().on_used(unmapped(key.address), now);
    else if (key.scope < used.size())
      used[key.scope].push_back(key.address);
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (!used[i].empty()) lans_[i]->on_used(used[i], now);
}

void Daemon::on_exceptions() {
  const TimePoint now = gate41::now();
  platform_.dataplane.drain_exceptions(
      [this, now](rte_mbuf* mbuf, const MbufMeta& meta) { on_exception(mbuf, meta, now); });
}

void Daemon::on_exception(rte_mbuf* mbuf, const MbufMeta& meta, TimePoint now) {
  Ipv6Address next_hop;
  std::ranges::copy(meta.next_hop, next_hop.bytes.begin());
  // These two keep the packet.
  if (meta.exception_class == ExceptionClass::unresolved_v4)
    return wan_->neighbours().on_unresolved(unmapped(next_hop), mbuf, now);
  if (meta.exception_class == ExceptionClass::unresolved && meta.lan < lans_.size())
    return lans_[meta.lan]->on_unresolved(next_hop, mbuf, now);
  const Bytes bytes = bytes_of(mbuf);
  switch (meta.exception_class) {
    case ExceptionClass::arp:
      wan_->on_arp(bytes, now);
      break;
    case ExceptionClass::dhcp:
      wan_->on_dhcp(bytes, now);
      break;
    case ExceptionClass::icmpv4_error:
      on_icmpv4_error(bytes, now);
      break;
    case ExceptionClass::host_v4:
      wan_->to_kernel(bytes);
      break;
    case ExceptionClass::host_v6:
      on_host_v6(bytes, now);
      break;
    case ExceptionClass::tunnel_nd:
      on_tunnel_nd(meta.tunnel, bytes, now);
      break;
    case ExceptionClass::own_dropped:
      pings_.on_dropped(bytes, meta);
      break;
    case ExceptionClass::nd:
    case ExceptionClass::ra:
      if (Lan* lan = lan_on(meta.link)) lan->on_frame(bytes, now);
      break;
    default:
      break;
  }
  platform_.dataplane.free_packet(mbuf);
}

Lan* Daemon::lan_on(uint16_t link) {
  for (const auto& lan : lans_)
    if (lan->place().link_index == link) return lan.get();
  return nullptr;
}

// Answers to probes, keep-alives and pings go to their engines; all else that this box asked for to the
// kernel.
void Daemon::on_host_v6(Bytes ipv6, TimePoint now) {
  const ParsedPacket parsed = parse_ipv6_packet(ipv6);
  for (const auto& tunnel : tunnels_)
    if (tunnel->on_packet(ipv6, now)) return;
  if (pings_.on_packet(ipv6)) return;
  for (const auto& lan : lans_) {
    const LanState state = lan->state();
    if (std::ranges::find(state.addresses, parsed.v6.destination) != state.addresses.end())
      return lan->on_host_packet(ipv6);
  }
}

// D33: the other end of a configured tunnel lives, or asks whether we do.
void Daemon::on_tunnel_nd(std::size_t index, Bytes ipv6, TimePoint now) {
  if (index >= tunnels_.size()) return;
  if (tunnels_[index]->is_probing() && tunnels_[index]->health().on_packet(ipv6, now)) return;
  const Tunnel tunnel = make_tunnel(config_, site_, index);
  const auto answer = nd::tunnel_answer(ipv6, std::array{tunnel.address, tunnel.link_local});
  if (answer && !tunnel.relays.empty()) send_to_end(index, tunnel.relays.front(), *answer);
}

// D16..D18, X8.
void Daemon::on_icmpv4_error(Bytes frame, TimePoint now) {
  const auto error = path::read_tunnel_error(frame);
  if (!error) return;
  Dataplane& dataplane = platform_.dataplane;
  const path::Consequences consequences = path_errors_.on_error(*error, dataplane.snapshot(), now);
  if (consequences.unreachable)
    for (const auto& tunnel : tunnels_) tunnel->health().on_unreachable(*consequences.unreachable, now);
  if (consequences.endpoint_mtu)
    dataplane.path_mtus().learn(error->destination, *consequences.endpoint_mtu, now);
  if (!consequences.answer.empty()) dataplane.inject_routed(consequences.answer);
  if (consequences.event)
    platform_.events.add(now, fmt::format("tunnel: {}{}", label(consequences.tunnel), *consequences.event));
}

void Daemon::on_wan_neighbour(Ipv4Address hop, std::optional<MacAddress> mac) {
  if (mac)
    reach_sites(hop, *mac);
  else
    for (std::size_t i = 0; i < tunnels_.size(); ++i)
      next_hops_.erase({mapped(hop), wan_scope(static_cast<uint16_t>(i)), {}});
  ways_due_ = true;
}

Result<std::vector<std::string>> Daemon::reload(TimePoint now) {
  auto loaded = config::load_file(config_path_);
  if (!loaded) {
    std::string problems;
    for (const config::Problem& problem : loaded.error()) problems += problem.to_string() + '\n';
    return fail(problems + "the running configuration stays");
  }
  if (loaded->ports_auto) config::place_ports(*loaded, config_.ports);
  const std::vector<std::string> fixed = config::restart_changes(config_, *loaded);
  if (!fixed.empty())
    return fail(fmt::format("{} cannot change without a restart; the running configuration stays",
                            fmt::join(fixed, ", ")));
  adopt(std::move(*loaded), now);
  platform_.events.add(now, "configuration reloaded from " + config_path_);
  return std::vector<std::string>{"reloaded " + config_path_ + "; flows are kept"};
}

// Everything that has a copy of a `live` key gets the new one; snapshot, ways and health follow in the
// transaction.
void Daemon::adopt(config::Config wanted, TimePoint now) {
  const bool same_filter = decides_alike(config_.filter, wanted.filter);
  wanted.lans = in_order_of(config_.lans, std::move(wanted.lans));
  wanted.tunnels = in_order_of(config_.tunnels, std::move(wanted.tunnels));
  config_ = std::move(wanted);
  discovery_.configure(discovery_settings(config_));
  brokers_.configure(config_.tunnels, now);
  syslog_.configure(config_.syslog);
  update_lans(now);
  if (!same_filter) ++site_.policy_epoch;
  warn_of_short_timers(now);
  if (const auto& address = wan_->address()) take_offer(address->six_rd, now);
  snapshot_due_ = ways_due_ = true;
  settle(now);
}

void Daemon::warn_of_short_timers(TimePoint now) {
  for (std::string& sentence : short_timers(config_.filter.timeouts))
    platform_.events.warn(now, std::move(sentence));
}

void Daemon::update_lans(TimePoint now) {
  for (std::size_t i = 0; i < config_.lans.size(); ++i)
    lans_[i]->update(config_.lans[i], lan_mtu(config_, &config_.lans[i], site_.wan_mtu), now);
}

void Daemon::stop(TimePoint now) {
  stopping_ = true;
  withdraw_offer(now, "gate41d stops");
  notifier_.stopping();
  for (const auto& lan : lans_) lan->stop(config_.on_stop, now);
  wan_->stop(config_.wan.dhcp_release, now);
}

bool Daemon::stopped() const {
  return stopping_ && gate41::now() >= drained_at_ &&
         std::ranges::all_of(lans_, [](const auto& lan) { return lan->stopped(); });
}

}  // namespace gate41
