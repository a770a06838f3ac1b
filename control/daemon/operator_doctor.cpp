// `doctor`: every check with what to do about it.
#include "control/daemon/component_states.hpp"
#include "control/daemon/operator_view.hpp"

namespace gate41 {
namespace {

using op::Json;

Json check(const std::string& name, bool ok, const std::string& sentence, const std::string& remedy) {
  return {{"check", name}, {"ok", ok}, {"sentence", sentence}, {"remedy", ok ? "" : remedy}};
}

void check_links(const Daemon& daemon, Json& checks) {
  for (const DeviceInfo& device : daemon.devices()) {
    checks.push_back(check("link " + device.device, device.link_up,
                           device.link_up ? "the link is up" : "the link is down",
                           "plug the cable in, or connect the virtual NIC"));
    checks.push_back(check("losses " + device.device, device.rx_missed == 0,
                           fmt::format("{} packets were lost before gate41 saw them", device.rx_missed),
                           "give the device a longer receive queue, or workers.rx_mode: polling"));
  }
}

// W2, W10, S54: a bridge that rewrites MAC addresses.
void check_rewriting(const Daemon& daemon, Json& checks) {
  for (const auto& lan : daemon.lans()) {
    const uint64_t mismatches = lan->discovery().lladdr_mismatches();
    checks.push_back(
        check("bridge " + lan->place().name, mismatches == 0,
              fmt::format("{} neighbours' messages came from another MAC than they name", mismatches),
              "a bridge rewrites MAC addresses (a wireless host adapter does): use a wired adapter"));
  }
}

void check_counters(Daemon& daemon, Json& checks) {
  const CounterTotals totals = daemon.dataplane().counters();
  const uint64_t full = totals.drops[static_cast<std::size_t>(DropReason::flow_table_full)];
  checks.push_back(check("flow table", full == 0, fmt::format("{} new flows found the flow table full", full),
                         "raise filter.max_flows"));
  const uint64_t late = totals.drops[static_cast<std::size_t>(DropReason::exception_ring_full)];
  checks.push_back(check("control thread", late == 0,
                         fmt::format("{} packets found the control thread busy", late),
                         "give it a core of its own"));
}

}  // namespace

Json OperatorView::doctor() {
  Json checks = Json::array();
  for (const ComponentState& state : component_states(daemon_, gate41::now()))
    checks.push_back(check(state.component, state.ok, state.sentence, state.remedy));
  check_links(daemon_, checks);
  check_rewriting(daemon_, checks);
  check_counters(daemon_, checks);
  return checks;
}

}  // namespace gate41
