// When the parts of a received burst's way were over: for who measures (perf/run), in cycles of the time
// stamp counter. It costs a burst two readings of the counter, and nothing where nobody asks.
#pragma once

#include <cstdint>

#include <rte_cycles.h>

namespace gate41 {

struct StageTimes {
  uint64_t parsed = 0;     // and hashed: stages 1 to 4, but for the short way
  uint64_t looked_up = 0;  // what comes after is all the rest
};

inline void stamp(StageTimes* times, uint64_t StageTimes::*part) noexcept {
  if (times != nullptr) [[unlikely]]
    times->*part = rte_rdtsc_precise();
}

}  // namespace gate41
