// A second place for the log's lines, beside stderr: a syslog server.
#pragma once

#include <functional>
#include <string_view>

#include "dataplane/base/log.hpp"

namespace gate41 {

// Gets each line that is not left out, until another one is set; nullptr: nobody does. It must not log. One
// line at a time, by whatever thread logs: DPDK has some of its own.
void set_log_sink(std::function<void(LogLevel level, std::string_view text)> sink);

}  // namespace gate41
