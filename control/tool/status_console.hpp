// `gate41 console`: the status on the whole screen, anew every second, until a key ends it.
#pragma once

#include "control/tool/options.hpp"

namespace gate41::tool {

// The exit code. $GATE41_APPLIANCE says that the machine is gate41's own: its keys set it up and power it
// off.
int run_console(const Options& options);

}  // namespace gate41::tool
