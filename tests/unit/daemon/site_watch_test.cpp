// The warning of sites over their rate.
#include "control/daemon/site_watch.hpp"

#include <gmock/gmock.h>

namespace gate41::testing {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr TimePoint kNow{seconds(1000)};

CounterTotals after(uint64_t dropped) {
  CounterTotals totals;
  totals.drops[static_cast<std::size_t>(DropReason::site_rate)] = dropped;
  totals.tunnels[0].fast_site = 0x0b000363;
  return totals;
}

// proves: C28
TEST(SiteWatch, SaysNothingWhileNobodyIsOverHisRate) {
  SiteWatch watch;
  EXPECT_FALSE(watch.sample(after(0), kNow));
}

// proves: C28
TEST(SiteWatch, NamesTheLastSiteAndTheKey) {
  SiteWatch watch;
  const auto warning = watch.sample(after(7), kNow);
  ASSERT_TRUE(warning);
  EXPECT_EQ(*warning,
            "relay: 7 packets dropped of sites that send more than relay.site_limit.rate, last of 11.0.3.99");
}

TEST(SiteWatch, WarnsOnceAMinuteWhileItLasts) {
  SiteWatch watch;
  watch.sample(after(7), kNow);
  EXPECT_FALSE(watch.sample(after(8), kNow + seconds(59)));
  const auto again = watch.sample(after(9), kNow + seconds(60));
  ASSERT_TRUE(again);
  EXPECT_THAT(*again, HasSubstr("relay: 2 packets"));
}

}  // namespace
}  // namespace gate41::testing
