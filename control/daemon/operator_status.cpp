// `status` and `health`: the whole of the daemon's state on one page.
#include <algorithm>

#include "control/daemon/build_info.hpp"
#include "control/daemon/component_states.hpp"
#include "control/daemon/operator_view.hpp"

namespace gate41 {
namespace {

using op::Json;

Json wan_json(const Daemon& daemon) {
  Json wan = {
      {"port", daemon.config().wan.port},  {"address", Json()},   {"gateway", Json()}, {"external", Json()},
      {"behind_nat", daemon.behind_nat()}, {"dns", Json::array()}};
  if (const auto& address = daemon.wan().address()) {
    wan["address"] = fmt::format("{}/{}", address->address.to_string(), address->prefix_length);
    if (address->gateway) wan["gateway"] = address->gateway->to_string();
    for (const Ipv4Address server : address->dns) wan["dns"].push_back(server.to_string());
  }
  if (daemon.site().external) wan["external"] = daemon.site().external->to_string();
  return wan;
}

Json relay_json(const Daemon& daemon, std::size_t tunnel) {
  const TunnelEnd& end = *daemon.tunnels()[tunnel];
  for (const relay::RelayInfo& relay : end.health().relays())
    if (relay.address == end.live_relay())
      return {{"address", relay.address.to_string()},
              {"alive", true},
              {"rtt_ms", relay.rtt ? Json(static_cast<double>(relay.rtt->count()) / 1000) : Json()}};
  const auto& relays = daemon.site().tunnels[tunnel].plan.relays;
  return {{"address", relays.empty() ? Json() : Json(relays.front().to_string())},
          {"alive", false},
          {"rtt_ms", Json()}};
}

Json tunnels_json(const Daemon& daemon) {
  Json tunnels = Json::array();
  for (std::size_t i = 0; i < daemon.tunnels().size(); ++i) {
    const TunnelPlan& plan = daemon.site().tunnels[i].plan;
    tunnels.push_back({{"name", daemon.config().tunnels[i].name},
                       {"mode", name_of(plan.kind)},
                       {"prefix", plan.delegation ? Json(plan.delegation->prefix.to_string()) : Json()},
                       {"mtu", daemon.tunnel_mtu(i)},
                       {"mtu_mode", daemon.narrow_paths(i) ? "auto" : "static"},
                       {"narrow_paths", daemon.narrow_paths(i).value_or(0)},
                       {"relay", daemon.is_gateway() ? relay_json(daemon, i) : Json()}});
  }
  return tunnels;
}

Json lans_json(const Daemon& daemon, TimePoint now) {
  Json lans = Json::array();
  for (const auto& lan : daemon.lans()) {
    Json prefixes = Json::array();
    for (const Ipv6Prefix& prefix : lan->state().prefixes) prefixes.push_back(prefix.to_string());
    lans.push_back({{"name", lan->place().name},
                    {"prefixes", prefixes},
                    {"neighbours", lan->discovery().neighbours().size()},
                    {"ra", lan->advertiser() ? lan->advertiser()->sentence(lan->place().name, now) : ""}});
  }
  return lans;
}

Json rates_json(const Daemon& daemon) {
  Json rates = Json::array();
  const auto& links = daemon.rates().links();
  for (std::size_t i = 0; i < links.size(); ++i)
    rates.push_back({{"port", daemon.links()[i].name},
                     {"rx_pps", links[i].rx_pps},
                     {"tx_pps", links[i].tx_pps},
                     {"rx_bps", links[i].rx_bps},
                     {"tx_bps", links[i].tx_bps}});
  return rates;
}

Json withdrawn_json(const Daemon& daemon) {
  Json withdrawn = Json::array();
  for (const prefix::Entry& entry : daemon.history().stale())
    withdrawn.push_back({{"prefix", entry.prefix.to_string()}, {"left", entry.stale_until - wall_clock()}});
  return withdrawn;
}

Json lab_json(const Daemon& daemon) {
  Json lab = Json::array();
  for (const Ipv4Prefix& prefix : daemon.config().lab_allow_v4) lab.push_back(prefix.to_string());
  for (const Ipv6Prefix& prefix : daemon.config().lab_allow_v6) lab.push_back(prefix.to_string());
  return lab;
}

bool all_ok(const std::vector<ComponentState>& states) {
  return std::ranges::all_of(states, &ComponentState::ok);
}

}  // namespace

Json state_json(const ComponentState& state) {
  return {
      {"component", state.component}, {"state", state.state}, {"sentence", state.sentence}, {"ok", state.ok}};
}

Json events_json(const Events& events, TimePoint now) {
  Json rows = Json::array();
  for (const Events::Event& event : events.recent())
    rows.push_back({{"ago", -seconds_until(event.time, now).get<int64_t>()}, {"text", event.text}});
  return rows;
}

Json OperatorView::status() {
  const TimePoint now = gate41::now();
  const std::vector<ComponentState> states = component_states(daemon_, now);
  const CounterTotals totals = daemon_.dataplane().counters();
  Json sentences = Json::array();
  for (const ComponentState& state : states) sentences.push_back(state_json(state));
  return {{"version", kVersion},
          {"instance", daemon_.config().instance},
          {"role", daemon_.is_gateway() ? "gateway" : "relay"},
          {"uptime", -seconds_until(daemon_.started(), now).get<int64_t>()},
          {"healthy", all_ok(states)},
          {"states", sentences},
          {"wan", wan_json(daemon_)},
          {"tunnels", tunnels_json(daemon_)},
          {"withdrawn", withdrawn_json(daemon_)},
          {"lans", lans_json(daemon_, now)},
          {"rates", rates_json(daemon_)},
          {"flows",
           {{"current", totals.flows_current},
            {"max", daemon_.dataplane().max_flows()},
            {"bytes", daemon_.dataplane().flow_memory()}}},
          {"drops", totals.dropped},
          {"lab_allow", lab_json(daemon_)},
          {"events", events_json(daemon_.events(), now)}};
}

Json OperatorView::health() {
  const std::vector<ComponentState> states = component_states(daemon_, gate41::now());
  Json reasons = Json::array();
  for (const ComponentState& state : states)
    if (!state.ok) reasons.push_back(state.sentence);
  return {{"healthy", reasons.empty()}, {"reasons", reasons}};
}

}  // namespace gate41
