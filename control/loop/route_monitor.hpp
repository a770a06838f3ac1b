// RouteMonitor: the socket of KernelRoutes: hears every change of the kernel's IPv6 routes in the namespace
// that the control thread is in, and asks for all of them at the start and after losses. Never waits.
//
// After a loss nothing is asked for until what waits has been received, for until then the kernel does not
// say that more is lost; nor while routes keep coming, for a dump of a table that changes begins again and
// again at its first route (net/ipv6/ip6_fib.c).
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
  // So long no route has to have changed before a dump; but after a loss at most kPatience is waited for
  // that.
  static constexpr Duration kQuiet = std::chrono::seconds(1);
  static constexpr Duration kPatience = std::chrono::seconds(10);
  // No further read begins in a call after so long.
  static constexpr Duration kReadTime = std::chrono::milliseconds(2);
  // Memory is taken for what waits only: about 15,000 changes, of a routing daemon that starts.
  static constexpr int kQueueBytes = 16 * 1024 * 1024;

  static Result<std::unique_ptr<RouteMonitor>> open(const std::string& ifname, std::size_t max_prefixes,
                                                    int queue = kQueueBytes);

  // Readable when routes have changed: watch it with EPOLLIN and call read().
  [[nodiscard]] int fd() const { return socket_.fd(); }
  [[nodiscard]] std::vector<KernelRoutes::Change> read(TimePoint now);
  // Asks for a dump where one is wanted and due.
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] const KernelRoutes& routes() const { return routes_; }

 private:
  RouteMonitor(NetlinkSocket socket, uint32_t ifindex, std::size_t max_prefixes)
      : socket_(std::move(socket)), routes_(ifindex, max_prefixes) {}

  void on_loss(TimePoint now);

  NetlinkSocket socket_;
  KernelRoutes routes_;
  TimePoint dump_at_{};        // not before
  TimePoint patient_until_{};  // for quiet
};

}  // namespace gate41::loop
