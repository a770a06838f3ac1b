// Team: a worker's place among the workers of this process (K56). Fixed from the start on.
#pragma once

#include <cstdint>

#include "dataplane/base/limits.hpp"

namespace gate41 {

struct Team {
  uint16_t index = 0;  // of this worker
  uint16_t size = 1;
  // A port has fewer receive queues than there are workers: what has no owner is shared out too.
  bool spreads = false;
};

}  // namespace gate41
