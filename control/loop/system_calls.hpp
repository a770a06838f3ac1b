// The system calls that a running router never makes: mounts, namespaces, other processes' memory, kernel
// code, clocks.
#pragma once

#include "dataplane/base/result.hpp"

namespace gate41::loop {

// They fail with EPERM from now on, in every thread and child of the process. Needs no_new_privs.
// `keep_port_io` leaves iopl and ioperm to uio drivers, `keep_clock` clock_settime.
Result<void> forbid_dangerous_system_calls(bool keep_port_io, bool keep_clock);

}  // namespace gate41::loop
