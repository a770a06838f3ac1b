// Notifier: tells systemd how the service is (sd_notify(3), spoken by hand: one datagram a message). Without
// $NOTIFY_SOCKET nothing happens. Never blocks: a message that can't be sent is lost.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "control/loop/fd.hpp"
#include "dataplane/base/clock.hpp"

namespace gate41::loop {

class Notifier {
 public:
  // Reads $NOTIFY_SOCKET and $WATCHDOG_USEC. A path of the file system must be reachable now, not later.
  Notifier();

  void ready();
  void status(std::string_view sentence);  // one line
  // Call it as often as you like: it is sent every quarter of the limit.
  void watchdog(TimePoint now);
  void stopping();

  // systemd kills a service that is silent for this long. nullopt: no watchdog.
  [[nodiscard]] std::optional<Duration> watchdog_limit() const { return watchdog_limit_; }

 private:
  void send(const std::string& message);
  Fd socket_;
  std::optional<Duration> watchdog_limit_;
  TimePoint fed_{};  // last
};

}  // namespace gate41::loop
