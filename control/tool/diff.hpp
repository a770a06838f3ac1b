// `gate41 diff`: a configuration file beside the one that the daemon runs by.
#pragma once

#include "control/tool/client.hpp"
#include "control/tool/options.hpp"

namespace gate41::tool {

// The exit code: kOk: they say the same; kRefused: they differ; kUsage: the daemon would not take the file.
int run_diff(Client& client, const Options& options);

}  // namespace gate41::tool
