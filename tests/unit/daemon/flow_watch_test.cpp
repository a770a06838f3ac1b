// The warnings of a full flow table and of hosts that hold their share.
#include "control/daemon/flow_watch.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

using std::chrono::seconds;

constexpr TimePoint kNow{seconds(1000)};

CounterTotals table(uint64_t evicted, uint64_t refused) {
  CounterTotals totals;
  totals.flows_evicted = evicted;
  totals.flows_refused = refused;
  return totals;
}
CounterTotals over_share(uint64_t packets) {
  CounterTotals totals;
  totals.drops[static_cast<std::size_t>(DropReason::filter_host_limit)] = packets;
  return totals;
}

}  // namespace

// proves: K52
TEST(FlowWatch, SaysNothingWhileThereIsRoom) {
  FlowWatch watch;
  EXPECT_FALSE(watch.table(table(0, 0), kNow));
  EXPECT_FALSE(watch.hosts(over_share(0), {}, 100, kNow));
}

// proves: K52
TEST(FlowWatch, TellsHowManyGaveWayAndHowManyWereRefused) {
  FlowWatch watch;
  EXPECT_EQ(watch.table(table(3000, 12), kNow),
            "filter: 3000 flows that were unanswered or at their end gave way to new ones, 12 new ones were "
            "refused; if this is no attack, raise filter.max_flows");
  EXPECT_FALSE(watch.table(table(4000, 12), kNow + seconds(59)));
  EXPECT_EQ(watch.table(table(4000, 13), kNow + seconds(60)),
            "filter: 1000 flows that were unanswered or at their end gave way to new ones, 1 new ones were "
            "refused; if this is no attack, raise filter.max_flows");
}

// proves: K52
TEST(FlowWatch, NamesTheHostThatHoldsItsShare) {
  FlowWatch watch;
  DropSample sample;
  sample.v6_source = *Ipv6Address::parse("2002:b00:2:1::5");
  sample.source_mac = MacAddress{{2, 0, 0, 0, 0, 5}};
  EXPECT_EQ(
      watch.hosts(over_share(1234), sample, 8192, kNow),
      "filter: host 2002:b00:2:1::5 (MAC 02:00:00:00:00:05) holds its limit of 8192 flows a worker; 1234 new "
      "ones of such hosts refused (filter.host_flows)");
  EXPECT_FALSE(watch.hosts(over_share(2000), sample, 8192, kNow + seconds(59)));
}

}  // namespace gate41::testing
