#include "control/daemon/native_routes.hpp"

#include <fmt/core.h>
#include <sys/epoll.h>

namespace gate41 {
namespace {

constexpr Duration kTellInterval = std::chrono::minutes(1);

}  // namespace

NativeRoutes::~NativeRoutes() {
  if (monitor_) platform_.loop.unwatch(monitor_->fd());
}

Result<void> NativeRoutes::open(const std::string& ifname) {
  const uint32_t max = store_.rib().max_routes();
  if (max == 0) return {};
  auto opened = loop::RouteMonitor::open(ifname, max);
  if (!opened) return tl::unexpected(opened.error());
  monitor_ = std::move(*opened);
  platform_.loop.watch(monitor_->fd(), EPOLLIN, [this](uint32_t) { on_readable(); });
  return {};
}

// What is not read waits in the kernel; if it gives up there, all routes are read again.
void NativeRoutes::on_readable() {
  if (store_.backlog() >= kMaxBacklog) return;
  for (const loop::KernelRoutes::Change& change : monitor_->read(gate41::now())) {
    const Rib::Answer answer = change.target.kind == RouteTarget::Kind::none
                                   ? store_.erase(change.prefix)
                                   : store_.set(change.prefix, change.target);
    if (answer == Rib::Answer::too_many_routes || answer == Rib::Answer::too_many_targets) ++refused_here_;
  }
}

void NativeRoutes::on_timer(TimePoint now) {
  store_.settle();
  if (!monitor_) return;
  monitor_->on_timer(now);
  tell_refusals(now);
}

uint64_t NativeRoutes::refused() const {
  return refused_here_ + (monitor_ ? monitor_->routes().refused() : 0);
}

void NativeRoutes::tell_refusals(TimePoint now) {
  if (refused() == told_ || now < tell_at_) return;
  told_ = refused();
  tell_at_ = now + kTellInterval;
  platform_.events.warn(now,
                        fmt::format("{} native routes were refused: {} with {} next hops are in use; raise "
                                    "relay.routes.max, or let the routing daemon export fewer",
                                    told_, store_.rib().size(), store_.rib().targets()));
}

std::optional<TimePoint> NativeRoutes::next_deadline(TimePoint now) const {
  if (store_.due()) return now + std::chrono::milliseconds(1);
  return monitor_ ? monitor_->next_deadline() : std::nullopt;
}

}  // namespace gate41
