// Time as gate41 uses it: CLOCK_MONOTONIC, which survives a pause of the VM, in chrono types.
// Engines and stages never read a clock: time is an argument. Only loops call `now()`, once a turn.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>

namespace gate41 {

using Duration = std::chrono::nanoseconds;

struct MonotonicClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;

  // Coarse: a few milliseconds of resolution, no system call.
  static time_point now() noexcept {
    timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return time_point(std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec));
  }
};

using TimePoint = MonotonicClock::time_point;

inline TimePoint now() noexcept { return MonotonicClock::now(); }

// For people: rounded up, since "in 0 s" would be a lie until it happens; never negative.
inline int64_t seconds_left(TimePoint then, TimePoint now) noexcept {
  return std::chrono::ceil<std::chrono::seconds>(std::max(then - now, Duration::zero())).count();
}

// Seconds since the clock's epoch, as flows and neighbours stamp them (wraps after 136 years of uptime).
inline uint32_t coarse_seconds(TimePoint t) noexcept {
  return static_cast<uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count());
}

}  // namespace gate41
