// `gate41 trace`.
#pragma once

#include "control/tool/client.hpp"
#include "control/tool/options.hpp"

namespace gate41::tool {

// The exit code: kOk where a packet was seen, kRefused where none was or the daemon says no.
int run_packet_trace(Client& client, const Options& options);

}  // namespace gate41::tool
