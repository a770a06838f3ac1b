// Routes as a real kernel tells them.
#include "control/loop/route_monitor.hpp"

#include <map>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

using loop::RouteMonitor;

class RouteMonitorTest : public NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    EXPECT_EQ(
        output_of("ip link set lo up; ip link add port type veth peer name other; ip link set other up; "
                  "ip link set port up; ip -6 addr add 2600:41::3/64 dev port nodad"),
        "");
  }
  void open(int queue = RouteMonitor::kQueueBytes) {
    monitor_ = std::move(RouteMonitor::open("port", 10'000, queue).value());
  }
  // What the table has come to, once it is complete and so large.
  [[nodiscard]] bool becomes(std::size_t size) {
    while (table_.size() != size || !monitor_->routes().complete()) {
      time_ += RouteMonitor::kPatience;
      monitor_->on_timer(time_);
      if (!wait_readable(monitor_->fd())) return false;
      read();
    }
    return true;
  }
  void read() {
    for (const loop::KernelRoutes::Change& change : monitor_->read(time_)) {
      if (change.target.kind == RouteTarget::Kind::none)
        table_.erase(change.prefix.to_string());
      else
        table_[change.prefix.to_string()] = change.target.next_hop.to_string();
    }
  }
  // A thousand, of which kSmallQueue does not hold all.
  static void add_many() {
    output_of(
        "for i in $(seq 1 1000); do echo route add 2600:42:$(printf %x $i)::/48 via 2600:41::1 dev port; "
        "done "
        "| "
        "ip -6 -batch -");
  }
  // Some of a thousand changes are lost, and all that were not are read.
  void lose_some() {
    open(kSmallQueue);
    ASSERT_TRUE(becomes(0));
    add_many();
    while (wait_readable(monitor_->fd(), std::chrono::milliseconds(0))) read();
    ASSERT_TRUE(monitor_->routes().wants_dump());
  }
  static constexpr int kSmallQueue = 64 * 1024;
  TimePoint time_{std::chrono::seconds(1)};
  std::unique_ptr<RouteMonitor> monitor_;
  std::map<std::string, std::string> table_;
};

TEST_F(RouteMonitorTest, FindsRoutesThatWereThereBefore) {
  output_of("ip -6 route add 2600:42::/32 via 2600:41::1 dev port proto bird");
  open();
  ASSERT_TRUE(becomes(1));
  EXPECT_EQ(table_["2600:42::/32"], "2600:41::1");
}

TEST_F(RouteMonitorTest, FollowsChanges) {
  open();
  ASSERT_TRUE(becomes(0));
  output_of("ip -6 route add 2600:42::/32 via 2600:41::1 dev port proto bird");
  ASSERT_TRUE(becomes(1));
  output_of("ip -6 route add 2600:43::/32 nexthop via 2600:41::1 dev port nexthop via 2600:41::2 dev port");
  ASSERT_TRUE(becomes(2));
  EXPECT_EQ(table_["2600:43::/32"], "2600:41::1");
  output_of("ip -6 route del 2600:43::/32 via 2600:41::1 dev port; ip -6 route del 2600:42::/32");
  ASSERT_TRUE(becomes(1));
  EXPECT_EQ(table_["2600:43::/32"], "2600:41::2");
}

// A thousand routes at once are more than one read.
TEST_F(RouteMonitorTest, ReadsALongTableInSlices) {
  add_many();
  open();
  ASSERT_TRUE(becomes(1000));
  output_of("for i in $(seq 1 1000); do echo route del 2600:42:$(printf %x $i)::/48; done | ip -6 -batch -");
  ASSERT_TRUE(becomes(0));
}

TEST_F(RouteMonitorTest, FindsWhatWasLost) {
  open(kSmallQueue);
  ASSERT_TRUE(becomes(0));
  add_many();
  EXPECT_TRUE(becomes(1000));
}

// The kernel says once that it lost some, and not again while anything waits: a dump would be taken for
// whole.
TEST_F(RouteMonitorTest, AsksForNothingWhileChangesWait) {
  lose_some();
  output_of("ip -6 route add 2600:43::/32 via 2600:41::1 dev port");
  time_ += RouteMonitor::kPatience;
  monitor_->on_timer(time_);
  EXPECT_TRUE(monitor_->routes().wants_dump());
  EXPECT_TRUE(becomes(1001));
}

TEST_F(RouteMonitorTest, AsksForAllAfterALossOnceNoRouteHasChangedForASecond) {
  lose_some();
  EXPECT_EQ(monitor_->next_deadline(), time_ + RouteMonitor::kQuiet);
  time_ += RouteMonitor::kQuiet - std::chrono::milliseconds(1);
  monitor_->on_timer(time_);
  EXPECT_TRUE(monitor_->routes().wants_dump());
  output_of("ip -6 route add 2600:43::/32 via 2600:41::1 dev port");
  read();
  EXPECT_EQ(monitor_->next_deadline(), time_ + RouteMonitor::kQuiet);
}

TEST_F(RouteMonitorTest, AsksForAllAfterTenSecondsOfChanges) {
  lose_some();
  const TimePoint latest = time_ + RouteMonitor::kPatience;
  time_ = latest - std::chrono::milliseconds(1);
  output_of("ip -6 route add 2600:43::/32 via 2600:41::1 dev port");
  read();
  EXPECT_EQ(monitor_->next_deadline(), latest);
}

TEST_F(RouteMonitorTest, NamesAnInterfaceThatIsMissing) {
  const auto opened = RouteMonitor::open("port9", 1);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "port9: there is no such interface");
}

}  // namespace
}  // namespace gate41::testing
