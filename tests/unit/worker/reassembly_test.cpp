// Outer fragments through the pipeline: bytes, the order of checks, the balance.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/ipv4_fragments.hpp"
#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

constexpr std::size_t kEthernet = 14;

Frame on_wan(const Packet4& packet) {
  Frame frame = PacketBuilder().ethernet(kWanMac, kIspMac).ether_type(ether_type::kIpv4).build();
  frame.insert(frame.end(), packet.begin(), packet.end());
  return frame;
}
Packet4 without_ethernet(const PacketBuilder& frame) {
  const Frame bytes = frame.build();
  return {bytes.begin() + kEthernet, bytes.end()};
}
// The frames that carry this one in fragments.
std::vector<Frame> fragments_of(const PacketBuilder& frame, const std::vector<std::size_t>& cuts) {
  std::vector<Frame> frames;
  for (const Packet4& fragment : ipv4_fragments(without_ethernet(frame), cuts))
    frames.push_back(on_wan(fragment));
  return frames;
}

// To the host's open flow: an IPv6 packet of `length` bytes.
PacketBuilder answer(PacketBuilder start, std::size_t length, uint8_t hop_limit = 64) {
  return start.ipv6(kServer, kHost).hop_limit(hop_limit).udp(8080, 40000).payload(length - 48);
}
PacketBuilder tunnelled_answer(std::size_t length) { return answer(GatewaySite::from_wan().id(77), length); }

// proves: D24 D26 D27
TEST(Reassembly, InWhateverOrderTheFragmentsComeTheHostGetsThePacket) {
  const std::vector<Frame> fragments = fragments_of(tunnelled_answer(1300), {8, 552, 1104});
  std::vector<std::size_t> order = {0, 1, 2, 3};
  GatewaySite site;
  site.open_udp_flow();
  do {
    for (std::size_t i = 0; i < 3; ++i) expect_nothing(site.receive(kWanDevice, fragments[order[i]]));
    expect_sent(site.receive(kWanDevice, fragments[order[3]]), kLanDevice,
                answer(GatewaySite::to_host(), 1300, 63));
  } while (std::ranges::next_permutation(order).found);
}

// proves: D23 D24 D25
TEST(Reassembly, AnIpv6PacketOf1500BytesComesThrough) {
  GatewaySite site;
  site.open_udp_flow();
  expect_sent(site.receive(kWanDevice, fragments_of(tunnelled_answer(1500), {1480})), kLanDevice,
              answer(GatewaySite::to_host(), 1500, 63));
}

// proves: D26
TEST(Reassembly, ManyPacketsInOneBurstAreToldApart) {
  GatewaySite site;
  site.open_udp_flow();
  std::vector<Frame> frames;
  for (std::size_t part : {0U, 1U})
    for (uint16_t id = 0; id < 10; ++id) {
      const PacketBuilder whole = answer(GatewaySite::from_wan().id(id), 200U + id);
      frames.push_back(fragments_of(whole, {104}).at(part));
    }
  const Outcome outcome = site.receive(kWanDevice, frames);
  ASSERT_EQ(outcome.sent.size(), 10U);
  for (uint16_t id = 0; id < 10; ++id)
    EXPECT_EQ(hex(outcome.sent[id].bytes), hex(answer(GatewaySite::to_host(), 200U + id, 63).build()));
}

// proves: D26
TEST(Reassembly, EveryFragmentIsInTheBalance) {
  GatewaySite site;
  site.open_udp_flow();
  const std::vector<Frame> fragments = fragments_of(tunnelled_answer(500), {160, 320});
  site.receive(kWanDevice, fragments[2]);
  EXPECT_EQ(site.totals().held, 1U);
  site.receive(kWanDevice, fragments[0]);
  EXPECT_EQ(site.totals().held, 2U);
  const CounterTotals before = site.totals();
  site.receive(kWanDevice, fragments[1]);
  EXPECT_EQ(site.totals().held, 0U);
  EXPECT_EQ(site.totals().reassembled_away, 2U);
  EXPECT_EQ(site.totals().tx - before.tx, 1U);
  EXPECT_EQ(site.totals().tunnels[0].decap_packets, 1U);
  EXPECT_EQ(site.totals().dropped, 0U);
}

// proves: D26
TEST(Reassembly, FragmentsThatWaitKeepNoPacketBuffer) {
  GatewaySite site;
  for (uint16_t id = 0; id < 16; ++id)
    site.receive(kWanDevice, fragments_of(answer(GatewaySite::from_wan().id(id), 500), {160}).front());
  EXPECT_EQ(site.totals().held, 16U);
  EXPECT_EQ(rte_mempool_avail_count(site.pool()), kBuffers);
}

// proves: D26 C5 C11
TEST(Reassembly, WhatTheOuterHeaderForbidsIsNotHeld) {
  GatewaySite site;
  const PacketBuilder forbidden = answer(GatewaySite::from_wan(ip4("10.1.1.1")), 500);
  expect_nothing(site.receive(kWanDevice, fragments_of(forbidden, {160})));
  EXPECT_EQ(site.drops(DropReason::outer_source_forbidden), 2U);
  EXPECT_EQ(site.totals().held, 0U);
}

// proves: D26 C8
TEST(Reassembly, TheInnerPacketIsCheckedOnceItIsWhole) {
  GatewaySite site;
  const PacketBuilder forged =
      GatewaySite::from_wan(kSiteV4).ipv6(ip6("2002:b00:364::1"), kHost).udp(8080, 40000).payload(100);
  expect_nothing(site.receive(kWanDevice, fragments_of(forged, {8, 48})));
  EXPECT_EQ(site.drops(DropReason::inner_source_mismatch), 1U);
  EXPECT_EQ(site.totals().reassembled_away, 2U);
}

PacketBuilder capable(PacketBuilder start, uint8_t ecn, uint8_t hop_limit) {
  return start.ipv6(kServer, kHost).traffic_class(ecn).hop_limit(hop_limit).udp(8080, 40000).payload(100);
}
std::vector<Frame> with_last_marked(const PacketBuilder& whole, uint8_t first, uint8_t last) {
  std::vector<Packet4> parts = ipv4_fragments(without_ethernet(whole), {48});
  return {on_wan(with_tos(parts[0], first)), on_wan(with_tos(parts[1], last))};
}

// proves: D26 F6
TEST(Reassembly, AMarkOnOneFragmentReachesTheInnerPacket) {
  constexpr uint8_t kEct0 = 2, kCe = 3;
  GatewaySite site;
  site.open_udp_flow();
  expect_sent(
      site.receive(kWanDevice, with_last_marked(capable(GatewaySite::from_wan(), kEct0, 64), kEct0, kCe)),
      kLanDevice, capable(GatewaySite::to_host(), kCe, 63));
  EXPECT_EQ(site.totals().tunnels[0].ecn_marked, 1U);
}

// proves: D26 F4
TEST(Reassembly, AMarkOnOneFragmentCostsAPacketThatIsNotCapable) {
  constexpr uint8_t kEct0 = 2, kCe = 3;
  GatewaySite site;
  site.open_udp_flow();
  expect_nothing(
      site.receive(kWanDevice, with_last_marked(capable(GatewaySite::from_wan(), 0, 64), kEct0, kCe)));
  EXPECT_EQ(site.drops(DropReason::ecn_ce_not_ect), 1U);
}

// proves: D26
TEST(Reassembly, WhatDoesNotBecomeWholeIsDroppedInTimeWithoutAnyTraffic) {
  RelaySite site;  // has no flow table
  const PacketBuilder whole = RelaySite::from_site().ipv6(kSite, ip6("2600:42::80")).udp(1, 2).payload(100);
  const std::vector<Frame> fragments = fragments_of(whole, {16, 48});
  site.receive(kWanDevice, std::vector<Frame>{fragments[0], fragments[2]});
  EXPECT_EQ(site.totals().held, 2U);
  for (const TimePoint end = site.now + std::chrono::seconds(32); site.now < end;) {
    site.now += std::chrono::milliseconds(10);
    site.pipeline->tick(site.now);
  }
  EXPECT_EQ(site.totals().held, 0U);
  EXPECT_EQ(site.drops(DropReason::fragment_timeout), 2U);
}

// proves: D26
TEST(Reassembly, APacketThatItsLastFragmentsBufferCannotHoldIsDropped) {
  GatewaySite site;
  site.open_udp_flow();
  const std::vector<Frame> fragments = fragments_of(tunnelled_answer(1300), {1200});
  site.receive(kWanDevice, fragments[0]);
  rte_mbuf* mbuf = rte_pktmbuf_alloc(site.pool());
  mbuf->data_off = static_cast<uint16_t>(mbuf->buf_len - fragments[1].size() - 8);
  std::ranges::copy(fragments[1], rte_pktmbuf_append(mbuf, static_cast<uint16_t>(fragments[1].size())));
  expect_nothing(site.receive_mbufs(kWanDevice, {&mbuf, 1}));
  EXPECT_EQ(site.drops(DropReason::frame_too_long), 1U);
}

TEST(Reassembly, AFragmentThatIsAChainAndOneWithPaddingMeet) {
  GatewaySite site;
  site.open_udp_flow();
  std::vector<Frame> fragments = fragments_of(tunnelled_answer(300), {296});
  fragments[1].resize(60);  // the least that Ethernet carries
  rte_mbuf* chain = site.make_chain(fragments[0], {20, 100});
  expect_nothing(site.receive_mbufs(kWanDevice, {&chain, 1}));
  expect_sent(site.receive(kWanDevice, fragments[1]), kLanDevice, answer(GatewaySite::to_host(), 300, 63));
}

// proves: D26
TEST(Reassembly, AFloodOfFirstFragmentsLosesNoBufferAndOthersPass) {
  GatewaySite site;
  site.open_udp_flow();
  const std::vector<Frame> good = fragments_of(tunnelled_answer(1300), {800});
  site.receive(kWanDevice, good[0]);
  for (uint16_t id = 0; id < 20000; ++id) {
    const PacketBuilder flood = GatewaySite::from_wan(kSiteV4).id(id).ipv4_fragment(0, true);
    site.wan_sends(PacketBuilder(flood).next_header(ip_proto::kIpv6).payload(8));
  }
  EXPECT_EQ(site.totals().held, 1 + Reassembler::kShare);
  EXPECT_EQ(site.drops(DropReason::fragment_evicted), 20000 - Reassembler::kShare);
  expect_sent(site.receive(kWanDevice, good[1]), kLanDevice, answer(GatewaySite::to_host(), 1300, 63));
}

}  // namespace
}  // namespace gate41::testing
