// `gate41 console`: the status on the whole screen, until a key ends it: anew every second, and where no key
// was pressed for a minute, when something was logged, and every half a minute.
#pragma once

#include "control/tool/options.hpp"

namespace gate41::tool {

// The exit code. On the appliance (appliance.hpp) its keys set the machine up and power it off, and ask for
// the password that was set.
int run_console(const Options& options);

}  // namespace gate41::tool
