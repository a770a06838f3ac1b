// How many there may be of what has a place of its own everywhere: in counters, in adjacencies, in the
// configuration.
#pragma once

#include <cstddef>

namespace gate41 {

inline constexpr std::size_t kMaxTunnels = 16;
inline constexpr std::size_t kMaxWorkers = 32;

}  // namespace gate41
