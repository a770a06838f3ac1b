// RxQueue: a receive queue of a device, by DPDK's numbers; and how it wakes who sleeps.
#pragma once

#include <cstdint>

namespace gate41 {

struct RxQueue {
  uint16_t device = 0;
  uint16_t queue = 0;
  int interrupt = -1;  // descriptor that is readable after an interrupt; -1: the device has none
};

}  // namespace gate41
