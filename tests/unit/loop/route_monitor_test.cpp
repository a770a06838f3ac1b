// Routes as a real kernel tells them.
#include "control/loop/route_monitor.hpp"

#include <map>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

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
  void open() { monitor_ = std::move(loop::RouteMonitor::open("port", 1000).value()); }
  // What the table has come to, once it is complete and so large.
  [[nodiscard]] bool becomes(std::size_t size) {
    TimePoint time{std::chrono::seconds(1)};
    while (table_.size() != size || !monitor_->routes().complete()) {
      monitor_->on_timer(time);
      time += loop::RouteMonitor::kDumpInterval;
      if (!wait_readable(monitor_->fd())) return false;
      for (const loop::KernelRoutes::Change& change : monitor_->read()) {
        if (change.target.kind == RouteTarget::Kind::none)
          table_.erase(change.prefix.to_string());
        else
          table_[change.prefix.to_string()] = change.target.next_hop.to_string();
      }
    }
    return true;
  }
  std::unique_ptr<loop::RouteMonitor> monitor_;
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
  output_of(
      "for i in $(seq 1 1000); do echo route add 2600:42:$(printf %x $i)::/48 via 2600:41::1 dev port; done "
      "| "
      "ip -6 -batch -");
  open();
  ASSERT_TRUE(becomes(1000));
  output_of("for i in $(seq 1 1000); do echo route del 2600:42:$(printf %x $i)::/48; done | ip -6 -batch -");
  ASSERT_TRUE(becomes(0));
}

TEST_F(RouteMonitorTest, NamesAnInterfaceThatIsMissing) {
  const auto opened = loop::RouteMonitor::open("port9", 1);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "port9: there is no such interface");
}

}  // namespace
}  // namespace gate41::testing
