#include "control/syslog/outbox.hpp"

#include <algorithm>
#include <ctime>

namespace gate41::syslog {
namespace {

constexpr int kFacilityDaemon = 3;
constexpr std::size_t kLongestHost = 255;

bool is_printable(char c) { return c >= '!' && c <= '~'; }

// Unknown, where it can't be written: RFC 5424's NILVALUE.
std::string host_field(const std::string& host) {
  return host.empty() || host.size() > kLongestHost || !std::ranges::all_of(host, is_printable) ? "-" : host;
}

// RFC 5424 §6.2.3, in UTC.
std::string time_field(WallTime at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  const auto rest = at - std::chrono::floor<std::chrono::seconds>(at);
  std::tm t{};
  ::gmtime_r(&seconds, &t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                     t.tm_hour, t.tm_min, t.tm_sec,
                     std::chrono::floor<std::chrono::milliseconds>(rest).count());
}

}  // namespace

// As text of any encoding: no byte order mark. Control characters might steer whoever reads it.
std::string Outbox::message(LogLevel level, std::string_view text, WallTime at) const {
  std::string line =
      fmt::format("<{}>1 {} {} {} {} - - {}", kFacilityDaemon * 8 + static_cast<int>(level), time_field(at),
                  host_field(origin_.host), origin_.program, origin_.process, text);
  std::ranges::replace_if(
      line, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
  line.resize(std::min(line.size(), kLongest));
  return line;
}

void Outbox::add(LogLevel level, std::string_view text, WallTime at) {
  const std::lock_guard lock(mutex_);
  if (messages_.size() < kMost)
    messages_.push_back(message(level, text, at));
  else
    ++lost_;
}

std::string Outbox::front() const {
  const std::lock_guard lock(mutex_);
  return messages_.empty() ? std::string() : messages_.front();
}

// Once there is room again, in the place of those that had none.
void Outbox::pop(WallTime at) {
  const std::lock_guard lock(mutex_);
  messages_.pop_front();
  ++sent_;
  if (lost_ == told_) return;
  messages_.push_back(message(
      LogLevel::warning,
      fmt::format("lines not sent, since they came too fast or nobody was reached: {}", lost_ - told_), at));
  told_ = lost_;
}

std::size_t Outbox::waiting() const {
  const std::lock_guard lock(mutex_);
  return messages_.size();
}

uint64_t Outbox::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

uint64_t Outbox::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace gate41::syslog
