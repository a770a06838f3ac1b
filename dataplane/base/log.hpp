// The one log path: lines on stderr with journald's "<N>" level prefix. Control thread only: what a packet
// can trigger is counted, not logged. DPDK's own log is led in here by dataplane/port.
#pragma once

#include <fmt/core.h>
#include <string_view>

namespace gate41 {

enum class LogLevel : int { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

// Lines above `level` are left out. Default: info.
void set_log_level(LogLevel level) noexcept;
void log_line(LogLevel level, std::string_view text);

template <typename... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::error, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_notice(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::notice, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::info, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace gate41
