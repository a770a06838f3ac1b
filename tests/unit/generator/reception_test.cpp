#include "perf/generator/reception.hpp"

#include <gtest/gtest.h>

namespace gate41::generator {
namespace {

Reception of(const std::vector<uint32_t>& sequences) {
  Reception reception(100);
  for (const uint32_t sequence : sequences) reception.take(sequence, 10);
  return reception;
}

TEST(Reception, counts_what_came_twice_as_a_duplicate) {
  const Reception reception = of({0, 1, 1, 1});
  EXPECT_EQ(reception.received(), 2U);
  EXPECT_EQ(reception.duplicates(), 2U);
}

TEST(Reception, counts_what_came_behind_a_later_one_as_reordered) {
  EXPECT_EQ(of({0, 2, 1, 3}).reordered(), 1U);
}

TEST(Reception, does_not_take_a_gap_for_reordering) { EXPECT_EQ(of({0, 5, 6}).reordered(), 0U); }

TEST(Reception, does_not_count_a_duplicates_delay) { EXPECT_EQ(of({0, 0}).delays().count(), 1U); }

TEST(Reception, does_not_look_at_what_was_never_sent) { EXPECT_EQ(of({100, 0xffffffff}).received(), 0U); }

TEST(Reception, knows_the_last_one_that_is_missing) {
  EXPECT_EQ(of({0, 1, 4}).last_lost(5), 3U);
  EXPECT_EQ(of({0, 1, 4}).last_lost(7), 6U);
}

TEST(Reception, knows_that_none_is_missing) { EXPECT_FALSE(of({0, 1, 2}).last_lost(3)); }

}  // namespace
}  // namespace gate41::generator
