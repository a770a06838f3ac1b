// `gate41 ping` and `gate41 traceroute`.
#pragma once

#include "control/tool/client.hpp"
#include "control/tool/options.hpp"

namespace gate41::tool {

// The exit code: kOk where somebody has answered (traceroute: the destination), kRefused where nobody has or
// the daemon says no.
int run_ping(Client& client, const Options& options);

}  // namespace gate41::tool
