// Rates between two samples.
#include "control/daemon/rates.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const TimePoint kStart{seconds(100)};

CounterTotals totals(uint64_t rx_packets, uint64_t rx_bytes, uint64_t tx_packets, uint64_t tx_bytes) {
  CounterTotals result;
  result.links[1] = {rx_packets, rx_bytes, tx_packets, tx_bytes};
  return result;
}

TEST(Rates, AreZeroAfterTheFirstSample) {
  Rates rates;
  rates.sample(totals(1000, 64000, 10, 640), 2, kStart);
  ASSERT_EQ(rates.links().size(), 2U);
  EXPECT_EQ(rates.links()[1].rx_pps, 0);
}

TEST(Rates, AreDifferencesASecond) {
  Rates rates;
  rates.sample(totals(1000, 64000, 10, 640), 2, kStart);
  rates.sample(totals(1500, 94000, 20, 1640), 2, kStart + seconds(2));
  const Rates::Link& link = rates.links()[1];
  EXPECT_DOUBLE_EQ(link.rx_pps, 250);
  EXPECT_DOUBLE_EQ(link.rx_bps, 120000);
  EXPECT_DOUBLE_EQ(link.tx_pps, 5);
  EXPECT_DOUBLE_EQ(link.tx_bps, 4000);
  EXPECT_EQ(rates.links()[0].rx_pps, 0);
}

TEST(Rates, DoNotJumpWhenAskedTooSoon) {
  Rates rates;
  rates.sample(totals(0, 0, 0, 0), 2, kStart);
  rates.sample(totals(100, 0, 0, 0), 2, kStart + seconds(1));
  rates.sample(totals(5000, 0, 0, 0), 2, kStart + milliseconds(1001));
  EXPECT_DOUBLE_EQ(rates.links()[1].rx_pps, 100);
}

TEST(Rates, FallBackToZero) {
  Rates rates;
  for (int i = 0; i < 3; ++i) rates.sample(totals(i > 0 ? 700 : 0, 0, 0, 0), 2, kStart + seconds(i));
  EXPECT_EQ(rates.links()[1].rx_pps, 0);
}

}  // namespace
}  // namespace gate41::testing
