#include "control/loop/route_monitor.hpp"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include "dataplane/base/log.hpp"

namespace gate41::loop {

Result<std::unique_ptr<RouteMonitor>> RouteMonitor::open(const std::string& ifname,
                                                         std::size_t max_prefixes) {
  const uint32_t ifindex = ::if_nametoindex(ifname.c_str());
  if (ifindex == 0) return fail(ifname + ": there is no such interface");
  Result<NetlinkSocket> socket = NetlinkSocket::open(RTMGRP_IPV6_ROUTE);
  if (!socket) return tl::unexpected(socket.error());
  return std::unique_ptr<RouteMonitor>(new RouteMonitor(std::move(*socket), ifindex, max_prefixes));
}

std::vector<KernelRoutes::Change> RouteMonitor::read() {
  const int error =
      socket_.receive([this](const nlmsghdr& message) { routes_.on_message(message); }, kReadsAtOnce);
  if (error == ENOBUFS) {
    log_notice("netlink: changes of routes were lost, all are read again");
    routes_.on_loss();
  }
  return routes_.take_changes();
}

void RouteMonitor::on_timer(TimePoint now) {
  if (!routes_.wants_dump() || now < dump_at_) return;
  dump_at_ = now + kDumpInterval;
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
