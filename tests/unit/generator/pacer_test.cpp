#include "perf/generator/pacer.hpp"

#include <gtest/gtest.h>

namespace gate41::generator {
namespace {

constexpr uint64_t kHz = 1'000'000;  // a cycle is a microsecond

Pacer of(double rate) {
  Pacer pacer(rate, kHz, kHz / 500);
  pacer.start(5000);
  return pacer;
}

TEST(Pacer, has_the_first_packet_due_at_once) { EXPECT_EQ(of(10).due(5000), 1U); }

TEST(Pacer, has_as_many_due_as_time_has_passed) {
  Pacer pacer = of(10'000);  // every 100 microseconds
  pacer.sent(1);
  EXPECT_EQ(pacer.due(5099), 0U);
  EXPECT_EQ(pacer.due(5100), 1U);
  EXPECT_EQ(pacer.due(5300), 3U);
}

TEST(Pacer, keeps_the_rate_over_a_long_time) {
  Pacer pacer = of(3333);
  uint64_t sent = 0;
  for (uint64_t now = 5000; now < 5000 + 10 * kHz; now += 70) {
    const uint64_t due = pacer.due(now);
    pacer.sent(due);
    sent += due;
  }
  EXPECT_NEAR(static_cast<double>(sent), 33'330, 2);
}

TEST(Pacer, does_not_make_up_for_more_than_it_may) {
  Pacer pacer = of(10'000);
  pacer.sent(1);
  EXPECT_EQ(pacer.due(5000 + kHz), 21U);
}

TEST(Pacer, has_one_packet_due_after_a_pause_at_a_low_rate) {
  Pacer pacer = of(10);
  pacer.sent(1);
  EXPECT_EQ(pacer.due(5000 + 10 * kHz), 1U);
}

TEST(Pacer, knows_no_limit_at_the_greatest_rate) { EXPECT_EQ(of(0).due(5000), UINT64_MAX); }

}  // namespace
}  // namespace gate41::generator
