// Starts a program as nobody.
#pragma once

#include <string>
#include <vector>

#include "control/loop/fd.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

// The new process's pidfd. Its standard output is `output`, its descriptor 3 a copy of `extra` (-1: none);
// the rest as child.hpp says. No fork: the pages of EAL, where devices write, would become copy-on-write. The
// thread waits until the program is executed.
Result<Fd> spawn_unprivileged(const std::vector<std::string>& argv, int output, int extra);

}  // namespace gate41::loop
