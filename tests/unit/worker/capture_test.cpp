// What an armed capture gets of the traffic.
#include <gtest/gtest.h>

#include <rte_ring.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

struct Copied {
  CaptureMeta meta;
  Frame bytes;
};

class Capture : public ::testing::Test {
 protected:
  void SetUp() override {
    ring_ = rte_ring_create("capture_ring", 16, SOCKET_ID_ANY, RING_F_SC_DEQ);
    pool_ = rte_pktmbuf_pool_create("capture_pool", 63, 0, kMbufPrivSize, RTE_PKTMBUF_HEADROOM + 2048,
                                    SOCKET_ID_ANY);
    ASSERT_TRUE(ring_ != nullptr && pool_ != nullptr);
  }
  void TearDown() override {
    site_.capture.disarm();
    (void)copies();
    rte_ring_free(ring_);
    rte_mempool_free(pool_);
  }
  void arm(bool drops_only) { site_.capture.arm(ring_, pool_, drops_only); }
  std::vector<Copied> copies() {
    std::vector<Copied> all;
    void* object = nullptr;
    while (rte_ring_dequeue(ring_, &object) == 0) {
      auto* mbuf = static_cast<rte_mbuf*>(object);
      const auto* start = rte_pktmbuf_mtod(mbuf, const uint8_t*);
      all.push_back(
          {*static_cast<CaptureMeta*>(rte_mbuf_to_priv(mbuf)), {start, start + rte_pktmbuf_data_len(mbuf)}});
      rte_pktmbuf_free(mbuf);
    }
    return all;
  }
  static PacketBuilder packet(PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kHost, kServer).hop_limit(hop_limit).udp(1, 2).payload(4);
  }
  void send() { site_.host_sends(packet(GatewaySite::from_host(), 64)); }
  void send_invalid() { site_.host_sends(GatewaySite::from_host().ipv6(kGuest, kServer).udp(1, 2)); }

  GatewaySite site_;
  rte_ring* ring_ = nullptr;
  rte_mempool* pool_ = nullptr;
};

TEST_F(Capture, UnarmedNothingIsCopied) {
  send();
  EXPECT_TRUE(copies().empty());
}

TEST_F(Capture, AForwardedPacketIsSeenAsItCameAndAsItLeft) {
  arm(false);
  send();
  const auto seen = copies();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].meta.point, CapturePoint::rx);
  EXPECT_EQ(seen[0].meta.link, kHomeLink);
  EXPECT_EQ(hex(seen[0].bytes), hex(packet(GatewaySite::from_host(), 64).build()));
  EXPECT_EQ(seen[1].meta.point, CapturePoint::tx);
  EXPECT_EQ(seen[1].meta.link, kWanLink);
  EXPECT_EQ(hex(seen[1].bytes), hex(packet(GatewaySite::to_wan(), 63).build()));
  EXPECT_EQ(seen[1].meta.length, seen[1].bytes.size());
}

TEST_F(Capture, ADropSaysWhy) {
  arm(true);
  send();
  send_invalid();
  const auto seen = copies();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].meta.point, CapturePoint::drop);
  EXPECT_EQ(text_of(seen[0].meta.reason).name, "policy_source_not_lan");
  EXPECT_EQ(seen[0].meta.link, kHomeLink);
}

TEST_F(Capture, AFrameOfAnUnknownLinkIsSeenToo) {
  arm(false);
  site_.host_sends(PacketBuilder().ethernet(kLanMac, kHostMac).vlan(99).ipv6(kHost, kServer).udp(1, 2));
  const auto seen = copies();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].meta.point, CapturePoint::rx);
  EXPECT_EQ(seen[0].meta.link, kNoIndex);
  EXPECT_EQ(text_of(seen[1].meta.reason).name, "link_unknown");
}

TEST_F(Capture, WhatTheDeviceDidNotTakeIsSeenAsDropped) {
  arm(true);
  rte_mbuf* mbuf = site_.make_mbuf(packet(GatewaySite::from_host(), 64).build());
  site_.pipeline->receive({&mbuf, 1}, kLanDevice, site_.snapshot, site_.now);
  auto& queue = site_.pipeline->outputs().tx[kWanDevice];
  site_.pipeline->give_back_tx(queue, DropReason::tx_full);
  queue.clear();
  const auto seen = copies();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(text_of(seen[0].meta.reason).name, "tx_full");
  EXPECT_EQ(seen[0].meta.link, kWanLink);
}

TEST_F(Capture, AFullRingLosesCopiesAndNoTraffic) {
  arm(false);
  for (int i = 0; i < 20; ++i) send();
  EXPECT_EQ(site_.totals().tx, 20U);
  EXPECT_EQ(copies().size(), 15U);  // a ring of 16 holds 15
  EXPECT_EQ(site_.capture.lost(), 40U - 15U);
}

}  // namespace
}  // namespace gate41::testing
