#include "dataplane/base/keyed_hash.hpp"

#include <gtest/gtest.h>
#include <set>

namespace gate41::testing {
namespace {

// Schoolbook multiplication in halves of 32 bits.
uint64_t fold_by_hand(uint64_t x, uint64_t y) {
  const uint64_t mask = 0xffffffffU;
  const uint64_t low = (x & mask) * (y & mask);
  const uint64_t cross_a = (x >> 32U) * (y & mask) + (low >> 32U);
  const uint64_t cross_b = (x & mask) * (y >> 32U) + (cross_a & mask);
  const uint64_t high = (x >> 32U) * (y >> 32U) + (cross_a >> 32U) + (cross_b >> 32U);
  return high ^ (cross_b << 32U | (low & mask));
}

}  // namespace

TEST(FoldMultiply, JoinsBothHalvesOfTheProduct) {
  const uint64_t values[] = {0, 1, 2, 0xffffffffU, 0x100000000U, 0x9e3779b97f4a7c15U, 0xffffffffffffffffU};
  for (const uint64_t x : values)
    for (const uint64_t y : values) EXPECT_EQ(fold_multiply(x, y), fold_by_hand(x, y)) << x << " " << y;
}

TEST(HashSecret, IsDrawnAnewEachTime) {
  std::set<uint64_t> seen;
  for (int i = 0; i < 8; ++i) {
    const HashSecret secret = draw_hash_secret();
    seen.insert({secret.a, secret.b, secret.c});
  }
  EXPECT_EQ(seen.size(), 24U);
}

// An even factor would shift bits out.
TEST(HashSecret, IsOdd) {
  for (int i = 0; i < 32; ++i) {
    const HashSecret secret = draw_hash_secret();
    EXPECT_EQ(secret.a & secret.b & secret.c & 1U, 1U);
  }
}

}  // namespace gate41::testing
