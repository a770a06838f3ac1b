// `doctor`: every check with what to do about it.
#include "control/daemon/component_states.hpp"
#include "control/daemon/firewall_hint.hpp"
#include "control/daemon/operator_view.hpp"

namespace gate41 {
namespace {

using op::Json;

Json check(const std::string& name, bool ok, const std::string& sentence, const std::string& remedy) {
  return {{"check", name}, {"ok", ok}, {"sentence", sentence}, {"remedy", ok ? "" : remedy}};
}

// "no packets were", "1 packet was", "2 packets were"
std::string were(uint64_t count, const std::string& thing) {
  if (count == 1) return fmt::format("1 {} was", thing);
  return fmt::format("{} {}s were", count == 0 ? "no" : std::to_string(count), thing);
}

void check_links(const Daemon& daemon, Json& checks) {
  for (const DeviceInfo& device : daemon.devices()) {
    checks.push_back(check("link " + device.device, device.link_up,
                           device.link_up ? "the link is up" : "the link is down",
                           "plug the cable in, or connect the virtual NIC"));
    checks.push_back(check("losses " + device.device, device.rx_missed == 0,
                           were(device.rx_missed, "packet") + " lost before gate41 saw them",
                           "give the device a longer receive queue, or workers.rx_mode: polling"));
  }
}

// W2, W10, S54: a bridge that rewrites MAC addresses.
void check_rewriting(const Daemon& daemon, Json& checks) {
  for (const auto& lan : daemon.lans()) {
    const uint64_t mismatches = lan->discovery().lladdr_mismatches();
    checks.push_back(
        check("bridge " + lan->place().name, mismatches == 0,
              were(mismatches, "neighbour message") + " sent from another MAC than the one inside",
              "a bridge rewrites MAC addresses (a wireless host adapter does): use a wired adapter"));
  }
}

// S27.
void check_firewalls(const Daemon& daemon, Json& checks) {
  for (std::size_t i = 0; daemon.is_gateway() && i < daemon.tunnels().size(); ++i) {
    const config::Tunnel& tunnel = daemon.config().tunnels[i];
    const auto hint = firewall_hint(tunnel, daemon.site().tunnels[i].plan,
                                    daemon.tunnels()[i]->health().relays(), daemon.behind_nat());
    if (!hint) continue;
    const std::string name = daemon.tunnels().size() == 1 ? "firewall" : "firewall." + tunnel.name;
    checks.push_back(check(name, hint->remedy.empty(), hint->sentence, hint->remedy));
  }
}

void check_counters(Daemon& daemon, Json& checks) {
  const CounterTotals totals = daemon.dataplane().counters();
  const uint64_t full = totals.drops[static_cast<std::size_t>(DropReason::flow_table_full)];
  checks.push_back(check("flow table", full == 0,
                         were(full, "flow") + " refused because the flow table was full",
                         "raise filter.max_flows"));
  const uint64_t late = totals.drops[static_cast<std::size_t>(DropReason::exception_ring_full)];
  checks.push_back(check("control thread", late == 0,
                         were(late, "packet") + " lost because the control thread was busy",
                         "give it a core of its own"));
}

}  // namespace

Json OperatorView::doctor() {
  Json checks = Json::array();
  for (const ComponentState& state : component_states(daemon_, gate41::now()))
    checks.push_back(check(state.component, state.ok && !state.warning, state.sentence, state.remedy));
  check_firewalls(daemon_, checks);
  check_links(daemon_, checks);
  check_rewriting(daemon_, checks);
  check_counters(daemon_, checks);
  return checks;
}

}  // namespace gate41
