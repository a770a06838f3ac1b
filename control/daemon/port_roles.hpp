// PortRoles: which of the devices that `ports: auto` has found is the WAN's, settled before packets are
// forwarded. One device is for both. Of two it is the one that was the WAN's before, else the one where DHCP
// is answered; where both have an answer, or a configured address leaves nothing to ask for, somebody has to
// say it. Control thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "control/daemon/component_states.hpp"
#include "control/daemon/early_lan.hpp"
#include "control/daemon/events.hpp"
#include "control/dhcp/wan_search.hpp"
#include "control/loop/notify.hpp"
#include "control/loop/state_store.hpp"
#include "dataplane/worker/dataplane.hpp"

namespace gate41 {

class PortRoles {
 public:
  // All outlive it. No worker may run yet.
  PortRoles(const config::Config& config, Dataplane& dataplane, loop::StateStore& store, Events& events);

  // An error: only the configuration can say it.
  Result<void> start(TimePoint now);
  void on_turn(TimePoint now);
  [[nodiscard]] TimePoint next_deadline(TimePoint now) const;

  [[nodiscard]] bool settled() const { return wan_.has_value(); }
  // Once settled: the ports, and why they are so, for the operator.
  [[nodiscard]] std::map<std::string, config::Port> ports() const;
  [[nodiscard]] ComponentState state(TimePoint now) const;
  // What has begun on the LAN's port meanwhile.
  [[nodiscard]] std::optional<LanEngines> take_lan() { return early_lan_.take(); }

 private:
  static constexpr const char* kStored = "ports";  // name in the state folder

  [[nodiscard]] std::vector<DeviceInfo> found_devices() const;
  [[nodiscard]] std::optional<std::size_t> remembered() const;
  void remember() const;
  void settle(std::size_t wan, std::string why, TimePoint now);
  void search(TimePoint now);
  void follow_links(TimePoint now);
  void tell(TimePoint now);
  [[nodiscard]] std::optional<LanEngines> make_engines(std::size_t lan) const;
  void presume(std::optional<std::size_t> wan, TimePoint now);
  [[nodiscard]] std::string title(std::size_t device) const;

  const config::Config& config_;
  Dataplane& dataplane_;
  loop::StateStore& store_;
  Events& events_;
  loop::Notifier notifier_;
  std::vector<DeviceInfo> devices_;
  std::optional<dhcp::WanSearch> search_;
  EarlyLan early_lan_;
  dhcp::WanSearch::Verdict told_ = dhcp::WanSearch::Verdict::found;  // last
  TimePoint looks_at_links_{};
  std::optional<std::size_t> wan_;
  std::string why_;
};

}  // namespace gate41
