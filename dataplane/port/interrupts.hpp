// Interrupts: by what devices on PCI wake who sleeps. DPDK takes one kind for a whole process.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataplane/port/machine.hpp"

namespace gate41 {

enum class Interrupts : uint8_t {
  messages,  // MSI-X: each queue has its own
  line,      // INTx: a device has one
};

// `line` where all on PCI are e1000s as hypervisors have them: those lack MSI-X, or DPDK's driver does not
// tell them which message is for what, and would still choose it.
[[nodiscard]] Interrupts choose_interrupts(const std::vector<std::string>& devices, const Machine& machine);

}  // namespace gate41
