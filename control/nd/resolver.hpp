// Address resolution and neighbour unreachability detection (RFC 4861 §7.2, §7.3): what becomes of a
// neighbour when packets want it, frames tell of it, or time passes.
//
//   (none) -packet-> incomplete -answer-> reachable -30 s +-50 %-> stale -used-> delay -5 s-> probe -answer->
//   reachable (none) -solicits us, advertises (H34)-> stale        incomplete, probe -3 tries-> (none)
#pragma once

#include <vector>

#include "control/nd/context.hpp"
#include "control/nd/lladdr.hpp"
#include "control/nd/own_addresses.hpp"
#include "control/nd/table.hpp"

namespace gate41::nd {

// A neighbour advertisement as received.
struct Advertised {
  Ipv6Address target;
  std::optional<Sighting> sighting{};  // without the option: none
  bool router = false;
  bool solicited = false;
  bool override_cached = false;
};

class Resolver {
 public:
  Resolver(Context& context, const OwnAddresses& own);

  void on_packet(const Ipv6Address& destination, PacketHandle packet, TimePoint now);
  void on_used(const std::vector<Ipv6Address>& destinations, TimePoint now);
  void watch(const Ipv6Address& destination, TimePoint now);
  // A solicitation with a source link-layer address option. `router_solicitation`: by a host, so (H15).
  void on_sighting(const Ipv6Address& source, const Sighting& sighting, bool router_solicitation,
                   TimePoint now);
  void on_advertised(const Advertised& advertised, TimePoint now);
  void on_timer(TimePoint now);
  void flush();

  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return table_.next_deadline(); }
  [[nodiscard]] std::optional<MacAddress> mac_of(const Ipv6Address& address);  // of a usable one
  [[nodiscard]] std::vector<NeighbourInfo> list() const;

 private:
  void resolve(const Ipv6Address& destination, PacketHandle packet, TimePoint now);
  [[nodiscard]] Neighbour* start_resolving(const Ipv6Address& destination, TimePoint now);
  void wait(Neighbour& neighbour, PacketHandle packet);
  void answer_incomplete(Neighbour& neighbour, const Advertised& advertised, TimePoint now);
  void answer_known(Neighbour& neighbour, const Advertised& advertised, TimePoint now);
  void learn_unknown(const Ipv6Address& address, const Sighting& sighting, bool is_router, TimePoint now);

  [[nodiscard]] Lladdr judge(const Ipv6Address& address, const Sighting& sighting, TimePoint now);
  [[nodiscard]] bool may_use_ether_source(const Ipv6Address& address, const Sighting& sighting) const;
  [[nodiscard]] bool make_room(TimePoint idle_since);

  void learn(Neighbour& neighbour, const Lladdr& lladdr, bool confirmed, TimePoint now);
  void refresh(Neighbour& neighbour, const Lladdr& lladdr, TimePoint now);
  void confirm(Neighbour& neighbour, TimePoint now);
  void become_reachable(Neighbour& neighbour, TimePoint now);
  void start_probing(Neighbour& neighbour, TimePoint now);
  void expire(Neighbour& neighbour, TimePoint now);
  void solicit(Neighbour& neighbour, TimePoint now);
  void drop(Neighbour& neighbour, bool unreachable);

  Context& context_;
  const OwnAddresses& own_;
  Table table_;
  Rate new_resolutions_;  // by packets
  Rate new_choices_;      // between two MACs, by frames
};

}  // namespace gate41::nd
