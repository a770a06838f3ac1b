// RxQueue: a receive queue of a device, by DPDK's numbers.
#pragma once

#include <cstdint>

namespace gate41 {

struct RxQueue {
  uint16_t device = 0;
  uint16_t queue = 0;
};

}  // namespace gate41
