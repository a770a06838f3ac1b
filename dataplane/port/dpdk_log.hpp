// DPDK's log, led into the one log path, line by line with its level. Lines may come from any of DPDK's
// threads.
#pragma once

#include <string>

namespace gate41 {

// From now on, for the rest of the process. Does nothing when done before.
void lead_dpdk_log();

// The last error lines since this was asked before, joined by "; ": what DPDK itself says about a call that
// failed. "no reason given" when there were none.
[[nodiscard]] std::string take_dpdk_errors();

}  // namespace gate41
