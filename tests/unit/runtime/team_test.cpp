// Two workers in threads of their own. All that control injects into a port comes by the first worker's
// queue: what the other one does has been handed over.
#include <gtest/gtest.h>
#include <thread>

#include "tests/unit/runtime/box.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

uint64_t drops(const CounterTotals& totals, DropReason reason) {
  return totals.drops[static_cast<std::size_t>(reason)];
}

// Each flow's first packet from the LAN; what leaves by the tunnel comes back by the ring and is dropped
// there.
void send_flows(uint64_t first, uint64_t n) {
  for (uint64_t server = first; server < first + n; ++server)
    while (!box().inject_frame(kLan, host_packet_to(server))) std::this_thread::yield();
}

bool all_encapsulated(const CounterTotals& before, uint64_t n) {
  return eventually([&] {
    const CounterTotals totals = box().counters();
    return totals.tunnels[0].encap_packets - before.tunnels[0].encap_packets +
               drops(totals, DropReason::handover_full) - drops(before, DropReason::handover_full) ==
           n;
  });
}

// Nothing is under way: what was sent has come back, what was handed over has arrived, all is accounted for.
bool settled() {
  return eventually([] {
    const CounterTotals totals = box().counters();
    return totals.conserved() && totals.tx == totals.rx && totals.handed_in == totals.handed_out;
  });
}

// Every test leaves the box as it was.
class Team : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(settled()); }
  void TearDown() override {
    EXPECT_TRUE(settled());
    box().erase_flows({}, nullptr);
    EXPECT_TRUE(eventually([] {
      box().poll_requests();
      return !box().requests_pending() && box().counters().flows_current == 0;
    }));
  }
};

}  // namespace

TEST_F(Team, HasTwoWorkers) { EXPECT_EQ(box().workers(), 2U); }

// proves: K56 U31
TEST_F(Team, SharesOutWhatComesByOneQueue) {
  const CounterTotals before = box().counters();
  const CounterTotals other = box().counters_of(1);
  send_flows(0x1000, 400);
  EXPECT_TRUE(all_encapsulated(before, 400));
  const CounterTotals now = box().counters_of(1);
  EXPECT_GT(now.handed_in - other.handed_in, 100U);
  EXPECT_GT(now.tunnels[0].encap_packets - other.tunnels[0].encap_packets, 50U);
}

// proves: K56
TEST_F(Team, LosesNoPacketThatItDoesNotCount) {
  const CounterTotals before = box().counters();
  send_flows(0x2000, 3000);
  ASSERT_TRUE(eventually([&] { return box().counters().injected - before.injected == 3000; }));
  ASSERT_TRUE(settled());
  EXPECT_GT(box().counters().handed_in, before.handed_in + 500);
}

// A sleeping owner is woken, not waited for.
// proves: K56
TEST_F(Team, WakesAnOwnerThatSleeps) {
  for (uint64_t i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(5ms);  // longer than any nap
    const CounterTotals before = box().counters();
    send_flows(0x4000 + i, 1);
    EXPECT_TRUE(all_encapsulated(before, 1));
  }
}

TEST_F(Team, WaitsForBothBeforeItFrees) {
  box().publish(box_snapshot());
  EXPECT_TRUE(eventually([] {
    box().housekeeping(now());
    return box().oldest_heartbeat(now()) <= 1;
  }));
}

// proves: K56
TEST_F(Team, ShowsTheFlowsOfAllWorkers) {
  const CounterTotals before = box().counters();
  send_flows(0x5000, 64);
  ASSERT_TRUE(all_encapsulated(before, 64));
  std::size_t seen = 0;
  bool done = false;
  const auto count = [&](const std::vector<FlowRecord>& records, bool last) {
    for (const FlowRecord& record : records) seen += (record.key.exterior.low() & ~0x3fULL) == 0x5000;
    done = last;
  };
  box().walk_flows({}, count, [] { return Pace::go; });
  EXPECT_TRUE(eventually([&] {
    box().poll_requests();
    return done;
  }));
  EXPECT_EQ(seen, 64U);
}

}  // namespace gate41::testing
