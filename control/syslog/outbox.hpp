// Outbox: lines of the log on their way to a syslog server, as messages of RFC 5424. A bounded number waits;
// what finds no room is counted, and the server is told how much it was. Lines come from any thread, one
// thread takes them out. It owns no clock and no socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "dataplane/base/log.hpp"

namespace gate41::syslog {

using WallTime = std::chrono::system_clock::time_point;

// Who writes them: RFC 5424 §6.2.4..6.2.6.
struct Origin {
  std::string host;  // empty, or no printable ASCII: it is left out
  std::string program;
  int process = 0;
};

class Outbox {
 public:
  static constexpr std::size_t kMost = 256;
  // Of one message: it shall fit into one packet of any path (RFC 5426 §3.2), cut off if need be.
  static constexpr std::size_t kLongest = 1180;

  explicit Outbox(Origin origin) : origin_(std::move(origin)) {}

  void add(LogLevel level, std::string_view text, WallTime at);
  // The next one to send; empty: none waits.
  [[nodiscard]] std::string front() const;
  // It has left.
  void pop(WallTime at);

  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] uint64_t sent() const;
  // Lines that found no room, from the beginning.
  [[nodiscard]] uint64_t lost() const;

 private:
  [[nodiscard]] std::string message(LogLevel level, std::string_view text, WallTime at) const;

  Origin origin_;
  mutable std::mutex mutex_;  // of all below
  std::deque<std::string> messages_;
  uint64_t sent_ = 0;
  uint64_t lost_ = 0;
  uint64_t told_ = 0;  // of the lost
};

}  // namespace gate41::syslog
