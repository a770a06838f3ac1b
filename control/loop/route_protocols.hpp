// The route protocol numbers of gate41's routes in the kernel (`ip route show proto N`); iproute2's rt_protos
// has no names for them.
#pragma once

#include <cstdint>

namespace gate41::loop {

// What this machine itself needs on the WAN; a restart clears it.
inline constexpr uint8_t kRouteProtocol = 41;
// What a healthy relay offers to others: for BIRD or FRR to export, and nothing else (B4, A14).
inline constexpr uint8_t kOfferProtocol = 141;

}  // namespace gate41::loop
