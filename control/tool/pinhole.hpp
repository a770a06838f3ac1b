// `gate41 pinhole add`, `del`, `list`.
#pragma once

#include "control/tool/client.hpp"
#include "control/tool/options.hpp"

namespace gate41::tool {

// The exit code.
int run_pinhole(Client& client, const Options& options);

}  // namespace gate41::tool
