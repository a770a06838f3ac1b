// Clock: sets the machine's by the time servers that the lease names: the engine's requests through the
// kernel's stack, its steps to the kernel. Control thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "control/daemon/platform.hpp"
#include "control/loop/fd.hpp"
#include "control/sntp/client.hpp"

namespace gate41 {

class Clock {
 public:
  // `interface`: the kernel's, on the WAN.
  Clock(Platform& platform, std::string interface);
  ~Clock();
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  // nullopt: there is no lease.
  void on_servers(std::optional<std::vector<Ipv4Address>> servers, TimePoint now);
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return client_.next_deadline(); }
  [[nodiscard]] const sntp::Client& client() const { return client_; }

 private:
  void pump(TimePoint now);
  void ask(const sntp::Send& request);
  void close();
  void on_readable(Ipv4Address server);
  void step(Duration by, TimePoint now);

  Platform& platform_;
  std::string interface_;
  sntp::Client client_;
  loop::Fd socket_;  // of the request that is open
};

}  // namespace gate41
