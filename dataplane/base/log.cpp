#include "dataplane/base/log.hpp"

#include <atomic>
#include <unistd.h>

namespace gate41 {
namespace {
std::atomic<int> threshold{static_cast<int>(LogLevel::info)};
}

void set_log_level(LogLevel level) noexcept { threshold = static_cast<int>(level); }

void log_line(LogLevel level, std::string_view text) {
  if (static_cast<int>(level) > threshold) return;
  const std::string line = fmt::format("<{}>{}\n", static_cast<int>(level), text);
  // One write a line, so that lines of several processes do not mix; a full pipe loses the line, not the
  // daemon.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace gate41
