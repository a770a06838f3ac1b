// Packets that wait for a neighbour at the control thread, and come back.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kNewHost = ip6("2002:b00:2:1::77");
const MacAddress kNewMac = mac("02:00:00:00:00:77");

PacketBuilder to_new_guest(PacketBuilder start, uint8_t hop_limit) {
  return start.ipv6(kGuest, kNewHost).hop_limit(hop_limit).udp(1, 2).payload(4);
}
PacketBuilder from_new(PacketBuilder start, uint8_t hop_limit) {
  return start.ipv6(kNewHost, kServer).hop_limit(hop_limit).udp(40000, 8080).payload(4);
}
PacketBuilder answer(PacketBuilder start, uint8_t hop_limit) {
  return start.ipv6(kServer, kNewHost).hop_limit(hop_limit).udp(8080, 40000).payload(4);
}
PacketBuilder from_new_host() { return PacketBuilder().ethernet(kLanMac, kNewMac); }
PacketBuilder to_new_host() { return PacketBuilder().ethernet(kNewMac, kLanMac); }

AdjacencyIndex learn_new_host(GatewaySite& site) {
  const AdjacencyIndex way = site.adjacencies.allocate();
  site.adjacencies.write(way, ethernet_way(kNewMac, kHomeLink));
  site.neighbours->insert({kNewHost, kHomeLan, {}}, way);
  return way;
}

// proves: H26
TEST(Waiting, AnUnknownNeighboursPacketGoesToControlWithItsNextHop) {
  GatewaySite site;
  const Outcome outcome = site.host_sends(to_new_guest(GatewaySite::from_guest(), 64).ethernet_padding(6));
  expect_raised(outcome, ExceptionClass::unresolved, to_new_guest({}, 64));
  const MbufMeta& meta = outcome.raised.front().meta;
  EXPECT_EQ(meta.lan, kHomeLan);
  EXPECT_EQ(0, std::memcmp(meta.next_hop, kNewHost.bytes.data(), 16));
}

// proves: D12
TEST(Waiting, AResumedPacketLosesItsHopOnce) {
  GatewaySite site;
  const Outcome waits = site.host_sends(to_new_guest(GatewaySite::from_guest(), 64));
  learn_new_host(site);
  expect_sent(site.give_back(InjectKind::resumed, waits.raised.front()), kLanDevice,
              to_new_guest(to_new_host(), 63));
}

// proves: H26 I6 I9
TEST(Waiting, TheSenderOnALanHearsOfAFailedNeighbour) {
  GatewaySite site;
  const Outcome waits = site.host_sends(to_new_guest(GatewaySite::from_guest(), 64));
  const Outcome outcome = site.give_back(InjectKind::failed, waits.raised.front());
  const Frame offending = to_new_guest({}, 64).build();
  expect_sent(outcome, kLanDevice,
              error_about(GatewaySite::to_guest(), kGuestRouter, kGuest, 1, 3, 0, offending));
  EXPECT_EQ(site.drops(DropReason::neighbour_failed), 1U);
}

// proves: H26
TEST(Waiting, OneThatThereWasNoRoomForIsCountedAndToldNobody) {
  GatewaySite site;
  const Outcome waits = site.host_sends(to_new_guest(GatewaySite::from_guest(), 64));
  expect_nothing(site.give_back(InjectKind::crowded, waits.raised.front()));
  EXPECT_EQ(site.drops(DropReason::neighbour_queue), 1U);
}

// proves: H26 I9
TEST(Waiting, SoDoesTheSenderBehindTheTunnel) {
  GatewaySite site;
  site.host_sends(from_new(from_new_host(), 64));
  const Outcome waits = site.wan_sends(answer(GatewaySite::from_wan(), 64));
  expect_raised(waits, ExceptionClass::unresolved, answer({}, 64));
  const Outcome outcome = site.give_back(InjectKind::failed, waits.raised.front());
  expect_sent(outcome, kWanDevice,
              error_about(GatewaySite::to_wan(kRelayV4, 1), kTunnelAddress, kServer, 1, 3, 0,
                          answer({}, 64).build()));
}

TEST(Waiting, AResumedPacketIsNotFilteredAgainAndItsFlowGoesOn) {
  GatewaySite site;
  site.host_sends(from_new(from_new_host(), 64));
  const Outcome waits = site.wan_sends(answer(GatewaySite::from_wan(), 64));
  learn_new_host(site);
  expect_sent(site.give_back(InjectKind::resumed, waits.raised.front()), kLanDevice,
              answer(to_new_host(), 63));
  for (int i = 0; i < 3; ++i)
    expect_sent(site.wan_sends(answer(GatewaySite::from_wan(), 64)), kLanDevice, answer(to_new_host(), 63));
}

TEST(Waiting, APacketThatOpensItsFlowMayWait) {
  GatewaySite site;
  site.snapshot.policy.inbound = Pinholes({{kNewHost, ip_proto::kUdp, 40000, 40000}});
  const Outcome waits = site.wan_sends(answer(GatewaySite::from_wan(), 64));
  expect_raised(waits, ExceptionClass::unresolved, answer({}, 64));
  learn_new_host(site);
  expect_sent(site.give_back(InjectKind::resumed, waits.raised.front()), kLanDevice,
              answer(to_new_host(), 63));
  site.snapshot.policy.inbound = {};  // without a new epoch the flow stands
  expect_sent(site.host_sends(from_new(from_new_host(), 64)), kWanDevice,
              from_new(GatewaySite::to_wan(), 63));
  expect_sent(site.wan_sends(answer(GatewaySite::from_wan(), 64)), kLanDevice, answer(to_new_host(), 63));
}

TEST(Waiting, WhenTheNeighbourIsLostTheFlowsPacketsWaitAgain) {
  GatewaySite site;
  const AdjacencyIndex way = learn_new_host(site);
  site.host_sends(from_new(from_new_host(), 64));
  for (int i = 0; i < 2; ++i) site.wan_sends(answer(GatewaySite::from_wan(), 64));
  site.neighbours->erase({kNewHost, kHomeLan, {}});
  site.adjacencies.release(way);
  expect_raised(site.wan_sends(answer(GatewaySite::from_wan(), 64)), ExceptionClass::unresolved,
                answer({}, 64));
}

TEST(Waiting, ASiteOnTheWansSubnetIsAskedForByItsIpv4Address) {
  GatewaySite site;
  const auto packet = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kHost, kNear).hop_limit(hop_limit).udp(1, 2);
  };
  const Outcome waits = site.host_sends(packet(GatewaySite::from_host(), 64));
  expect_raised(waits, ExceptionClass::unresolved_v4, packet({}, 64));
  const MbufMeta& meta = waits.raised.front().meta;
  EXPECT_EQ(meta.lan, kWanScope);
  const Ipv6Address expected = ip6("::ffff:11.0.0.77");
  EXPECT_EQ(0, std::memcmp(meta.next_hop, expected.bytes.data(), 16));
  const AdjacencyIndex near = site.adjacencies.allocate();
  site.adjacencies.write(near, tunnel_way(AdjacencyKind::tunnel, kNearMac, kOwnV4, kNearV4, 1280));
  site.neighbours->insert({mapped(kNearV4), kWanScope, {}}, near);
  expect_sent(site.give_back(InjectKind::resumed, waits.raised.front()), kWanDevice,
              packet(PacketBuilder().ethernet(kNearMac, kWanMac).ipv4(kOwnV4, kNearV4).id(0), 63));
}

// proves: K52
TEST(Waiting, WhatMayNotWaitOpensNoFlow) {
  GatewaySite site;
  std::vector<Frame> frames;
  for (uint16_t port = 1; port <= 150; ++port)
    frames.push_back(GatewaySite::from_host().ipv6(kHost, kNear).udp(port, 2).build());
  EXPECT_EQ(site.receive(kLanDevice, frames).raised.size(), 100U);
  EXPECT_EQ(site.drops(DropReason::exception_policed), 50U);
  site.pipeline->tick(site.now);
  EXPECT_EQ(site.totals().flows_current, 100U);
}

TEST(Waiting, AnErrorOfOursMayWaitToo) {
  GatewaySite site;
  const Outcome waits = site.host_sends(from_new(from_new_host(), 1));
  const auto error = [](PacketBuilder start) {
    return error_about(std::move(start), kHomeRouter, kNewHost, 3, 0, 0, from_new({}, 1).build());
  };
  expect_raised(waits, ExceptionClass::unresolved, error({}));
  learn_new_host(site);
  expect_sent(site.give_back(InjectKind::resumed, waits.raised.front()), kLanDevice, error(to_new_host()));
}

// proves: I2
TEST(Waiting, AnErrorOfOursThatFailsMakesNoOther) {
  GatewaySite site;
  const Outcome waits = site.host_sends(from_new(from_new_host(), 1));
  expect_nothing(site.give_back(InjectKind::failed, waits.raised.front()));
}

TEST(Waiting, WhatComesBackFromALanThatIsNoMoreIsDropped) {
  GatewaySite site;
  const Outcome waits = site.host_sends(to_new_guest(GatewaySite::from_guest(), 64));
  site.snapshot.lans.pop_back();
  expect_nothing(site.give_back(InjectKind::failed, waits.raised.front()));
  EXPECT_EQ(site.drops(DropReason::link_unknown), 1U);
}

}  // namespace
}  // namespace gate41::testing
