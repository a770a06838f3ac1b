// Ends: who talks with whom, and under which ports.
#pragma once

#include "tests/model/reference/packet.hpp"

namespace gate41::model {

struct Ends {
  Host interior;
  Host exterior;
  uint16_t interior_port = 0;
  uint16_t exterior_port = 0;

  // What one of them sends to the other; outbound: the interior one.
  [[nodiscard]] Packet packet(Direction who, uint8_t protocol) const {
    const bool out = who == Direction::outbound;
    Packet packet;
    Headers& headers = packet.headers;
    headers.source = out ? interior : exterior;
    headers.destination = out ? exterior : interior;
    headers.protocol = protocol;
    headers.source_port = out ? interior_port : exterior_port;
    headers.destination_port = out ? exterior_port : interior_port;
    return packet;
  }
};

}  // namespace gate41::model
