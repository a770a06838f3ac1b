// Real frames of abstract packets: from the LAN as they are, from the tunnel inside protocol 41.
#pragma once

#include "dataplane/net/address.hpp"
#include "tests/model/reference/packet.hpp"
#include "tests/model/reference/rules.hpp"
#include "tests/unit/worker/harness.hpp"

namespace gate41::model {

[[nodiscard]] Ipv6Address address_of(const Host& host);
[[nodiscard]] Ipv6Prefix prefix_of(const Prefix& prefix);
// `mark` goes into the flow label, which stays as it is on the way.
[[nodiscard]] testing::Frame frame_of(const Packet& packet, Direction direction, uint8_t mark);

}  // namespace gate41::model
