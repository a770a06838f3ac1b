#include "control/daemon/component_states.hpp"

#include <algorithm>
#include <fmt/ranges.h>
#include <set>

#include "control/daemon/filter_policy.hpp"
#include "control/daemon/firewall_hint.hpp"
#include "control/daemon/hypervisor_hint.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

ComponentState dhcp_state(const Daemon& daemon, TimePoint now) {
  const dhcp::Client* client = daemon.wan().dhcp();
  if (client == nullptr) return {"dhcp", "off", "the WAN's address is configured", true, ""};
  const std::string& ignored = daemon.site().offer_ignored;
  return {"dhcp", dhcp::name_of(client->state()),
          client->sentence(daemon.config().wan.port, now) + (ignored.empty() ? "" : "; " + ignored),
          client->lease().has_value(),
          "check the cable and that a DHCP server answers on this link; a bridged VM needs the right host "
          "adapter, or "
          "give a static address (wan.ipv4)"};
}

ComponentState conflict_state(const Daemon& daemon, TimePoint now) {
  const acd::Detector& detector = daemon.wan().conflict_detection();
  return {"acd", acd::name_of(detector.state()), detector.sentence(now),
          detector.state() != acd::State::conflict,
          "another machine uses this IPv4 address: give one of them another"};
}

// A clock that nobody sets goes on: certificates may seem invalid, no more.
ComponentState clock_state(const sntp::Client& client, TimePoint now) {
  const bool right = client.state() == sntp::State::set;
  return {"clock",
          sntp::name_of(client.state()),
          client.sentence(now),
          true,
          "let the DHCP server name an NTP server that answers (option 42), or leave wan.dhcp.option_42 out",
          !right && client.state() != sntp::State::asking && client.state() != sntp::State::waiting};
}

ComponentState gateway_state(const Daemon& daemon) {
  const auto& address = daemon.wan().address();
  if (!address) return {"gateway", "none", "no IPv4 gateway without an address", false, ""};
  if (!address->gateway)
    return {"gateway", "none", "no IPv4 gateway is known: only the WAN's own subnet is reached", false,
            "set wan.ipv4.gateway, or let the DHCP server send option 3"};
  const std::string name = address->gateway->to_string();
  if (daemon.wan().gateway_answers())
    return {"gateway", "resolved", "the IPv4 gateway " + name + " answers ARP", true, ""};
  return {"gateway", "unresolved", "the IPv4 gateway " + name + " does not answer ARP", false,
          "check the address, and that the port is bridged to the right network"};
}

ComponentState address_state(const Daemon& daemon, TimePoint now) {
  if (!needs_external_address(daemon.config()))
    return {"address", "off", "no tunnel needs the address that remote sites see", true, ""};
  const address::Discovery& discovery = daemon.discovery();
  const std::string gateway_remedy =
      "set wan.external_address.from to the address that remote sites see, or add URLs of address echoes";
  const std::string relay_remedy =
      "a relay needs a global IPv4 address of its own, not behind a NAT (RFC 6343 §4.4)";
  return {"address", address::name_of(discovery.state()), discovery.sentence(now),
          discovery.state() == address::State::found, daemon.is_gateway() ? gateway_remedy : relay_remedy};
}

// Of one tunnel's: its name is part of it where there are several.
std::string component_of(const Daemon& daemon, const std::string& what, std::size_t tunnel) {
  return daemon.tunnels().size() == 1 ? what : what + "." + daemon.config().tunnels[tunnel].name;
}

ComponentState prefix_state(const Daemon& daemon, std::size_t tunnel) {
  const TunnelPlan& plan = daemon.site().tunnels[tunnel].plan;
  const std::string component = component_of(daemon, "prefix", tunnel);
  if (!plan.delegation) return {component, "none", "no prefix: " + plan.missing, false, ""};
  return {component, "derived", fmt::format("{} is this site's prefix", plan.delegation->prefix.to_string()),
          true, ""};
}

ComponentState relay_state(const Daemon& daemon, std::size_t tunnel, TimePoint now) {
  const TunnelEnd& end = *daemon.tunnels()[tunnel];
  const std::string component = component_of(daemon, "relay", tunnel);
  if (!end.is_probing())
    return {component, "waiting",
            daemon.site().tunnels[tunnel].plan.delegation
                ? "relays are probed once the IPv4 gateway answers ARP"
                : "relays are probed once there is a prefix",
            false, ""};
  const bool alive = end.live_relay().has_value();
  const bool is_pair = daemon.site().tunnels[tunnel].plan.kind == TunnelKind::six_in_four;
  return {component, alive ? "alive" : "none", end.health().sentence(now), alive,
          is_pair
              ? "let protocol 41 pass at the router in front, and see that the other end has our address"
              : "let protocol 41 pass at the router in front, or name another relay (tunnels.NAME.relays)"};
}

// A broker that was not told has the last address, with which the tunnel may work still.
ComponentState broker_state(const std::string& tunnel, const broker::Updater& updater, TimePoint now) {
  const std::string remedy =
      fmt::format("mend tunnels.{}.broker or its credentials file, and reload", tunnel);
  return {"broker." + tunnel,
          broker::name_of(updater.state()),
          updater.sentence(now),
          updater.state() != broker::State::refused,
          remedy,
          updater.state() == broker::State::failed};
}

ComponentState lan_state(const Lan& lan, TimePoint now) {
  const std::string component = "lan." + lan.place().name;
  if (!lan.duplicates().empty()) {
    const auto& [address, other] = *lan.duplicates().begin();
    return {component, "duplicate",
            fmt::format("{}: {} is not used: {} has it already", lan.place().name, address.to_string(),
                        other.to_string()),
            false, "give the other machine another address, or this port another MAC"};
  }
  if (lan.advertiser() == nullptr) return native_state(component, lan.tentative());
  const ra::State state = lan.advertiser()->state();
  // Hosts get nothing from here while another router is left to it; listening passes in a second or two.
  const std::string remedy =
      "another router serves this LAN; set advertise.when_others: send to be one beside it";
  return {component, ra::name_of(state), lan.advertiser()->sentence(lan.place().name, now),
          state == ra::State::advertising, state == ra::State::held ? remedy : ""};
}

ComponentState native_gateway_state(const Daemon& daemon) {
  const std::string gateway = daemon.config().relay->native_gateway.to_string();
  if (daemon.lans().front()->router_answers())
    return {"native", "resolved", "the native gateway " + gateway + " answers neighbour solicitations", true,
            ""};
  return {"native", "unresolved",
          "the native gateway " + gateway + " does not answer neighbour solicitations", false,
          "check the address, and that the port is bridged to the right network"};
}

// A link that is down takes what is sent in silence.
ComponentState links_state(const Daemon& daemon) {
  for (const DeviceInfo& device : daemon.devices())
    if (!device.link_up)
      return {"links", "down", "the link of " + device.device + " is down", false, "check the cable"};
  return {"links", "up", "all links are up", true, ""};
}

ComponentState filter_state(const Daemon& daemon) {
  const bool active = daemon.site().filter_active;
  const char* state = active ? "active" : "inactive";
  if (!daemon.is_gateway()) return {"filter", state, "off: a relay keeps no state", active, ""};
  const config::Filter& filter = daemon.config().filter;
  const std::vector<std::string> timers = short_timers(filter.timeouts);
  const std::string warnings = timers.empty() ? "" : fmt::format("; {}", fmt::join(timers, "; "));
  return {"filter",
          state,
          filter_sentence(filter) + warnings,
          active,
          timers.empty() ? "" : "raise them, or leave them out of the file",
          !timers.empty()};
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
  return {"state",
          ok ? "kept" : "in memory",
          ok ? "lease and prefixes are kept on disk" : "lease and prefixes are forgotten at a restart",
          true,
          "make the folder of `state` writable",
          !ok};
}

bool nobody_answers(const Daemon& daemon) {
  return !daemon.tunnels().empty() && std::ranges::all_of(daemon.tunnels(), [](const auto& end) {
    return all_are_dead(end->health().relays());
  });
}

LanSigns signs_of(const Lan& lan, const CounterTotals& counters, Duration uptime) {
  LanSigns signs;
  if (lan.advertiser() != nullptr && lan.advertiser()->state() == ra::State::advertising)
    signs.advertising = uptime;
  signs.questions = lan.discovery().questions();
  signs.rewritten = lan.discovery().lladdr_mismatches();
  signs.has_sent_data = counters.flows_created > 0;  // probes of relays are none
  if (signs.has_sent_data) return signs;             // and who they are says nothing then
  std::set<MacAddress> macs;
  for (const nd::NeighbourInfo& neighbour : lan.discovery().neighbours()) {
    if (neighbour.state == nd::NeighbourState::incomplete) continue;
    macs.insert(neighbour.mac);
    if (neighbour.address.is_link_local()) ++signs.hosts;
  }
  signs.macs = macs.size();
  return signs;
}

// Those alone that there is something to say of: it may be wrong, and where all is well nobody needs it.
std::vector<ComponentState> hypervisor_states(Daemon& daemon, TimePoint now) {
  std::vector<ComponentState> states;
  const auto add = [&](const std::string& component, const std::optional<HypervisorHint>& hint) {
    if (hint) states.push_back({component, hint->state, hint->sentence, true, hint->remedy, true});
  };
  const dhcp::Client* client = daemon.wan().dhcp();
  if (client != nullptr && client->lease() && (!client->lease()->router || nobody_answers(daemon)))
    add("hypervisor.wan", wan_hint(*client->lease()));
  const CounterTotals counters = daemon.dataplane().counters();
  for (const auto& lan : daemon.lans())
    add("hypervisor." + lan->place().name, lan_hint(signs_of(*lan, counters, now - daemon.started())));
  add("interrupts", interrupt_hint(counters.gave_up_waiting));
  add("queues", queue_hint(daemon.dataplane().workers(), daemon.dataplane().worker_cores()));
  return states;
}

std::string by_path(std::optional<std::size_t> narrow_paths) {
  if (!narrow_paths) return "";
  return fmt::format(", or what a path carries ({} {} known to carry less)", *narrow_paths,
                     *narrow_paths == 1 ? "is" : "are");
}

}  // namespace

ComponentState native_state(const std::string& component, const std::vector<Ipv6Address>& tentative) {
  if (tentative.empty()) return {component, "ready", "own addresses are in use", true, ""};
  return {component, "probing",
          fmt::format("waiting for duplicate address detection of {}", tentative.back().to_string()), false,
          ""};
}

ComponentState tunnel_state(const std::string& component, uint16_t mtu, uint16_t wan_mtu,
                            std::optional<std::size_t> narrow_paths) {
  const unsigned needed = mtu + static_cast<unsigned>(sizeof(Ipv4Header));
  if (needed <= wan_mtu)
    return {component, "ready",
            fmt::format("IPv6 packets of up to {} bytes{}; the WAN carries {}", mtu, by_path(narrow_paths),
                        wan_mtu),
            true, ""};
  return {component,
          "narrow",
          fmt::format("the WAN carries {} bytes, {} are needed for IPv6 packets of {}: larger ones "
                      "go in IPv4 fragments",
                      wan_mtu, needed, mtu),
          true,
          "raise the WAN's MTU (DHCP option 26, or the port's)",
          true};
}

// A log that stays here harms no packet.
ComponentState syslog_state(Ipv4Address server, const syslog::Outbox& outbox, const std::string& trouble) {
  std::string counts =
      trouble.empty() ? fmt::format("{} sent", outbox.sent()) : fmt::format("{} waiting", outbox.waiting());
  if (outbox.lost() > 0) counts += fmt::format(", {} lost", outbox.lost());
  std::string sentence = trouble.empty() ? fmt::format("the log goes to {} ({})", server.to_string(), counts)
                                         : fmt::format("the log does not get to {} ({}): {}",
                                                       server.to_string(), counts, trouble);
  return {"syslog",
          trouble.empty() ? "sending" : "waiting",
          std::move(sentence),
          true,
          "check that the WAN reaches the server (log.syslog)",
          outbox.lost() > 0};
}

std::vector<ComponentState> component_states(Daemon& daemon, TimePoint now) {
  std::vector<ComponentState> states;
  if (!daemon.ports_told().empty()) states.push_back({"ports", "found", daemon.ports_told()});
  states.insert(states.end(), {dhcp_state(daemon, now), conflict_state(daemon, now), gateway_state(daemon),
                               address_state(daemon, now)});
  if (daemon.clock() != nullptr) states.push_back(clock_state(daemon.clock()->client(), now));
  for (std::size_t i = 0; i < daemon.tunnels().size(); ++i) {
    if (daemon.is_gateway()) {
      states.push_back(prefix_state(daemon, i));
      states.push_back(relay_state(daemon, i, now));
    }
    states.push_back(tunnel_state(component_of(daemon, "tunnel", i), daemon.tunnel_mtu(i),
                                  daemon.site().wan_mtu, daemon.narrow_paths(i)));
  }
  for (const auto& [tunnel, told] : daemon.brokers().all())
    states.push_back(broker_state(tunnel, told.updater, now));
  for (const auto& lan : daemon.lans()) states.push_back(lan_state(*lan, now));
  if (!daemon.is_gateway()) {
    states.push_back(links_state(daemon));
    states.push_back(native_gateway_state(daemon));
  }
  std::ranges::move(hypervisor_states(daemon, now), std::back_inserter(states));
  states.push_back(filter_state(daemon));
  states.push_back(workers_state(daemon, now));
  states.push_back(store_state(daemon));
  const SyslogSender& log = daemon.syslog();
  if (log.server()) states.push_back(syslog_state(*log.server(), log.outbox(), log.trouble()));
  return states;
}

std::string summary(Daemon& daemon, TimePoint now) {
  const std::vector<ComponentState> states = component_states(daemon, now);
  const auto wrong = std::ranges::find(states, false, &ComponentState::ok);
  if (wrong != states.end()) return wrong->sentence;
  if (!daemon.is_gateway())
    return fmt::format("{} relay at {}", name_of(daemon.site().tunnels.front().plan.kind),
                       daemon.site().tunnels.front().plan.local.to_string());
  std::string text;
  for (std::size_t i = 0; i < daemon.tunnels().size(); ++i)
    text += fmt::format("{}{}; relay {} is alive", text.empty() ? "" : "; ",
                        daemon.site().tunnels[i].plan.delegation->prefix.to_string(),
                        daemon.tunnels()[i]->live_relay()->to_string());
  return text;
}

}  // namespace gate41
