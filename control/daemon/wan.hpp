// Wan: the IPv4 side: address by DHCP or configuration, conflict detection, the kernel's interface g41wan,
// and the next hops on its subnet. Connects the engines; tells the daemon when the address in use changes.
// Control thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "control/acd/detector.hpp"
#include "control/daemon/platform.hpp"
#include "control/daemon/wan_neighbours.hpp"
#include "control/dhcp/client.hpp"
#include "control/loop/tap.hpp"

namespace gate41 {

class Wan {
 public:
  static constexpr const char* kInterface = "g41wan";  // the kernel's

  // The address in use.
  struct Address {
    Ipv4Address address;
    uint8_t prefix_length = 24;
    std::optional<Ipv4Address> gateway;
    std::vector<dhcp::Route> routes;
    std::vector<Ipv4Address> dns;
    std::vector<Ipv4Address> time_servers;
    std::optional<uint16_t> mtu;
    std::optional<dhcp::SixRd> six_rd;  // what option 212 of the last ACK said (M25)
    TimePoint valid_until = TimePoint::max();
    bool operator==(const Address&) const = default;
    [[nodiscard]] Ipv4Prefix subnet() const { return Ipv4Prefix::of(address, prefix_length); }
  };

  Wan(Platform& platform, const config::Config& config, uint16_t link_index, const Link& link,
      WanNeighbours::OnChange on_neighbour);
  ~Wan();
  Wan(const Wan&) = delete;
  Wan& operator=(const Wan&) = delete;

  Result<void> open();
  void start(TimePoint now);
  void stop(bool release, TimePoint now);
  void on_link_up(TimePoint now);  // the lease is confirmed (M21)

  // From the dataplane, whole frames.
  void on_arp(Bytes frame, TimePoint now);
  void on_dhcp(Bytes frame, TimePoint now);
  void to_kernel(Bytes frame);

  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  // The address came, went, or has new values since the last call.
  [[nodiscard]] bool take_changed() { return std::exchange(changed_, false); }
  [[nodiscard]] const std::optional<Address>& address() const { return address_; }
  [[nodiscard]] WanNeighbours& neighbours() { return neighbours_; }
  [[nodiscard]] const WanNeighbours& neighbours() const { return neighbours_; }
  [[nodiscard]] bool gateway_answers() const {  // ARP
    return address_ && address_->gateway && neighbours_.mac_of(*address_->gateway);
  }
  // Null with a static address.
  [[nodiscard]] const dhcp::Client* dhcp() const { return dhcp_.get(); }
  [[nodiscard]] const acd::Detector& conflict_detection() const { return acd_; }

 private:
  void start_dhcp(TimePoint now);
  void pump(TimePoint now);
  void pump_dhcp(TimePoint now);
  void pump_acd(TimePoint now);
  void send(const dhcp::SendMessage& message);
  // The address that a lease or the configuration gives: probed first, or used at once (X14).
  void offer(Address address, TimePoint now);
  void use(TimePoint now);
  void drop(const std::string& reason, TimePoint now);
  void on_conflict(const MacAddress& other, TimePoint now);
  void refresh(const dhcp::Lease& lease, TimePoint now);
  void apply_to_kernel();
  void apply_routes();
  void save_lease(const dhcp::Lease& lease, TimePoint now);
  void on_tap_readable();
  void on_neighbours_readable();

  Platform& platform_;
  const config::Config& config_;
  uint16_t link_index_;
  Link link_;
  std::optional<loop::Tap> tap_;
  std::unique_ptr<dhcp::Client> dhcp_;
  acd::Detector acd_;
  WanNeighbours neighbours_;
  std::optional<Address> offered_;  // being probed, or in use
  std::optional<Address> address_;  // in use
  std::optional<TimePoint> retry_static_at_;
  bool changed_ = false;
};

}  // namespace gate41
