#include "control/daemon/platform.hpp"

#include <ctime>
#include <sys/random.h>

#include "control/loop/errno_text.hpp"

namespace gate41 {
namespace {

Duration moved{0};  // the machine's clock, by us: there is one clock, and one daemon that sets it

}  // namespace

uint64_t random_seed() {
  uint64_t seed = 0;
  // Eight bytes are never refused or cut short once the kernel's pool is ready.
  while (::getrandom(&seed, sizeof seed, 0) != static_cast<ssize_t>(sizeof seed)) {
  }
  return seed;
}

TimePoint precise_now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return TimePoint(std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec));
}

int64_t wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(machine_clock() - moved).time_since_epoch().count();
}

std::chrono::sys_time<Duration> machine_clock() {
  timespec t{};
  ::clock_gettime(CLOCK_REALTIME, &t);
  return std::chrono::sys_time<Duration>(std::chrono::seconds(t.tv_sec) +
                                         std::chrono::nanoseconds(t.tv_nsec));
}

Result<void> move_machine_clock(Duration by) {
  const Duration wanted = machine_clock().time_since_epoch() + by;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(wanted);
  const timespec t{.tv_sec = seconds.count(), .tv_nsec = (wanted - seconds).count()};
  if (::clock_settime(CLOCK_REALTIME, &t) != 0) return fail("the clock cannot be set: " + loop::errno_text());
  moved += by;
  return {};
}

}  // namespace gate41
