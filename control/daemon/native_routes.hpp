// NativeRoutes: carries the routes that the kernel has by the relay's native side into the packet path.
// Control thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "control/daemon/platform.hpp"
#include "control/loop/route_monitor.hpp"

namespace gate41 {

class NativeRoutes {
 public:
  // While so many changes wait for the workers, no more are read from the kernel.
  static constexpr std::size_t kMaxBacklog = 65536;

  NativeRoutes(Platform& platform, RouteStore& store) : platform_(platform), store_(store) {}
  ~NativeRoutes();
  NativeRoutes(const NativeRoutes&) = delete;
  NativeRoutes& operator=(const NativeRoutes&) = delete;

  // `ifname`: the native side's; it is there already.
  Result<void> open(const std::string& ifname);
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline(TimePoint now) const;

  // Refused for want of room, since the start.
  [[nodiscard]] uint64_t refused() const;
  // The packet path has all that the kernel has.
  [[nodiscard]] bool complete() const {
    return !monitor_ || (monitor_->routes().complete() && !store_.due());
  }

 private:
  void on_readable();
  void tell_refusals(TimePoint now);

  Platform& platform_;
  RouteStore& store_;
  std::unique_ptr<loop::RouteMonitor> monitor_;
  uint64_t refused_here_ = 0;  // for want of numbers for next hops
  uint64_t told_ = 0;          // of the refused
  TimePoint tell_at_{};
};

}  // namespace gate41
