// The warning of identifications that come round too soon.
#include "control/daemon/id_watch.hpp"

#include <gmock/gmock.h>

namespace gate41::testing {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr TimePoint kNow{seconds(1000)};

CounterTotals after(uint64_t fast) {
  CounterTotals totals;
  totals.tunnels[0].fast_ids = fast;
  totals.tunnels[0].fast_peer = 0xc0586301;
  return totals;
}

// proves: Q4
TEST(IdWatch, SaysNothingWhileThereAreFewPackets) {
  IdWatch watch;
  EXPECT_FALSE(watch.sample(after(0), kNow));
}

// proves: Q4
TEST(IdWatch, NamesThePeerAndWhatHelps) {
  IdWatch watch;
  const auto warning = watch.sample(after(7), kNow);
  ASSERT_TRUE(warning);
  EXPECT_THAT(*warning, HasSubstr("7 packets over 500 a second to one peer (192.88.99.1)"));
  EXPECT_THAT(*warning, HasSubstr("mtu: auto"));
}

// proves: Q4
TEST(IdWatch, WarnsOnceAMinuteWhileItLasts) {
  IdWatch watch;
  watch.sample(after(7), kNow);
  EXPECT_FALSE(watch.sample(after(8), kNow + seconds(59)));
  const auto again = watch.sample(after(9), kNow + seconds(60));
  ASSERT_TRUE(again);
  EXPECT_THAT(*again, HasSubstr(": 2 packets over"));
}

TEST(IdWatch, DoesNotWarnAgainOfWhatIsOver) {
  IdWatch watch;
  watch.sample(after(7), kNow);
  EXPECT_FALSE(watch.sample(after(7), kNow + seconds(600)));
}

}  // namespace
}  // namespace gate41::testing
