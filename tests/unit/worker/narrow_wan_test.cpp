// A WAN that carries less than the tunnel's packets need: IPv4 fragments, byte for byte.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

constexpr std::size_t kLargest = 1280;

PacketBuilder largest(PacketBuilder start, uint8_t hop_limit) {
  return start.ipv6(kHost, kServer).hop_limit(hop_limit).udp(40000, 8080).payload(kLargest - 48);
}

// Bytes [offset, offset + length) of the whole outer packet's payload, as a fragment of it.
Frame piece(uint16_t id, uint16_t offset, uint16_t length, bool more) {
  const Frame inner = largest(PacketBuilder(), 63).build();
  const Frame part(inner.begin() + offset, inner.begin() + offset + length);
  return PacketBuilder()
      .ethernet(kIspMac, kWanMac)
      .ipv4(kOwnV4, kRelayV4)
      .next_header(ip_proto::kIpv6)
      .id(id)
      .ipv4_fragment(offset, more)
      .payload(part)
      .build();
}

void expect_pieces(const Outcome& outcome, const std::vector<Frame>& frames) {
  EXPECT_TRUE(outcome.raised.empty());
  ASSERT_EQ(outcome.sent.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(outcome.sent[i], (Sent{kWanDevice, frames[i]}));
  }
}

// proves: D8 D19 Q7
TEST(NarrowWan, AFullPacketGoesInFragments) {
  GatewaySite site;
  site.snapshot.links[kWanLink].mtu = 1299;
  const Outcome outcome = site.host_sends(largest(GatewaySite::from_host(), 64));
  expect_pieces(outcome, {piece(0, 0, 1272, true), piece(0, 1272, 8, false)});
}

// proves: D19 Q7
TEST(NarrowWan, AsManyFragmentsAsItTakes) {
  GatewaySite site;
  site.snapshot.links[kWanLink].mtu = 576;
  const Outcome outcome = site.host_sends(largest(GatewaySite::from_host(), 64));
  expect_pieces(outcome, {piece(0, 0, 552, true), piece(0, 552, 552, true), piece(0, 1104, 176, false)});
}

// proves: D19 Q7
TEST(NarrowWan, TheNarrowestLinkThereMayBe) {
  GatewaySite site;
  site.snapshot.links[kWanLink].mtu = 68;
  const Outcome outcome = site.host_sends(largest(GatewaySite::from_host(), 64));
  std::vector<Frame> expected;
  for (uint16_t offset = 0; offset < kLargest; offset += 48) {
    const auto length = static_cast<uint16_t>(std::min<std::size_t>(48, kLargest - offset));
    expected.push_back(piece(0, offset, length, offset + length < kLargest));
  }
  expect_pieces(outcome, expected);
}

// proves: D19
TEST(NarrowWan, WhatJustFitsIsNotCut) {
  GatewaySite site;
  site.snapshot.links[kWanLink].mtu = 1300;
  const Outcome outcome = site.host_sends(largest(GatewaySite::from_host(), 64));
  expect_sent(outcome, kWanDevice, largest(GatewaySite::to_wan(), 63));
  EXPECT_EQ(site.totals().tunnels[0].fragmented, 0U);
}

// proves: D19 D14
TEST(NarrowWan, ThePiecesOfOnePacketShareTheirIdAndTheNextHasAnother) {
  GatewaySite site;
  site.snapshot.links[kWanLink].mtu = 1299;
  site.host_sends(largest(GatewaySite::from_host(), 64));
  const Outcome outcome = site.host_sends(largest(GatewaySite::from_host(), 64));
  expect_pieces(outcome, {piece(1, 0, 1272, true), piece(1, 1272, 8, false)});
}

TEST(NarrowWan, CutPacketsAndMadeBuffersAreCounted) {
  GatewaySite site;
  site.snapshot.links[kWanLink].mtu = 576;
  site.host_sends(largest(GatewaySite::from_host(), 64));
  EXPECT_EQ(site.totals().tunnels[0].fragmented, 1U);
  EXPECT_EQ(site.totals().tunnels[0].encap_packets, 1U);
  EXPECT_EQ(site.totals().created, 2U);
  EXPECT_EQ(site.totals().links[kWanLink].tx_packets, 3U);
}

TEST(NarrowWan, WithoutBuffersNothingOfThePacketIsSent) {
  GatewaySite site;
  site.snapshot.links[kWanLink].mtu = 576;
  rte_mbuf* mbuf = site.make_mbuf(largest(GatewaySite::from_host(), 64).build());
  std::vector<rte_mbuf*> held;
  while (rte_mbuf* other = rte_pktmbuf_alloc(site.pool())) held.push_back(other);
  rte_pktmbuf_free(held.back());  // one of the two that it takes
  held.pop_back();
  site.held_outside = held.size();
  expect_nothing(site.receive_mbufs(kLanDevice, {&mbuf, 1}));
  EXPECT_EQ(site.drops(DropReason::no_buffer), 1U);
  rte_pktmbuf_free_bulk(held.data(), static_cast<unsigned>(held.size()));
  site.held_outside = 0;
}

// An anycast relay's DF forbids it; 1280 bytes of IPv6 have no smaller form, so nobody is told.
// proves: E12
TEST(NarrowWan, AnAnycastRelaysPacketsAreDroppedInstead) {
  RelaySite site;
  site.snapshot.links[kWanLink].mtu = 1299;
  const auto packet = RelaySite::from_native().ipv6(kServer, kSite).udp(1, 2).payload(kLargest - 48);
  expect_nothing(site.native_sends(packet));
  EXPECT_EQ(site.drops(DropReason::packet_too_big), 1U);
}

// proves: Q4
TEST(NarrowWan, PeersThatGetMoreThan500ASecondAreCounted) {
  GatewaySite site;
  const auto packet = GatewaySite::from_host().ipv6(kHost, kServer).udp(40000, 8080);
  for (unsigned i = 0; i < 503; ++i) site.host_sends(packet);
  EXPECT_EQ(site.totals().tunnels[0].fast_ids, 3U);
  EXPECT_EQ(site.totals().tunnels[0].fast_peer, 0xc0586301U);
}

// proves: Q4
TEST(NarrowWan, WhatMayNotBeFragmentedNeedsNoIds) {
  RelaySite site;
  const auto packet = RelaySite::from_native().ipv6(kServer, kSite).udp(1, 2);
  for (unsigned i = 0; i < 503; ++i) site.native_sends(packet);
  EXPECT_EQ(site.totals().tunnels[0].fast_ids, 0U);
}

}  // namespace
}  // namespace gate41::testing
