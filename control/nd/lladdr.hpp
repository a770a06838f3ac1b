// Where to send to a neighbour whose link-layer option and Ethernet source differ (W1..W3, X20): bridges on
// wireless cards rewrite the source MAC of their guests' frames and not the option inside.
//   option     RFC 4861: what the option says.
//   ethernet   where the frame came from.
//   automatic  the option, with the Ethernet source as the alternative: both are probed, what answers is
//   kept.
#pragma once

#include <optional>
#include <vector>

#include "control/nd/engine.hpp"

namespace gate41::nd {

// One frame's two statements.
struct Sighting {
  MacAddress option;  // source or target link-layer address option
  MacAddress ether_source;
  [[nodiscard]] bool differs() const { return option != ether_source; }
};

struct Lladdr {
  MacAddress option;  // as claimed
  MacAddress mac;     // to send to
  std::optional<MacAddress> alternative{};
  bool mismatch = false;
  [[nodiscard]] bool covers(const MacAddress& m) const { return m == mac || m == alternative; }
};

// `may_use_ether_source`: false when that MAC is another confirmed neighbour's, who claims it with another
// option. Counts for `automatic` only.
[[nodiscard]] Lladdr lladdr_of(LladdrSource source, const Sighting& sighting, bool may_use_ether_source);
// Where an answer goes, in this order.
[[nodiscard]] std::vector<MacAddress> answer_macs(LladdrSource source, const Sighting& sighting);

}  // namespace gate41::nd
