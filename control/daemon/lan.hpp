// Lan: one LAN of a gateway, or the native side of a relay: its neighbour discovery, its router
// advertisements (gateway only), the kernel's interface on it, and its neighbours in the dataplane. Connects
// the engines; decides nothing that they decide. Control thread only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "control/daemon/lan_engines.hpp"
#include "control/daemon/next_hops.hpp"
#include "control/daemon/platform.hpp"
#include "control/daemon/snapshot_builder.hpp"
#include "control/loop/tap.hpp"

namespace gate41 {

class Lan {
 public:
  struct Place {
    std::string name;
    uint16_t index = 0;  // in the snapshot's lans: the neighbours' scope
    uint16_t link_index = 0;
    Link link;
  };
  // `engines`: of this link, which may have begun already.
  Lan(Platform& platform, NextHops& next_hops, Place place, LanEngines engines);
  ~Lan();
  Lan(const Lan&) = delete;
  Lan& operator=(const Lan&) = delete;

  // The kernel's interface. Its errors name it.
  Result<void> open();
  // Link-local address, listening for other routers.
  void start(TimePoint now);
  // Final router advertisements; stopped() once they are sent.
  void stop(const config::OnStop& how, TimePoint now);
  [[nodiscard]] bool stopped() const;

  // The gateway's part of the prefix transaction. `valid_until`: the lease's end, where the prefix hangs on
  // it.
  struct Prefix {
    Ipv6Prefix prefix;  // a /64
    TimePoint valid_until = TimePoint::max();
    bool operator==(const Prefix&) const = default;
  };
  struct Content {
    std::vector<Prefix> prefixes;    // this LAN's
    std::vector<Ipv6Prefix> routes;  // for route information
    bool default_router = false;
    bool operator==(const Content&) const = default;
  };
  // First the addresses, so that the snapshot knows them; then, once it is published, what hosts are told
  // (S45).
  void renumber(const Content& content, TimePoint now);
  void advertise(const Content& content, TimePoint now);
  // The relay's native gateway: resolved and confirmed all the time, whether there is traffic or not.
  void watch_router(const Ipv6Address& router, TimePoint now);
  [[nodiscard]] bool router_answers() const { return router_answers_; }
  void add_stale(const Ipv6Prefix& prefix, TimePoint until, TimePoint now);
  // The relay's native side: an address by configuration.
  void set_static(const Ipv6Address& address, uint8_t length, TimePoint now);
  void update(const config::Lan& advertise, uint16_t tunnel_mtu, TimePoint now);  // reload

  // From the dataplane.
  void on_frame(Bytes frame, TimePoint now);  // ND, MLD, RS, RA
  void on_unresolved(const Ipv6Address& next_hop, rte_mbuf* packet, TimePoint now);
  void on_host_packet(Bytes ipv6);  // for an own address, to the kernel
  void on_used(const std::vector<Ipv6Address>& neighbours, TimePoint now);

  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return engines_.next_deadline(); }

  // Own addresses or the watched router have become usable or unusable since the last call: the snapshot is
  // out of date.
  [[nodiscard]] bool take_changed() { return std::exchange(changed_, false); }
  [[nodiscard]] LanState state() const;
  // Own addresses that are not used, as somebody else has them (H27).
  [[nodiscard]] const std::map<Ipv6Address, MacAddress>& duplicates() const { return duplicates_; }
  // Own addresses that duplicate address detection has not cleared yet.
  [[nodiscard]] std::vector<Ipv6Address> tentative() const;
  // The kernel's interface.
  [[nodiscard]] std::string interface() const { return "g41" + place_.name; }
  [[nodiscard]] const Place& place() const { return place_; }
  [[nodiscard]] const nd::Engine& discovery() const { return nd_; }
  [[nodiscard]] const ra::Advertiser* advertiser() const { return ra_; }

 private:
  void pump(TimePoint now);
  void handle(const nd::Output& output, TimePoint now);
  void on_router(const Ipv6Address& neighbour, bool answers);
  void on_address_ready(const Ipv6Address& address);
  void on_duplicate(const nd::AddressDuplicate& duplicate);
  void add_own(const Ipv6Address& address, bool anycast, TimePoint now);
  void remove_own(const Ipv6Address& address, TimePoint now);
  void on_tap_readable();
  void inject_from_kernel(Bytes frame);
  [[nodiscard]] uint8_t length_at(const Ipv6Address& address) const;
  [[nodiscard]] NeighbourKey key(const Ipv6Address& address) const;

  Platform& platform_;
  NextHops& next_hops_;
  Place place_;
  LanEngines engines_;
  nd::Engine& nd_;
  ra::Advertiser* ra_;  // null on the native side of a relay
  std::optional<loop::Tap> tap_;
  std::vector<Ipv6Prefix> prefixes_;  // sources allowed here (K5)
  std::optional<Content> advertised_;
  std::vector<Ipv6Address> own_;                  // given to ND
  std::map<Ipv6Address, MacAddress> duplicates_;  // of them: who has each already
  std::optional<Ipv6Address> router_;             // that is watched
  bool router_answers_ = false;
  bool changed_ = false;
};

}  // namespace gate41
