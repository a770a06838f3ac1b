#include "control/daemon/port_roles.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <sstream>

#include "config/found_ports.hpp"
#include "control/daemon/client_id.hpp"
#include "control/daemon/platform.hpp"
#include "control/daemon/settings.hpp"
#include "control/daemon/udp_frame.hpp"
#include "dataplane/port/device_name.hpp"

namespace gate41 {
namespace {

using Answers = dhcp::WanSearch::Verdict;

// Nothing wakes control when a frame comes, as long as no worker runs.
constexpr Duration kPoll = std::chrono::milliseconds(20);
constexpr Duration kLinks = std::chrono::milliseconds(250);

const char* name_of(Answers verdict) {
  switch (verdict) {
    case Answers::silence:
      return "asking";
    case Answers::one_answers:
      return "waiting";
    case Answers::both_answer:
      return "unclear";
    case Answers::found:
      return "found";
  }
  return "?";
}

}  // namespace

PortRoles::PortRoles(const config::Config& config, Dataplane& dataplane, loop::StateStore& store,
                     Events& events)
    : config_(config),
      dataplane_(dataplane),
      store_(store),
      events_(events),
      devices_(found_devices()),
      early_lan_([this](std::size_t lan) { return make_engines(lan); }) {}

// As they were found, which is where the configuration has put them for now.
std::vector<DeviceInfo> PortRoles::found_devices() const {
  std::vector<DeviceInfo> devices = dataplane_.devices();
  if (devices.front().device != config_.ports.at(config::kFoundWan).device) std::ranges::reverse(devices);
  return devices;
}

Result<void> PortRoles::start(TimePoint now) {
  if (devices_.size() == 1) {
    settle(0, title(0) + " is the only port: WAN and LAN are both on it", now);
    return {};
  }
  if (const auto wan = remembered()) {
    settle(*wan,
           fmt::format("{} is the WAN and {} the LAN, as at an earlier start", title(*wan), title(1 - *wan)),
           now);
    return {};
  }
  if (config_.wan.static_ipv4)
    return fail(fmt::format(
        "ports: auto finds {} and {}, and with a configured address (wan.ipv4) DHCP can't tell which is "
        "the WAN; name them under ports",
        title(0), title(1)));
  const std::vector<uint8_t> id = client_id(config_.wan.dhcp_client_id, store_);
  search_.emplace(std::array{dhcp_settings(config_.wan, devices_[0].mac, id),
                             dhcp_settings(config_.wan, devices_[1].mac, id)},
                  random_seed());
  search_->start(now);
  notifier_.ready();  // nothing is forwarded, and there may be no end to this
  search(now);
  return {};
}

void PortRoles::on_turn(TimePoint now) {
  dataplane_.receive_early([this, now](uint16_t port, std::span<const uint8_t> frame) {
    const std::size_t link = port == devices_[0].port_id ? 0 : 1;
    if (const auto payload = udp_payload(frame)) search_->on_packet(link, *payload, now);
    early_lan_.on_frame(link, frame, now);
  });
  follow_links(now);
  search_->on_timer(now);
  early_lan_.on_timer(now);
  search(now);
}

void PortRoles::search(TimePoint now) {
  for (const dhcp::WanSearch::Question& question : search_->take_questions()) {
    const DeviceInfo& device = devices_[question.link];
    dataplane_.send_early(device.port_id, broadcast_udp_frame(question.payload, Ipv4Address{}, device.mac));
  }
  tell(now);
  presume(search_->likely_wan(), now);
  if (!search_->wan()) return;
  settle(*search_->wan(), search_->sentence({title(0), title(1)}, now), now);
  remember();
}

// On a link that is down nobody would be heard.
void PortRoles::presume(std::optional<std::size_t> wan, TimePoint now) {
  std::optional<std::size_t> lan;
  if (wan) lan = devices_.size() == 1 ? *wan : 1 - *wan;
  if (lan && !devices_[*lan].link_up) lan.reset();
  early_lan_.presume(lan, now);
  for (const auto& frame : early_lan_.take_frames(now)) dataplane_.send_early(devices_[*lan].port_id, frame);
}

// None where the configuration has no LAN on that port.
std::optional<LanEngines> PortRoles::make_engines(std::size_t lan) const {
  const char* port = devices_.size() == 1 ? config::kFoundWan : config::kFoundLan;
  const auto wanted = std::ranges::find(config_.lans, port, &config::Lan::port);
  if (wanted == config_.lans.end()) return std::nullopt;
  const DeviceInfo& wan = devices_[devices_.size() == 1 ? lan : 1 - lan];
  return LanEngines({devices_[lan].mac, devices_[lan].mtu}, &*wanted, lan_mtu(config_, &*wanted, wan.mtu),
                    random_seed());
}

void PortRoles::follow_links(TimePoint now) {
  if (now < looks_at_links_) return;
  looks_at_links_ = now + kLinks;
  notifier_.watchdog(now);
  notifier_.status(state(now).sentence);
  dataplane_.housekeeping(now);
  bool up = false;
  const std::vector<DeviceInfo> before = std::exchange(devices_, found_devices());
  for (std::size_t i = 0; i < devices_.size(); ++i) up |= devices_[i].link_up && !before[i].link_up;
  if (up) search_->on_link_up(now);
}

void PortRoles::tell(TimePoint now) {
  const Answers verdict = search_->verdict();
  if (std::exchange(told_, verdict) == verdict || verdict == Answers::found) return;
  const std::string text = "ports: " + search_->sentence({title(0), title(1)}, now);
  if (verdict == Answers::both_answer)
    events_.warn(now, fmt::format("{}; {}", text, state(now).remedy));
  else
    events_.add(now, text);
}

void PortRoles::settle(std::size_t wan, std::string why, TimePoint now) {
  wan_ = wan;
  why_ = std::move(why);
  presume(wan, now);
  events_.add(now, "ports: " + why_);
}

TimePoint PortRoles::next_deadline(TimePoint now) const { return now + kPoll; }

std::map<std::string, config::Port> PortRoles::ports() const {
  return config::found_ports(devices_[*wan_].device, devices_.size() == 1 ? "" : devices_[1 - *wan_].device);
}

ComponentState PortRoles::state(TimePoint now) const {
  if (wan_) return {"ports", "found", why_};
  return {
      "ports", name_of(search_->verdict()), search_->sentence({title(0), title(1)}, now), false,
      fmt::format(
          "nothing is forwarded or advertised until it is clear: say it (ports: {{ wan: {{ device: \"{}\" "
          "}}, "
          "lan: {{ device: \"{}\" }} }}, or the other way round), or see to a DHCP server on the WAN alone",
          devices_[0].device, devices_[1].device)};
}

// By MAC: addresses of devices change with a slot.
std::optional<std::size_t> PortRoles::remembered() const {
  std::istringstream words(store_.load(kStored).value_or(""));
  std::string wan;
  std::string lan;
  words >> wan >> lan;
  for (std::size_t i = 0; i < devices_.size(); ++i)
    if (devices_[i].mac.to_string() == wan && devices_[1 - i].mac.to_string() == lan) return i;
  return std::nullopt;
}

void PortRoles::remember() const {
  store_.save(kStored,
              fmt::format("{} {}\n", devices_[*wan_].mac.to_string(), devices_[1 - *wan_].mac.to_string()));
}

// As a person may find it: by its place, or by what is printed on it.
std::string PortRoles::title(std::size_t device) const {
  const DeviceInfo& info = devices_[device];
  const std::string_view interface = device_argument(info.device, "iface");
  return fmt::format("{} ({})", interface.empty() ? dpdk_name(info.device) : std::string(interface),
                     info.mac.to_string());
}

}  // namespace gate41
