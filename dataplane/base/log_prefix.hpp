// A line of a log as log_line() and others write it for journald, "<N>text" (sd-daemon(3)), taken apart.
#pragma once

#include <string_view>

#include "dataplane/base/log.hpp"

namespace gate41 {

struct LogText {
  LogLevel level = LogLevel::info;  // of a line without one; what is graver than an error is one
  std::string_view text;            // of `line`
};

[[nodiscard]] LogText without_prefix(std::string_view line);

}  // namespace gate41
