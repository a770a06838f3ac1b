#include "control/daemon/early_view.hpp"

#include <unistd.h>

#include <rte_version.h>

#include "control/daemon/build_info.hpp"
#include "control/daemon/operator_view.hpp"

namespace gate41 {

using op::Json;

Json EarlyView::status() {
  const TimePoint now = gate41::now();
  return {{"version", kVersion},
          {"instance", config_.instance},
          {"role", "gateway"},
          {"uptime", -seconds_until(started_, now).get<int64_t>()},
          {"healthy", false},
          {"states", Json::array({state_json(roles_.state(now))})},
          {"wan",
           {{"port", config_.wan.port},
            {"address", Json()},
            {"gateway", Json()},
            {"external", Json()},
            {"behind_nat", false},
            {"dns", Json::array()}}},
          {"tunnels", Json::array()},
          {"withdrawn", Json::array()},
          {"lans", Json::array()},
          {"rates", Json::array()},
          {"flows", {{"current", 0}, {"max", 0}, {"bytes", 0}}},
          {"drops", 0},
          {"lab_allow", Json::array()},
          {"events", events_json(events_, now)}};
}

Json EarlyView::health() {
  return {{"healthy", false}, {"reasons", Json::array({roles_.state(gate41::now()).sentence})}};
}

Json EarlyView::doctor() {
  const ComponentState state = roles_.state(gate41::now());
  Json checks = Json::array();
  checks.push_back(
      {{"check", state.component}, {"ok", state.ok}, {"sentence", state.sentence}, {"remedy", state.remedy}});
  return checks;
}

Json EarlyView::dhcp() {
  const ComponentState state = roles_.state(gate41::now());
  return {{"state", state.state}, {"sentence", state.sentence}, {"lease", Json()}};
}

// Without the names that they will get.
Json EarlyView::ports() {
  Json rows = Json::array();
  for (const DeviceInfo& device : dataplane_.devices())
    rows.push_back({{"name", "?"},
                    {"device", device.device},
                    {"driver", device.driver},
                    {"mac", device.mac.to_string()},
                    {"mtu", device.mtu},
                    {"link", device.link_up ? "up" : "down"},
                    {"vlan", 0},
                    {"rx_path", device.rx_path},
                    {"idle", to_string(device.idle)},
                    {"rx_packets", 0},
                    {"tx_packets", 0},
                    {"rx_bytes", 0},
                    {"tx_bytes", 0},
                    {"rx_missed", device.rx_missed},
                    {"rx_errors", device.rx_errors},
                    {"tx_errors", device.tx_errors}});
  return rows;
}

Json EarlyView::routes(const std::optional<Ipv6Address>&, std::size_t) {
  return {{"routes", Json::array()}, {"native", Json()}, {"offered", Json()}};
}

Json EarlyView::version() {
  return {{"version", kVersion}, {"dpdk", rte_version()}, {"compiler", kCompiler}, {"build", kBuildType}};
}

Result<std::vector<std::string>> EarlyView::reload() {
  return fail("the ports are not told apart yet; restart gate41d to have it read the file again");
}

Result<void> EarlyView::start_capture(int fd, bool /*drops_only*/, uint64_t /*max_packets*/) {
  ::close(fd);
  return refusal();
}

tl::unexpected<Error> EarlyView::refusal() const {
  return fail("not yet: " + roles_.state(gate41::now()).sentence);
}

}  // namespace gate41
