// CounterWatch: when to warn of a counter that grows: at once, then at most once a minute. Pure.
#pragma once

#include <cstdint>
#include <utility>

#include "dataplane/base/clock.hpp"

namespace gate41 {

class CounterWatch {
 public:
  // About once a second. By how much the counter has grown since the last warning, 0 while none is due.
  uint64_t unsaid(uint64_t count, TimePoint now) {
    if (count == warned_of_ || now < quiet_until_) return 0;
    quiet_until_ = now + std::chrono::minutes(1);
    return count - std::exchange(warned_of_, count);
  }

 private:
  uint64_t warned_of_ = 0;
  TimePoint quiet_until_{};
};

}  // namespace gate41
