#include "perf/generator/histogram.hpp"

#include <gtest/gtest.h>

namespace gate41::generator {
namespace {

TEST(Histogram, is_nothing_while_it_is_empty) {
  const Histogram none;
  EXPECT_EQ(none.min(), 0U);
  EXPECT_EQ(none.max(), 0U);
  EXPECT_EQ(none.percentile(0.5), 0U);
}

TEST(Histogram, is_exact_for_small_values) {
  Histogram delays;
  for (uint64_t value = 1; value <= 10; ++value) delays.add(value);
  EXPECT_EQ(delays.percentile(0.5), 5U);
  EXPECT_EQ(delays.percentile(1), 10U);
}

TEST(Histogram, is_within_a_sixty_fourth_for_all_others) {
  for (const uint64_t value : {uint64_t{64}, uint64_t{1000}, uint64_t{123'456'789}, uint64_t{1} << 62U}) {
    Histogram delays;
    delays.add(value);
    delays.add(UINT64_MAX);
    const uint64_t found = delays.percentile(0.5);
    EXPECT_GE(found, value);
    EXPECT_LE(found, value + value / 64) << value;
  }
}

TEST(Histogram, never_says_more_than_the_greatest) {
  Histogram delays;
  delays.add(1001);
  EXPECT_EQ(delays.percentile(0.999), 1001U);
}

TEST(Histogram, has_the_exact_ends) {
  Histogram delays;
  for (const uint64_t value : {5000U, 70001U, 12345U}) delays.add(value);
  EXPECT_EQ(delays.min(), 5000U);
  EXPECT_EQ(delays.max(), 70001U);
}

TEST(Histogram, leaves_one_in_a_thousand_above_the_99_9th_percentile) {
  Histogram delays;
  for (int i = 0; i < 999; ++i) delays.add(10);
  delays.add(1'000'000);
  EXPECT_EQ(delays.percentile(0.999), 10U);
}

}  // namespace
}  // namespace gate41::generator
