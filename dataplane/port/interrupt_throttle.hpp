// The least time between two interrupts of an e1000, in a register (ITR) that DPDK's driver sets to 17 ms:
// packets that come by the hundredth of a second would wait that long where a worker sleeps between them.
// Source: Intel, PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual, 13.4.18.
#pragma once

#include <string>

#include "dataplane/base/result.hpp"

namespace gate41 {

// Makes it 250 us. Of a running device that DPDK has by VFIO, by its PCI address; before privileges are
// dropped.
[[nodiscard]] Result<void> shorten_interrupt_throttle(const std::string& address);

}  // namespace gate41
