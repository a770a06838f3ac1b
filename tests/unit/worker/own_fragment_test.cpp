// Echo requests to the box itself that come in IPv6 fragments, and replies that leave in fragments.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

constexpr std::size_t kEthernet = 14;
constexpr std::size_t kOuter = kEthernet + 20;

// RFC 8200 §4.5: the part of an IPv6 packet without extension headers.
Frame part_of(const Frame& whole, std::size_t offset, std::size_t length, bool more, uint32_t id) {
  const auto from = whole.begin() + 40 + static_cast<std::ptrdiff_t>(offset);
  Frame part(whole.begin(), whole.begin() + 40);
  const std::size_t payload = 8 + length;
  part[4] = static_cast<uint8_t>(payload >> 8U);
  part[5] = static_cast<uint8_t>(payload);
  const std::size_t place = offset | (more ? 1U : 0U);
  for (const std::size_t byte : {std::size_t{whole[6]}, std::size_t{0}, place >> 8U, place & 0xffU})
    part.push_back(static_cast<uint8_t>(byte));
  for (const unsigned shift : {24U, 16U, 8U, 0U}) part.push_back(static_cast<uint8_t>(id >> shift));
  part[6] = 44;
  part.insert(part.end(), from, from + static_cast<std::ptrdiff_t>(length));
  return part;
}
// Two parts, cut behind `first` bytes of payload.
std::vector<Frame> parts_of(const Frame& whole, std::size_t first, uint32_t id) {
  return {part_of(whole, 0, first, true, id), part_of(whole, first, whole.size() - 40 - first, false, id)};
}
Frame behind(const PacketBuilder& header, const Frame& packet) {
  Frame frame = PacketBuilder(header).ether_type(ether_type::kIpv6).build();
  frame.insert(frame.end(), packet.begin(), packet.end());
  return frame;
}

Frame request(std::size_t data, const Ipv6Address& to = kHomeRouter, const Ipv6Address& from = kHost) {
  return PacketBuilder().ipv6(from, to).hop_limit(64).echo_request(7, 3).payload(data).build();
}
Frame reply(std::size_t data, const Ipv6Address& from = kHomeRouter, const Ipv6Address& to = kHost) {
  return PacketBuilder().ipv6(from, to).hop_limit(64).echo_reply(7, 3).payload(data).build();
}
std::vector<Frame> host_frames(const std::vector<Frame>& packets) {
  std::vector<Frame> frames;
  for (const Frame& packet : packets) frames.push_back(behind(GatewaySite::from_host(), packet));
  return frames;
}
uint32_t id_of(const Frame& frame, std::size_t ipv6_at) {
  return static_cast<uint32_t>(frame[ipv6_at + 44] << 24U | frame[ipv6_at + 45] << 16U |
                               frame[ipv6_at + 46] << 8U | frame[ipv6_at + 47]);
}
// These frames left the LAN's device, in this order or the other.
void expect_both(const Outcome& outcome, uint16_t device, std::vector<Frame> frames) {
  EXPECT_TRUE(outcome.raised.empty());
  std::vector<Frame> sent;
  for (const Sent& one : outcome.sent) {
    EXPECT_EQ(one.device, device);
    sent.push_back(one.bytes);
  }
  std::ranges::sort(sent);
  std::ranges::sort(frames);
  EXPECT_EQ(sent, frames);
}

// proves: I11 Q5
TEST(OwnFragments, AnEchoRequestInAnAtomicFragmentIsAnsweredWithoutOne) {
  GatewaySite site;
  const Frame whole = request(100);
  const Outcome outcome = site.receive(
      kLanDevice, behind(GatewaySite::from_host(), part_of(whole, 0, whole.size() - 40, false, 9)));
  ASSERT_EQ(outcome.sent.size(), 1U);
  EXPECT_EQ(hex(outcome.sent[0].bytes), hex(behind(GatewaySite::to_host(), reply(100))));
}

// proves: I11
TEST(OwnFragments, AnEchoRequestInFragmentsIsAnsweredInWhicheverOrderTheyCome) {
  for (const bool backwards : {false, true}) {
    GatewaySite site;
    std::vector<Frame> frames = host_frames(parts_of(request(300), 128, 9));
    if (backwards) std::ranges::reverse(frames);
    expect_nothing(site.receive(kLanDevice, frames[0]));
    EXPECT_EQ(site.totals().held, 1U);
    const Outcome outcome = site.receive(kLanDevice, frames[1]);
    ASSERT_EQ(outcome.sent.size(), 1U);
    EXPECT_EQ(hex(outcome.sent[0].bytes), hex(behind(GatewaySite::to_host(), reply(300))));
    EXPECT_EQ(site.totals().echo_replies, 1U);
    EXPECT_EQ(site.totals().reassembled_away, 1U);
  }
}

// proves: I11
TEST(OwnFragments, AReplyLargerThanTheLanTakesIsCutAtTheSource) {
  GatewaySite site;
  const Outcome outcome = site.receive(kLanDevice, host_frames(parts_of(request(1900), 1448, 9)));
  ASSERT_EQ(outcome.sent.size(), 2U);
  const uint32_t id = id_of(outcome.sent[0].bytes, kEthernet);
  std::vector<Frame> expected;
  for (const Frame& part : parts_of(reply(1900), 1448, id))
    expected.push_back(behind(GatewaySite::to_host(), part));
  expect_both(outcome, kLanDevice, expected);
  EXPECT_EQ(site.totals().created, 1U);
}

// proves: I11 X7
TEST(OwnFragments, AReplyLargerThanTheTunnelTakesIsCutToItsMtu) {
  GatewaySite site;
  site.snapshot.policy.allow_echo = true;
  const Outcome outcome = site.wan_sends(
      GatewaySite::from_wan().ipv6(kServer, kTunnelAddress).hop_limit(64).echo_request(7, 3).payload(1400));
  ASSERT_EQ(outcome.sent.size(), 2U);
  const uint32_t id = id_of(outcome.sent[0].bytes, kOuter);
  std::vector<Frame> parts = parts_of(reply(1400, kTunnelAddress, kServer), 1232, id);
  for (const Sent& sent : outcome.sent) {
    const Frame inner(sent.bytes.begin() + kOuter, sent.bytes.end());
    EXPECT_LE(inner.size(), 1280U);
    EXPECT_EQ(std::erase(parts, inner), 1U);
  }
}

// proves: I11
TEST(OwnFragments, AReplyThatFitsJustIsNotCut) {
  GatewaySite site;
  const Outcome outcome = site.receive(kLanDevice, host_frames(parts_of(request(1452), 1024, 9)));
  ASSERT_EQ(outcome.sent.size(), 1U);
  EXPECT_EQ(hex(outcome.sent[0].bytes), hex(behind(GatewaySite::to_host(), reply(1452))));
}

// proves: I11
TEST(OwnFragments, TwoRepliesHaveTwoIdentifications) {
  GatewaySite site;
  const auto ask = [&](uint32_t id) {
    return id_of(site.receive(kLanDevice, host_frames(parts_of(request(1900), 1448, id))).sent.at(0).bytes,
                 kEthernet);
  };
  EXPECT_NE(ask(1), ask(2));
}

// proves: X7
TEST(OwnFragments, WhatWouldNotBeAnsweredIsNotHeld) {
  GatewaySite site;
  for (const Frame& part : parts_of(request(300, kTunnelAddress, kServer), 128, 9)) {
    Frame frame = GatewaySite::from_wan().next_header(ip_proto::kIpv6).payload(part).build();
    expect_nothing(site.receive(kWanDevice, frame));
  }
  expect_nothing(site.host_sends(
      GatewaySite::from_host().ipv6(kHost, kHomeRouter).fragment(0, true, 9).udp(1, 2).payload(8)));
  EXPECT_EQ(site.totals().held, 0U);
  EXPECT_EQ(site.drops(DropReason::filter_own_unsolicited), 2U);
  EXPECT_EQ(site.drops(DropReason::filter_own_closed), 1U);
}

// proves: I10
TEST(OwnFragments, AnotherMessageInFragmentsIsNotAnswered) {
  GatewaySite site;
  const Frame other = PacketBuilder().ipv6(kHost, kHomeRouter).icmpv6(200, 0).payload(100).build();
  expect_nothing(site.receive(kLanDevice, host_frames(parts_of(other, 64, 9))));
  EXPECT_EQ(site.totals().icmp_errors_sent, 0U);
  EXPECT_EQ(site.drops(DropReason::filter_icmpv6_type), 1U);  // the later ones wait for it in vain
}

TEST(OwnFragments, AFloodOfFragmentsIsBounded) {
  GatewaySite site;
  for (uint32_t id = 0; id < 5000; ++id)
    site.receive(kLanDevice, host_frames({part_of(request(300), 0, 128, true, id)}));
  EXPECT_EQ(site.totals().held, Reassembler::kShare);
  for (const TimePoint end = site.now + std::chrono::seconds(33); site.now < end;) {
    site.now += std::chrono::milliseconds(10);
    site.pipeline->tick(site.now);
  }
  EXPECT_EQ(site.totals().held, 0U);
}

TEST(OwnFragments, WithoutABufferForTheSecondPartNothingIsSent) {
  GatewaySite site;
  std::vector<rte_mbuf*> mbufs;
  for (const Frame& frame : host_frames(parts_of(request(1900), 1448, 9)))
    mbufs.push_back(site.make_mbuf(frame));
  std::vector<rte_mbuf*> taken;
  while (rte_mbuf* mbuf = rte_pktmbuf_alloc(site.pool())) taken.push_back(mbuf);
  site.held_outside = taken.size();
  expect_nothing(site.receive_mbufs(kLanDevice, mbufs));
  EXPECT_EQ(site.drops(DropReason::no_buffer), 1U);
  rte_pktmbuf_free_bulk(taken.data(), static_cast<unsigned>(taken.size()));
  site.held_outside = 0;
}

}  // namespace
}  // namespace gate41::testing
