// `gate41 flows`, `flows delete`.
#pragma once

#include "control/tool/client.hpp"
#include "control/tool/options.hpp"

namespace gate41::tool {

// The exit code.
int run_flows(Client& client, const Options& options);

}  // namespace gate41::tool
