// Keyed, nonlinear hash for tables that an attacker can feed (folded 64x64 multiply, about 5 cycles).
// CRC with a seed is affine: two keys that collide under one seed collide under all.
#pragma once

#include <cstdint>

namespace gate41 {

// Drawn once at start from getrandom(2); fixed in tests.
struct HashSecret {
  uint64_t a = 0x9e3779b97f4a7c15ULL;
  uint64_t b = 0xbf58476d1ce4e5b9ULL;
  uint64_t c = 0x94d049bb133111ebULL;
};

inline uint64_t fold_multiply(uint64_t x, uint64_t y) noexcept {
  // By hand, for the compiler keeps both halves of a wide product in memory.
  uint64_t low = x, high = 0;
  asm("mulq %2" : "+a"(low), "=d"(high) : "rm"(y) : "cc");
  return low ^ high;
}

HashSecret draw_hash_secret();

}  // namespace gate41
