#include "control/daemon/platform.hpp"

#include <ctime>
#include <sys/random.h>

namespace gate41 {

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

int64_t wall_clock() { return static_cast<int64_t>(std::time(nullptr)); }

}  // namespace gate41
