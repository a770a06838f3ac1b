// Policy: what the filter decides new flows by. Part of the immutable snapshot.
#pragma once

#include <cstdint>

#include "dataplane/filter/pinholes.hpp"

namespace gate41 {

// K51, seconds. The table is fixed for now; tests state each bound.
struct Timeouts {
  uint32_t tcp_established = 7440;
  uint32_t tcp_transitory = 240;
  uint32_t udp = 300;
  uint32_t udp_well_known = 120;
  uint32_t echo = 60;
  uint32_t generic = 300;
};

struct Policy {
  uint32_t epoch = 1;       // moves only when known flows must be decided again
  bool allow_echo = false;  // X7: unsolicited echo requests from the tunnel
  Timeouts timeouts;
  Pinholes inbound;
};

}  // namespace gate41
