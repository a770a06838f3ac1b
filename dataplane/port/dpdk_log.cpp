#include "dataplane/port/dpdk_log.hpp"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <fmt/ranges.h>
#include <mutex>
#include <sys/types.h>

#include <rte_log.h>

#include "dataplane/base/log.hpp"

namespace gate41 {
namespace {

constexpr std::size_t kKeptErrors = 4;

std::mutex errors_mutex;
std::deque<std::string> errors;

void keep_error(std::string_view line) {
  const std::lock_guard lock(errors_mutex);
  errors.emplace_back(line);
  if (errors.size() > kKeptErrors) errors.pop_front();
}

// RTE_LOG_EMERG is 1 where syslog's is 0.
LogLevel level_of_current_message() {
  const int level = rte_log_cur_msg_loglevel() - 1;
  return static_cast<LogLevel>(
      std::clamp(level, static_cast<int>(LogLevel::error), static_cast<int>(LogLevel::debug)));
}

// DPDK flushes after each message, so that its level is still known here.
ssize_t write_lines(void* /*cookie*/, const char* text, std::size_t size) {
  const LogLevel level = level_of_current_message();
  std::string_view rest(text, size);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    if (!line.empty()) log_line(level, fmt::format("dpdk: {}", line));
    if (!line.empty() && level == LogLevel::error) keep_error(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return static_cast<ssize_t>(size);
}

}  // namespace

void lead_dpdk_log() {
  static FILE* const stream = ::fopencookie(nullptr, "w", {nullptr, write_lines, nullptr, nullptr});
  if (stream != nullptr) rte_openlog_stream(stream);
}

std::string take_dpdk_errors() {
  const std::lock_guard lock(errors_mutex);
  std::string joined = errors.empty() ? "no reason given" : fmt::format("{}", fmt::join(errors, "; "));
  errors.clear();
  return joined;
}

}  // namespace gate41
