// RouteMonitor: the socket of KernelRoutes: hears every change of the kernel's IPv6 routes in the namespace
// that the control thread is in, and asks for all of them at the start and after losses. Never waits.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "control/loop/kernel_routes.hpp"
#include "control/loop/netlink_socket.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

class RouteMonitor {
 public:
  // Between two dumps; a table that changes all the time would be told all the time.
  static constexpr Duration kDumpInterval = std::chrono::seconds(1);
  // 32 KiB each, about 250 routes: a call stays within milliseconds.
  static constexpr unsigned kReadsAtOnce = 8;

  static Result<std::unique_ptr<RouteMonitor>> open(const std::string& ifname, std::size_t max_prefixes);

  // Readable when routes have changed: watch it with EPOLLIN and call read().
  [[nodiscard]] int fd() const { return socket_.fd(); }
  [[nodiscard]] std::vector<KernelRoutes::Change> read();
  // Asks for a dump where one is wanted and due.
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] const KernelRoutes& routes() const { return routes_; }

 private:
  RouteMonitor(NetlinkSocket socket, uint32_t ifindex, std::size_t max_prefixes)
      : socket_(std::move(socket)), routes_(ifindex, max_prefixes) {}

  NetlinkSocket socket_;
  KernelRoutes routes_;
  TimePoint dump_at_{};  // not before
};

}  // namespace gate41::loop
