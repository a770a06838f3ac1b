#include "control/loop/route_monitor.hpp"

#include <algorithm>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include "dataplane/base/log.hpp"

namespace gate41::loop {

Result<std::unique_ptr<RouteMonitor>> RouteMonitor::open(const std::string& ifname, std::size_t max_prefixes,
                                                         int queue) {
  const uint32_t ifindex = ::if_nametoindex(ifname.c_str());
  if (ifindex == 0) return fail(ifname + ": there is no such interface");
  Result<NetlinkSocket> socket = NetlinkSocket::open(RTMGRP_IPV6_ROUTE, queue);
  if (!socket) return tl::unexpected(socket.error());
  return std::unique_ptr<RouteMonitor>(new RouteMonitor(std::move(*socket), ifindex, max_prefixes));
}

std::vector<KernelRoutes::Change> RouteMonitor::read(TimePoint now) {
  using Clock = std::chrono::steady_clock;  // finer than MonotonicClock, which steps by milliseconds
  const auto end = Clock::now() + kReadTime;
  const auto take = [this](const nlmsghdr& message) { routes_.on_message(message); };
  bool any = false;
  do {
    const int error = socket_.receive(take, 1);
    if (error == EAGAIN) break;
    if (error == ENOBUFS) on_loss(now);
    any = true;
  } while (Clock::now() < end);
  if (any && routes_.wants_dump()) dump_at_ = std::max(dump_at_, std::min(now + kQuiet, patient_until_));
  return routes_.take_changes();
}

void RouteMonitor::on_loss(TimePoint now) {
  if (!routes_.wants_dump()) {
    log_notice("netlink: changes of routes were lost, all are read again");
    patient_until_ = now + kPatience;
  }
  routes_.on_loss();
}

void RouteMonitor::on_timer(TimePoint now) {
  if (!routes_.wants_dump() || now < dump_at_ || socket_.waits()) return;
  dump_at_ = now + kDumpInterval;
  patient_until_ = now + kPatience;
  rtmsg header{};
  header.rtm_family = AF_INET6;
  header.rtm_table = RT_TABLE_MAIN;
  NetlinkRequest request(RTM_GETROUTE, 0, header);
  if (const Result<uint32_t> sequence = socket_.start_dump(request))
    routes_.begin_dump(*sequence);
  else
    log_warning("routes cannot be read: {}", sequence.error().message);
}

std::optional<TimePoint> RouteMonitor::next_deadline() const {
  return routes_.wants_dump() ? std::optional(dump_at_) : std::nullopt;
}

}  // namespace gate41::loop
