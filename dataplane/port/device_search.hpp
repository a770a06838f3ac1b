// Which devices `ports: auto` takes. Pure.
#pragma once

#include <string>
#include <vector>

#include "dataplane/base/result.hpp"
#include "dataplane/port/machine.hpp"

namespace gate41 {

// PCI network devices under a driver for programs like this one, in the order of their addresses, and behind
// them `more` (vdevs: what only the kernel can drive). One or two; else why not, with what is here.
[[nodiscard]] Result<std::vector<std::string>> find_devices(const Machine& machine,
                                                            const std::vector<std::string>& more);

}  // namespace gate41
