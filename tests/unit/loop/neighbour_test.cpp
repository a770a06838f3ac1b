#include <algorithm>
#include <sched.h>
#include <sys/socket.h>

#include "control/loop/netlink.hpp"
#include "control/loop/sysctl.hpp"
#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

using loop::Neighbour;

const Ipv4Address kPeer = Ipv4Address::of(11, 0, 0, 1);
const MacAddress kPeerMac{{2, 0, 0, 0, 0, 0xfe}};
const std::string kPort = "port";

// `port` here and `peer` with 11.0.0.1 in a namespace of its own are a veth pair.
class NeighbourTest : public NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    const loop::Fd here = own_namespace();
    ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
    there_ = own_namespace();
    ASSERT_EQ(::setns(here.get(), CLONE_NEWNET), 0);
    const std::string there = "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(there_.get());
    ASSERT_EQ(output_of("ip link add port type veth peer name peer netns " + there +
                        " && ip link set port up && "
                        "ip addr add 11.0.0.2/24 dev port"),
              "");
    within(there_, [] {
      ASSERT_EQ(
          output_of("ip link set peer address 02:00:00:00:00:fe up && ip addr add 11.0.0.1/24 dev peer"), "");
    });
    // Three tries of 100 ms instead of a second, once more every 100 ms.
    for (const char* key : {"retrans_time_ms", "interval_probe_time_ms"})
      EXPECT_TRUE(loop::write_sysctl(std::string("ipv4/neigh/port/") + key, "100"));
    network_ = loop::HostNetwork::create().value();
  }
  // The first change of this address that `wanted` holds for.
  std::optional<Neighbour> next_change(Ipv4Address address,
                                       const std::function<bool(const Neighbour&)>& wanted) {
    const auto end = std::chrono::steady_clock::now() + kLimit;
    while (std::chrono::steady_clock::now() < end && wait_readable(network_->monitor_fd()))
      for (const Neighbour& change : network_->read_neighbour_changes())
        if (change.address == address && wanted(change)) return change;
    return std::nullopt;
  }
  static bool usable(const Neighbour& neighbour) { return neighbour.mac.has_value(); }
  static bool failed(const Neighbour& neighbour) { return neighbour.failed; }

  loop::Fd there_;
  std::unique_ptr<loop::HostNetwork> network_;
};

TEST_F(NeighbourTest, IsResolvedWithoutTraffic) {
  const auto managed = network_->manage_neighbour(kPort, kPeer);
  ASSERT_TRUE(managed) << managed.error().message;
  const auto change = next_change(kPeer, usable);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->mac, kPeerMac);
  EXPECT_EQ(change->ifname, "port");
  EXPECT_FALSE(change->failed);
}

TEST_F(NeighbourTest, IsMarkedAsManaged) {
  ASSERT_TRUE(network_->manage_neighbour(kPort, kPeer));
  EXPECT_NE(output_of("ip neigh show 11.0.0.1").find("managed"), std::string::npos);
}

TEST_F(NeighbourTest, KeepsItsStateWhenItIsManagedAgain) {
  ASSERT_TRUE(network_->manage_neighbour(kPort, kPeer));
  ASSERT_TRUE(next_change(kPeer, usable));
  ASSERT_TRUE(network_->manage_neighbour(kPort, kPeer));
  const auto all = network_->dump_neighbours().value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].mac, kPeerMac);
}

TEST_F(NeighbourTest, ShowsInTheDump) {
  ASSERT_TRUE(network_->manage_neighbour(kPort, kPeer));
  const auto change = next_change(kPeer, usable);
  ASSERT_TRUE(change);
  EXPECT_EQ(network_->dump_neighbours().value(), std::vector<Neighbour>{*change});
}

TEST_F(NeighbourTest, FailsWhenNobodyAnswers) {
  const Ipv4Address nobody = Ipv4Address::of(11, 0, 0, 77);
  ASSERT_TRUE(network_->manage_neighbour(kPort, nobody));
  const auto change = next_change(nobody, failed);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->mac, std::nullopt);
}

TEST_F(NeighbourTest, IsFoundWhenItAppearsLater) {
  const Ipv4Address late = Ipv4Address::of(11, 0, 0, 78);
  ASSERT_TRUE(network_->manage_neighbour(kPort, late));
  ASSERT_TRUE(next_change(late, failed));
  within(there_, [] { output_of("ip addr add 11.0.0.78/24 dev peer"); });
  const auto change = next_change(late, usable);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->mac, kPeerMac);
}

TEST_F(NeighbourTest, FollowsAChangeOfItsMac) {
  ASSERT_TRUE(network_->manage_neighbour(kPort, kPeer));
  ASSERT_TRUE(next_change(kPeer, usable));
  ASSERT_TRUE(loop::write_sysctl("ipv4/neigh/port/locktime", "0"));
  within(there_, [] {
    output_of("echo 1 > /proc/sys/net/ipv4/conf/peer/arp_notify; ip link set peer address 02:00:00:00:00:aa");
  });
  const MacAddress fresh{{2, 0, 0, 0, 0, 0xaa}};
  EXPECT_TRUE(next_change(kPeer, [&](const Neighbour& change) { return change.mac == fresh; }));
}

TEST_F(NeighbourTest, IsGoneWhenNoLongerManaged) {
  ASSERT_TRUE(network_->manage_neighbour(kPort, kPeer));
  ASSERT_TRUE(next_change(kPeer, usable));
  ASSERT_TRUE(network_->unmanage_neighbour(kPort, kPeer));
  EXPECT_TRUE(next_change(kPeer, failed));
  EXPECT_TRUE(network_->unmanage_neighbour(kPort, kPeer));
  EXPECT_TRUE(std::ranges::none_of(network_->dump_neighbours().value(), usable));
}

TEST_F(NeighbourTest, ReadsEverythingAgainAfterAnOverflow) {
  ASSERT_TRUE(network_->manage_neighbour(kPort, kPeer));
  ASSERT_TRUE(next_change(kPeer, usable));
  const int small = 1;  // the kernel makes it its minimum, a few messages
  ASSERT_EQ(::setsockopt(network_->monitor_fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
  const Ipv4Address brief = Ipv4Address::of(11, 0, 0, 100);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(network_->manage_neighbour(kPort, brief));
    ASSERT_TRUE(network_->unmanage_neighbour(kPort, brief));
  }
  ::testing::internal::CaptureStderr();
  const auto changes = network_->read_neighbour_changes();
  EXPECT_NE(::testing::internal::GetCapturedStderr(), "");
  EXPECT_TRUE(
      std::ranges::any_of(changes, [](const Neighbour& n) { return n.address == kPeer && usable(n); }));
  EXPECT_EQ(network_->read_neighbour_changes(), std::vector<Neighbour>{}) << "older than what was read again";
}

}  // namespace
}  // namespace gate41::testing
