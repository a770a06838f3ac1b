#include <atomic>
#include <mutex>
#include <unistd.h>
#include <utility>

#include "dataplane/base/log_sink.hpp"

namespace gate41 {
namespace {
std::atomic<int> threshold{static_cast<int>(LogLevel::info)};
std::mutex sink_mutex;  // DPDK's threads log too
std::function<void(LogLevel, std::string_view)> second_place;
}  // namespace

void set_log_level(LogLevel level) noexcept { threshold = static_cast<int>(level); }

void set_log_sink(std::function<void(LogLevel level, std::string_view text)> sink) {
  const std::lock_guard lock(sink_mutex);
  second_place = std::move(sink);
}

void log_line(LogLevel level, std::string_view text) {
  if (static_cast<int>(level) > threshold) return;
  const std::string line = fmt::format("<{}>{}\n", static_cast<int>(level), text);
  // One write a line, so that lines of several processes do not mix; a full pipe loses the line, not the
  // daemon.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  const std::lock_guard lock(sink_mutex);
  if (second_place) second_place(level, text);
}

}  // namespace gate41
