// The unit of sharing between cores.
#pragma once

#include <cstddef>

namespace gate41 {

inline constexpr std::size_t kCacheLine = 64;

}  // namespace gate41
