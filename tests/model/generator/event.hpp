// One thing that happens: a packet, or a change of policy.
#pragma once

#include <vector>

#include "tests/model/reference/packet.hpp"
#include "tests/model/reference/rules.hpp"

namespace gate41::model {

struct Event {
  Time at{};
  Direction direction = Direction::outbound;
  bool together = false;  // in one burst with the one before: same time, same direction
  Packet packet;
  std::optional<Policy> policy{};  // then there is no packet
};

using Sequence = std::vector<Event>;

}  // namespace gate41::model
