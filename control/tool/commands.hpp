// The commands of `gate41`: ask the daemon, print its answer.
#pragma once

#include "control/tool/options.hpp"

namespace gate41::tool {

// The exit code (exit_codes.hpp). Answers go to standard output, everything else to standard error.
int run(const Options& options);

}  // namespace gate41::tool
