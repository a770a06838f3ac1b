// A device that loses its link: what would leave by it is dropped by the worker, under its own reason.
#include <gtest/gtest.h>

#include <rte_ethdev.h>

#include "tests/unit/runtime/box.hpp"

namespace gate41::testing {
namespace {

uint16_t wan_device() { return box().snapshot().links[kWan].device; }

bool wan_is_up() {
  for (const DeviceInfo& device : box().devices())
    if (device.port_id == wan_device()) return device.link_up;
  return false;
}

uint64_t lost() { return box().counters().drops[static_cast<std::size_t>(DropReason::link_down)]; }
uint64_t sent() { return box().counters().links[kWan].tx_packets; }

// The WAN is up again afterwards.
class LinkDown : public ::testing::Test {
 protected:
  void SetUp() override { set_link(false); }
  void TearDown() override {
    set_link(true);
    EXPECT_TRUE(eventually([] { return box().counters().conserved(); }));
  }
  static void set_link(bool up) {
    ASSERT_EQ(up ? rte_eth_dev_set_link_up(wan_device()) : rte_eth_dev_set_link_down(wan_device()), 0);
    box().housekeeping(now());
  }
};

}  // namespace

TEST_F(LinkDown, DropsWhatWouldLeaveByIt) {
  const uint64_t lost_before = lost();
  const uint64_t sent_before = sent();
  ASSERT_TRUE(box().inject_frame(kWan, unknown_frame()));
  EXPECT_TRUE(eventually([&] { return lost() == lost_before + 1; }));
  EXPECT_EQ(sent(), sent_before);
}

TEST_F(LinkDown, LeavesTheOtherDevicesAlone) {
  const uint64_t before = lost();
  const uint64_t lan_before = box().counters().links[kLan].tx_packets;
  ASSERT_TRUE(box().inject_frame(kLan, unknown_frame()));
  EXPECT_TRUE(eventually([&] { return box().counters().links[kLan].tx_packets == lan_before + 1; }));
  EXPECT_EQ(lost(), before);
}

TEST_F(LinkDown, IsToldToTheOperator) { EXPECT_FALSE(wan_is_up()); }

TEST_F(LinkDown, SendsAgainOnceTheLinkIsBack) {
  set_link(true);
  EXPECT_TRUE(wan_is_up());
  const uint64_t lost_before = lost();
  const uint64_t sent_before = sent();
  ASSERT_TRUE(box().inject_frame(kWan, unknown_frame()));
  EXPECT_TRUE(eventually([&] { return sent() == sent_before + 1; }));
  EXPECT_EQ(lost(), lost_before);
}

}  // namespace gate41::testing
