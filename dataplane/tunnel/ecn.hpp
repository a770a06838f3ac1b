// Egress ECN (RFC 6040 §4.2): the 16 cells as a table. Packet path.
#pragma once

#include <cstdint>

namespace gate41 {

struct EcnResult {
  bool drop;    // inner Not-ECT, outer CE (F4)
  uint8_t ecn;  // what the inner header carries on (F5, F6)
};

// Both arguments: the two ECN bits.
[[nodiscard]] EcnResult egress_ecn(uint8_t inner, uint8_t outer) noexcept;

}  // namespace gate41
