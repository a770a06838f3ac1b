// `status` and `health`: every state with its sentence.
#include <algorithm>

#include "control/daemon/build_info.hpp"
#include "control/daemon/operator_view.hpp"

namespace gate41 {
namespace {

using op::Json;

ComponentState dhcp_state(const Daemon& daemon, TimePoint now) {
  const dhcp::Client* client = daemon.wan().dhcp();
  if (client == nullptr) return {"dhcp", "off", "the WAN's address is configured", true, ""};
  return {"dhcp", dhcp::name_of(client->state()), client->sentence(daemon.config().wan.port, now),
          client->lease().has_value(),
          "check the cable and that a DHCP server answers on this link; a bridged VM needs the right host adapter, or "
          "give a static address (wan.ipv4)"};
}

ComponentState conflict_state(const Daemon& daemon, TimePoint now) {
  const acd::Detector& detector = daemon.wan().conflict_detection();
  return {"acd", acd::name_of(detector.state()), detector.sentence(now), detector.state() != acd::State::conflict,
          "another machine uses this IPv4 address: give one of them another"};
}

ComponentState gateway_state(const Daemon& daemon) {
  const auto& address = daemon.wan().address();
  if (!address) return {"gateway", "none", "no IPv4 gateway without an address", false, ""};
  if (!address->gateway)
    return {"gateway", "none", "no IPv4 gateway is known: only the WAN's own subnet is reached", false,
            "set wan.ipv4.gateway, or let the DHCP server send option 3"};
  const std::string name = address->gateway->to_string();
  if (daemon.wan().neighbours().mac_of(*address->gateway))
    return {"gateway", "resolved", "the IPv4 gateway " + name + " answers ARP", true, ""};
  return {"gateway", "unresolved", "the IPv4 gateway " + name + " does not answer ARP", false,
          "check the address, and that the port is bridged to the right network"};
}

ComponentState address_state(const Daemon& daemon, TimePoint now) {
  const address::Discovery& discovery = daemon.discovery();
  return {"address", address::name_of(discovery.state()), discovery.sentence(now),
          discovery.state() == address::State::found,
          "set wan.external_address.from to the address that remote sites see, or add URLs of address echoes"};
}

ComponentState prefix_state(const Daemon& daemon) {
  const auto& delegation = daemon.site().delegation;
  if (!delegation) return {"prefix", "none", "no prefix: the external address is not known", false, ""};
  return {"prefix", "derived", fmt::format("{} is this site's prefix", delegation->prefix.to_string()), true, ""};
}

ComponentState relay_state(const Daemon& daemon, TimePoint now) {
  const bool alive = daemon.live_relay().has_value();
  return {"relay", alive ? "alive" : "none", daemon.health().sentence(now), alive,
          "let protocol 41 pass at the router in front, or name another relay (tunnels.NAME.relays)"};
}

ComponentState lan_state(const Lan& lan, TimePoint now) {
  const std::string component = "lan." + lan.place().name;
  if (lan.advertiser() == nullptr) {
    const bool ready = !lan.state().addresses.empty();
    return {component, ready ? "ready" : "probing",
            ready ? "own addresses are in use" : "own addresses are being probed", ready, ""};
  }
  const ra::State state = lan.advertiser()->state();
  return {component, ra::name_of(state), lan.advertiser()->sentence(lan.place().name, now),
          state == ra::State::advertising,
          "another router serves this LAN; set advertise.when_others: send to be one beside it"};
}

ComponentState filter_state(const Daemon& daemon) {
  return {"filter", daemon.site().filter_active ? "active" : "inactive",
          daemon.is_gateway() ? "strict: the LAN opens connections, nothing else comes in but pinholes"
                              : "off: a relay keeps no state",
          daemon.site().filter_active, ""};
}

ComponentState workers_state(Daemon& daemon, TimePoint now) {
  const uint32_t silent = daemon.dataplane().oldest_heartbeat(now);
  const bool ok = silent < 5;
  const unsigned workers = daemon.dataplane().workers();
  return {"workers", ok ? "running" : "stuck",
          ok ? fmt::format("{} worker{} running", workers, workers == 1 ? "" : "s")
             : fmt::format("a worker has not looked at its ports for {} s", silent),
          ok, "restart the daemon and report the log"};
}

ComponentState store_state(const Daemon& daemon) {
  const bool ok = daemon.store().persistent();
  return {"state", ok ? "kept" : "in memory",
          ok ? "lease and prefixes are kept on disk" : "lease and prefixes are forgotten at a restart", true,
          "make the folder of `state` writable"};
}

Json json_of(const ComponentState& state) {
  return {{"component", state.component}, {"state", state.state}, {"sentence", state.sentence}, {"ok", state.ok}};
}

Json wan_json(const Daemon& daemon) {
  Json wan = {{"port", daemon.config().wan.port}, {"address", Json()},         {"gateway", Json()},
              {"external", Json()},               {"behind_nat", daemon.behind_nat()}, {"dns", Json::array()}};
  if (const auto& address = daemon.wan().address()) {
    wan["address"] = fmt::format("{}/{}", address->address.to_string(), address->prefix_length);
    if (address->gateway) wan["gateway"] = address->gateway->to_string();
    for (const Ipv4Address server : address->dns) wan["dns"].push_back(server.to_string());
  }
  if (daemon.site().external) wan["external"] = daemon.site().external->to_string();
  return wan;
}

Json relay_json(const Daemon& daemon) {
  for (const relay::RelayInfo& relay : daemon.health().relays())
    if (relay.address == daemon.live_relay())
      return {{"address", relay.address.to_string()},
              {"alive", true},
              {"rtt_ms", relay.rtt ? Json(static_cast<double>(relay.rtt->count()) / 1000) : Json()}};
  const auto& relays = daemon.config().tunnels.front().relays;
  return {{"address", relays.empty() ? Json() : Json(relays.front().to_string())}, {"alive", false}, {"rtt_ms", Json()}};
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

Json events_json(const Daemon& daemon, TimePoint now) {
  Json events = Json::array();
  for (const Events::Event& event : daemon.events().recent())
    events.push_back({{"ago", -seconds_until(event.time, now).get<int64_t>()}, {"text", event.text}});
  return events;
}

Json lab_json(const Daemon& daemon) {
  Json lab = Json::array();
  for (const Ipv4Prefix& prefix : daemon.config().lab_allow_v4) lab.push_back(prefix.to_string());
  for (const Ipv6Prefix& prefix : daemon.config().lab_allow_v6) lab.push_back(prefix.to_string());
  return lab;
}

bool all_ok(const std::vector<ComponentState>& states) { return std::ranges::all_of(states, &ComponentState::ok); }

}  // namespace

std::vector<ComponentState> component_states(Daemon& daemon, TimePoint now) {
  std::vector<ComponentState> states{dhcp_state(daemon, now), conflict_state(daemon, now), gateway_state(daemon),
                                     address_state(daemon, now)};
  if (daemon.is_gateway()) {
    states.push_back(prefix_state(daemon));
    states.push_back(relay_state(daemon, now));
  }
  for (const auto& lan : daemon.lans()) states.push_back(lan_state(*lan, now));
  states.push_back(filter_state(daemon));
  states.push_back(workers_state(daemon, now));
  states.push_back(store_state(daemon));
  return states;
}

Json OperatorView::status() {
  const TimePoint now = gate41::now();
  const std::vector<ComponentState> states = component_states(daemon_, now);
  const CounterTotals totals = daemon_.dataplane().counters();
  const SiteState& site = daemon_.site();
  Json sentences = Json::array();
  for (const ComponentState& state : states) sentences.push_back(json_of(state));
  return {{"version", kVersion},
          {"instance", daemon_.config().instance},
          {"role", daemon_.is_gateway() ? "gateway" : "relay"},
          {"uptime", -seconds_until(daemon_.started(), now).get<int64_t>()},
          {"healthy", all_ok(states)},
          {"states", sentences},
          {"wan", wan_json(daemon_)},
          {"prefix", site.delegation ? Json(site.delegation->prefix.to_string()) : Json()},
          {"mtu", daemon_.config().tunnels.front().mtu},
          {"withdrawn", withdrawn_json(daemon_)},
          {"relay", daemon_.is_gateway() ? relay_json(daemon_) : Json()},
          {"lans", lans_json(daemon_, now)},
          {"rates", rates_json(daemon_)},
          {"flows", {{"current", totals.flows_current}, {"max", daemon_.dataplane().max_flows()}}},
          {"drops", totals.dropped},
          {"lab_allow", lab_json(daemon_)},
          {"events", events_json(daemon_, now)}};
}

Json OperatorView::health() {
  const std::vector<ComponentState> states = component_states(daemon_, gate41::now());
  Json reasons = Json::array();
  for (const ComponentState& state : states)
    if (!state.ok) reasons.push_back(state.sentence);
  return {{"healthy", reasons.empty()}, {"reasons", reasons}};
}

}  // namespace gate41
