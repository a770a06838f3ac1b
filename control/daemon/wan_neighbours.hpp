// WanNeighbours: the MACs of IPv4 next hops on the WAN's subnet. The kernel resolves them and keeps them
// fresh (managed neighbours on g41wan, for it does not see that the packet path uses them); packets wait here
// meanwhile. Control thread only.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "control/daemon/platform.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

class WanNeighbours {
 public:
  static constexpr std::size_t kMaxNeighbours = 1024;             // beside those that are wanted for good
  static constexpr std::size_t kMaxUnanswered = 256;              // of them (H33)
  static constexpr std::size_t kMaxWaiting = 3;                   // packets a neighbour (Q13)
  static constexpr Duration kPatience = std::chrono::seconds(3);  // then the packet's neighbour has failed
  static constexpr Duration kUnusedFor =
      std::chrono::minutes(10);  // then a neighbour is forgotten; one that does not answer, after kPatience

  // A MAC became known, changed, or is no longer valid.
  using OnChange = std::function<void(Ipv4Address, std::optional<MacAddress>)>;
  WanNeighbours(Platform& platform, std::string interface, OnChange on_change);
  ~WanNeighbours();
  WanNeighbours(const WanNeighbours&) = delete;
  WanNeighbours& operator=(const WanNeighbours&) = delete;

  // These are wanted for good: the gateway, relays on the subnet. Others stay while they answer and are used;
  // where there is no room, the one unused longest goes.
  void keep(const std::vector<Ipv4Address>& hops, TimePoint now);
  // The kernel forgets that it is to keep them resolved, with the interface's last address.
  void manage_again();
  void on_unresolved(Ipv4Address hop, rte_mbuf* packet, TimePoint now);
  void on_used(Ipv4Address hop, TimePoint now);
  void on_kernel(Ipv4Address hop, std::optional<MacAddress> mac);
  // The address is gone: all are forgotten, packets that wait are freed.
  void clear();
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  [[nodiscard]] std::optional<MacAddress> mac_of(Ipv4Address hop) const;
  struct Info {
    Ipv4Address address;
    std::optional<MacAddress> mac;
  };
  [[nodiscard]] std::vector<Info> list() const;

 private:
  struct Neighbour {
    std::optional<MacAddress> mac;
    bool kept = false;
    TimePoint last_used;
    TimePoint waiting_since;
    std::vector<rte_mbuf*> waiting;
  };
  Neighbour& find_or_add(Ipv4Address hop, TimePoint now);
  void make_room();
  [[nodiscard]] TimePoint forgotten_at(const Neighbour& neighbour) const;
  void forget(std::map<Ipv4Address, Neighbour>::iterator which);
  void give_up(Neighbour& neighbour);

  Platform& platform_;
  std::string interface_;
  OnChange on_change_;
  std::map<Ipv4Address, Neighbour> neighbours_;
};

}  // namespace gate41
