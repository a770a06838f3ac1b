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

__extension__ using Uint128 =
    unsigned __int128;  // GCC and clang have it on every 64-bit machine; ISO does not

inline uint64_t fold_multiply(uint64_t x, uint64_t y) noexcept {
  const auto product = static_cast<Uint128>(x) * y;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

HashSecret draw_hash_secret();

}  // namespace gate41
