// The running data path seen from control: injections, exceptions, snapshots, counters.
#include "dataplane/worker/dataplane.hpp"

#include <gtest/gtest.h>

#include "tests/unit/runtime/box.hpp"

namespace gate41::testing {
namespace {

uint64_t dropped(const CounterTotals& totals, DropReason reason) {
  return totals.drops[static_cast<std::size_t>(reason)];
}

// Every test leaves no exceptions behind, and all packets accounted for.
class RunningDataplane : public ::testing::Test {
 protected:
  void SetUp() override { static_cast<void>(take_exceptions()); }
  void TearDown() override {
    EXPECT_TRUE(eventually([] { return box().counters().conserved(); }));
  }
  static bool punted_more(uint64_t since, uint64_t n) {
    return eventually([&] { return box().counters().punted == since + n; });
  }
};

}  // namespace

TEST_F(RunningDataplane, FoundItsDevices) {
  const std::vector<DeviceInfo> devices = box().devices();
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_EQ(devices[0].device, "net_ring1");  // ports in the order of their names: lan, wan
  EXPECT_EQ(devices[1].device, "net_ring0");
  EXPECT_EQ(devices[0].driver, "net_ring");
  EXPECT_TRUE(devices[0].link_up);
}

TEST_F(RunningDataplane, HasTheConfiguredFlowTable) { EXPECT_EQ(box().max_flows(), 4096u); }

TEST_F(RunningDataplane, SendsAnInjectedFrame) {
  const CounterTotals before = box().counters();
  const std::vector<uint8_t> frame = unknown_frame();
  ASSERT_TRUE(box().inject_frame(kWan, frame));
  ASSERT_TRUE(eventually(
      [&] { return box().counters().links[kWan].tx_packets == before.links[kWan].tx_packets + 1; }));
  EXPECT_EQ(box().counters().links[kWan].tx_bytes, before.links[kWan].tx_bytes + frame.size());
}

TEST_F(RunningDataplane, ReceivesFromItsDevices) {
  const uint64_t before = dropped(box().counters(), DropReason::ether_type_unknown);
  ASSERT_TRUE(box().inject_frame(kLan, unknown_frame()));
  EXPECT_TRUE(
      eventually([&] { return dropped(box().counters(), DropReason::ether_type_unknown) == before + 1; }));
}

TEST_F(RunningDataplane, HandsUpAnArpRequestAsItCame) {
  ASSERT_TRUE(box().inject_frame(kWan, arp_request()));
  ASSERT_TRUE(exceptions_wait(20'000));
  const std::vector<Exception> taken = take_exceptions();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].exception_class, ExceptionClass::arp);
  EXPECT_EQ(taken[0].link, kWan);
  EXPECT_EQ(taken[0].bytes, arp_request());
}

TEST_F(RunningDataplane, LetsControlSleepWhenThereIsNothing) { EXPECT_FALSE(exceptions_wait(0)); }

TEST_F(RunningDataplane, WakesControlForEachSleep) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(box().inject_frame(kWan, arp_request()));
    ASSERT_TRUE(exceptions_wait(20'000)) << "not woken the " << i << "th time";
    ASSERT_EQ(take_exceptions().size(), 1u);
  }
}

TEST_F(RunningDataplane, KeepsRingingWhileExceptionsAreLeft) {
  const uint64_t before = box().counters().punted;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(box().inject_frame(kWan, arp_request()));
  ASSERT_TRUE(punted_more(before, 5));  // counted; the last may still be on their way into the ring
  std::size_t taken = 0;
  while (taken < 5 && exceptions_wait(20'000)) taken += take_exceptions(1).size();
  EXPECT_EQ(taken, 5u);
}

TEST_F(RunningDataplane, RefusesAnInjectionThatNoBufferHolds) {
  const uint64_t before = box().injections_refused();
  EXPECT_FALSE(box().inject_frame(kWan, std::vector<uint8_t>(4000)));
  EXPECT_EQ(box().injections_refused(), before + 1);
}

TEST_F(RunningDataplane, GoesByTheSnapshotPublishedLast) {
  auto inactive = box_snapshot();
  inactive->filter_active = false;
  box().publish(std::move(inactive));
  const uint64_t before = dropped(box().counters(), DropReason::filter_inactive);
  ASSERT_TRUE(box().inject_frame(kLan, host_packet(1)));
  EXPECT_TRUE(
      eventually([&] { return dropped(box().counters(), DropReason::filter_inactive) == before + 1; }));
  box().publish(box_snapshot());
}

TEST_F(RunningDataplane, HandsOutAReleasedAdjacencyAfterHousekeeping) {
  const uint32_t before = box().adjacencies().in_use();
  box().adjacencies().release(box().adjacencies().allocate());
  EXPECT_TRUE(eventually([&] {
    box().housekeeping(now());
    return box().adjacencies().in_use() == before;
  }));
}

TEST_F(RunningDataplane, HasAHeartbeat) {
  EXPECT_TRUE(eventually([] { return box().oldest_heartbeat(now()) <= 1; }));
}

TEST_F(RunningDataplane, AccountsForItsCycles) {
  const CounterTotals before = box().counters();
  ASSERT_TRUE(box().inject_frame(kWan, unknown_frame()));
  EXPECT_TRUE(eventually([&] {
    const CounterTotals totals = box().counters();
    return totals.cycles_busy > before.cycles_busy && totals.cycles_idle > before.cycles_idle &&
           totals.cycles_nap > before.cycles_nap;
  }));
}

}  // namespace gate41::testing
