// `gate41 setup`: the dialogue of control/setup on this terminal.
#pragma once

#include "control/tool/options.hpp"

namespace gate41::tool {

// The exit code: kOk also where nothing was saved.
int run_setup(const Options& options);

}  // namespace gate41::tool
