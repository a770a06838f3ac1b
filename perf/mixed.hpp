// Numbers that look random and are the same in every run.
#pragma once

#include <cstdint>

namespace gate41::perf {

// splitmix64
[[nodiscard]] constexpr uint64_t mixed(uint64_t value) noexcept {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

}  // namespace gate41::perf
