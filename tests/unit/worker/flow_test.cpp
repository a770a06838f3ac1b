// Flows across both directions: pinholes, related errors, fragments, time.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;
const Ipv6Address kServerRouter = ip6("2600:41::ff");

PacketBuilder out(PacketBuilder start, uint8_t hop_limit = 64) {
  return start.ipv6(kHost, kServer).hop_limit(hop_limit);
}
PacketBuilder in(PacketBuilder start, uint8_t hop_limit = 64) {
  return start.ipv6(kServer, kHost).hop_limit(hop_limit);
}
bool goes_out(GatewaySite& site, PacketBuilder packet) { return site.host_sends(packet).sent.size() == 1; }
bool comes_in(GatewaySite& site, PacketBuilder packet) { return site.wan_sends(packet).sent.size() == 1; }

TcpFields segment(uint8_t flags, uint32_t sequence, uint32_t acknowledgement) {
  TcpFields fields;
  fields.flags = flags;
  fields.sequence = sequence;
  fields.acknowledgement = acknowledgement;
  return fields;
}
constexpr uint8_t kSyn = tcp_flag::kSyn;
constexpr uint8_t kAck = tcp_flag::kAck;
PacketBuilder tcp_out(uint8_t flags, uint32_t sequence, uint32_t acknowledgement) {
  return out(GatewaySite::from_host()).tcp(40000, 8080, segment(flags, sequence, acknowledgement));
}
PacketBuilder tcp_in(uint8_t flags, uint32_t sequence, uint32_t acknowledgement) {
  return in(GatewaySite::from_wan()).tcp(8080, 40000, segment(flags, sequence, acknowledgement));
}
void connect(GatewaySite& site) {
  EXPECT_TRUE(goes_out(site, tcp_out(kSyn, 1000, 0)));
  EXPECT_TRUE(comes_in(site, tcp_in(kSyn | kAck, 5000, 1001)));
  EXPECT_TRUE(goes_out(site, tcp_out(kAck, 1001, 5001)));
}
PacketBuilder udp_in() { return in(GatewaySite::from_wan()).udp(8080, 40000).payload(8); }

void expire_all(GatewaySite& site) {
  for (int i = 0; i < 40; ++i) {
    site.now += 1s;
    site.pipeline->tick(site.now);
  }
}

// proves: S65 K51
TEST(Flow, TwoHoursOfAnIdleConnectionAreAMomentHere) {
  GatewaySite site;
  connect(site);
  site.now += 7440s;
  EXPECT_TRUE(comes_in(site, tcp_in(kAck, 5001, 1001)));
  site.now += 7442s;
  EXPECT_FALSE(comes_in(site, tcp_in(kAck, 5001, 1001)));
  EXPECT_EQ(site.drops(DropReason::filter_unsolicited), 1U);
  expire_all(site);
  EXPECT_EQ(site.totals().flows_current, 0U);
  EXPECT_EQ(site.totals().flows_created, 1U);
}

// proves: K51 K14
TEST(Flow, UdpStaysFiveMinutesAfterItsLastPacket) {
  GatewaySite site;
  site.open_udp_flow();
  for (int i = 0; i < 5; ++i) {
    site.now += 300s;
    EXPECT_TRUE(comes_in(site, udp_in()));
  }
  site.now += 302s;
  EXPECT_FALSE(comes_in(site, udp_in()));
}

TEST(Flow, ExpiredFlowsLeaveTheTable) {
  GatewaySite site;
  for (uint16_t port = 1; port <= 500; ++port)
    ASSERT_TRUE(goes_out(site, out(GatewaySite::from_host()).udp(port, 8080)));
  site.pipeline->tick(site.now);
  EXPECT_EQ(site.totals().flows_current, 500U);
  site.now += 301s;
  expire_all(site);
  EXPECT_EQ(site.totals().flows_current, 0U);
  EXPECT_EQ(site.totals().flows_expired, 500U);
}

TEST(Flow, PacketsOfOneBurstShareTheFlowThatTheFirstOneOpens) {
  GatewaySite site;
  const std::vector<Frame> burst(kBurst, out(GatewaySite::from_host()).udp(40000, 8080).payload(8).build());
  EXPECT_EQ(site.receive(kLanDevice, burst).sent.size(), kBurst);
  site.pipeline->tick(site.now);
  EXPECT_EQ(site.totals().flows_created, 1U);
}

// What could not open a flow itself.
// proves: K31 K58
TEST(Flow, TheSecondPacketOfABurstBelongsToTheFlowOfTheFirst) {
  GatewaySite site;
  const std::vector<Frame> given_up = {tcp_out(kSyn, 1000, 0).build(),
                                       tcp_out(tcp_flag::kRst, 1001, 0).build()};
  EXPECT_EQ(site.receive(kLanDevice, given_up).sent.size(), 2U);
  GatewaySite restarted;
  const std::vector<Frame> last = {tcp_out(kAck, 1001, 5001).build(),
                                   tcp_out(tcp_flag::kFin | kAck, 1001, 5001).build()};
  EXPECT_EQ(restarted.receive(kLanDevice, last).sent.size(), 2U);
}

TEST(Flow, AnExpiredFlowIsOpenedAgainFromInsideWithinOneBurst) {
  GatewaySite site;
  site.open_udp_flow();
  site.now += 400s;
  const std::vector<Frame> burst(4, out(GatewaySite::from_host()).udp(40000, 8080).payload(8).build());
  EXPECT_EQ(site.receive(kLanDevice, burst).sent.size(), 4U);
  EXPECT_TRUE(comes_in(site, udp_in()));
}

TEST(Flow, AnExpiredConnectionIsOpenedOnceWithinOneBurst) {
  GatewaySite site;
  EXPECT_TRUE(goes_out(site, tcp_out(kSyn, 1000, 0)));
  site.now += 400s;
  const std::vector<Frame> burst = {tcp_out(kSyn, 9000, 0).build(), tcp_out(tcp_flag::kRst, 9001, 0).build()};
  EXPECT_EQ(site.receive(kLanDevice, burst).sent.size(), 2U);
}

// proves: S67
TEST(Pinhole, LetsIntoOnePortOfOneHost) {
  GatewaySite site;
  site.snapshot.policy.inbound = Pinholes({{kHost, ip_proto::kTcp, 443, 443}});
  const auto syn = [](uint16_t port) { return in(GatewaySite::from_wan()).tcp(50000, port); };
  expect_sent(site.wan_sends(syn(443)), kLanDevice, in(GatewaySite::to_host(), 63).tcp(50000, 443));
  expect_nothing(site.wan_sends(syn(444)));
  const TcpFields syn_ack = segment(kSyn | kAck, 7000, 1001);
  expect_sent(site.host_sends(out(GatewaySite::from_host()).tcp(443, 50000, syn_ack)), kWanDevice,
              out(GatewaySite::to_wan(), 63).tcp(443, 50000, syn_ack));
}

TEST(Pinhole, ClosesForOpenFlowsWithTheNextEpoch) {
  GatewaySite site;
  site.snapshot.policy.inbound = Pinholes({{kHost, ip_proto::kUdp, 40000, 40000}});
  EXPECT_TRUE(comes_in(site, udp_in()));
  site.snapshot.policy.inbound = {};
  EXPECT_TRUE(comes_in(site, udp_in()));
  ++site.snapshot.policy.epoch;
  EXPECT_FALSE(comes_in(site, udp_in()));
  EXPECT_FALSE(goes_out(site, out(GatewaySite::from_host()).udp(40000, 8080)));
  EXPECT_EQ(site.drops(DropReason::filter_flow_barred), 2U);
}

// proves: K10
TEST(Pinhole, LetsNoErrorInAboutAFlowThatItNoLongerAllows) {
  GatewaySite site;
  site.snapshot.policy.inbound = Pinholes({{kHost, ip_proto::kUdp, 40000, 40000}});
  EXPECT_TRUE(comes_in(site, udp_in()));
  const auto error =
      in(GatewaySite::from_wan()).icmpv6(1, 0).payload(out({}, 60).udp(40000, 8080).payload(20).build());
  EXPECT_TRUE(comes_in(site, error));
  site.snapshot.policy.inbound = {};
  ++site.snapshot.policy.epoch;
  EXPECT_FALSE(comes_in(site, udp_in()));
  EXPECT_FALSE(comes_in(site, error));
}

TEST(Flow, FromInsideStaysOpenUnderANewEpoch) {
  GatewaySite site;
  site.open_udp_flow();
  ++site.snapshot.policy.epoch;
  EXPECT_TRUE(comes_in(site, udp_in()));
}

Frame quote_of_host() { return out({}, 60).udp(40000, 8080).payload(20).build(); }
Frame quote_of_server() { return in({}, 60).udp(8080, 40000).payload(20).build(); }

// proves: K37 K42 K46
TEST(RelatedError, EndsNoFlowOfAnyProtocol) {
  const auto chunk = std::vector<uint8_t>{0, 3, 0, 4};
  for (const PacketBuilder& sent :
       {out({}).tcp(40000, 8080, segment(kSyn, 1000, 0)), out({}).udp(40000, 8080),
        out({}).sctp(40000, 8080).payload(chunk), out({}).dccp(40000, 8080)}) {
    GatewaySite site;
    const Frame packet = sent.build();
    Frame frame = GatewaySite::from_host().ether_type(0x86dd).build();
    frame.insert(frame.end(), packet.begin(), packet.end());
    ASSERT_EQ(site.receive(kLanDevice, frame).sent.size(), 1U);
    for (const uint8_t type : {uint8_t{1}, uint8_t{2}, uint8_t{3}, uint8_t{4}})
      EXPECT_TRUE(comes_in(
          site, GatewaySite::from_wan().ipv6(kServerRouter, kHost).icmpv6(type, 0, 1400).payload(packet)));
    site.pipeline->tick(site.now);
    EXPECT_EQ(site.totals().flows_current, 1U);
  }
}

// proves: J11 I13 J1 J2 K19
TEST(RelatedError, ComesInToTheHostThatSentTheQuotedPacket) {
  GatewaySite site;
  site.open_udp_flow();
  for (const uint8_t type : {uint8_t{1}, uint8_t{2}, uint8_t{3}, uint8_t{4}}) {
    const auto error = [&](PacketBuilder start, uint8_t hop_limit) {
      return start.ipv6(kServerRouter, kHost)
          .hop_limit(hop_limit)
          .icmpv6(type, 0, 1400)
          .payload(quote_of_host());
    };
    expect_sent(site.wan_sends(error(GatewaySite::from_wan(), 64)), kLanDevice,
                error(GatewaySite::to_host(), 63));
  }
}

// proves: J11
TEST(RelatedError, AboutNoFlowDoesNot) {
  GatewaySite site;
  const PacketBuilder error =
      GatewaySite::from_wan().ipv6(kServerRouter, kHost).icmpv6(1, 0).payload(quote_of_host());
  expect_nothing(site.wan_sends(error));
  EXPECT_EQ(site.drops(DropReason::filter_error_unrelated), 1U);
}

// proves: J11 K10
TEST(RelatedError, ToAnotherHostThanTheQuotedOneDoesNot) {
  GatewaySite site;
  site.open_udp_flow();
  const Ipv6Address other = ip6("2002:b00:2:1::11");
  site.neighbours->insert({other, kHomeLan, {}}, site.host_way);
  expect_nothing(site.wan_sends(
      GatewaySite::from_wan().ipv6(kServerRouter, other).icmpv6(1, 0).payload(quote_of_host())));
  EXPECT_EQ(site.drops(DropReason::filter_error_unrelated), 1U);
}

// proves: J11
TEST(RelatedError, GoesOutAboutWhatCameIn) {
  GatewaySite site;
  site.open_udp_flow();
  const auto error = [](PacketBuilder start, uint8_t hop_limit) {
    return out(std::move(start), hop_limit).icmpv6(1, 4).payload(quote_of_server());
  };
  expect_sent(site.host_sends(error(GatewaySite::from_host(), 64)), kWanDevice,
              error(GatewaySite::to_wan(kRelayV4, 1), 63));
}

TEST(RelatedError, KeepsNoFlowAlive) {
  GatewaySite site;
  site.open_udp_flow();
  site.now += 299s;
  EXPECT_TRUE(comes_in(
      site, GatewaySite::from_wan().ipv6(kServerRouter, kHost).icmpv6(1, 0).payload(quote_of_host())));
  site.now += 3s;
  EXPECT_FALSE(comes_in(site, udp_in()));
  EXPECT_FALSE(comes_in(
      site, GatewaySite::from_wan().ipv6(kServerRouter, kHost).icmpv6(1, 0).payload(quote_of_host())));
}

PacketBuilder first_part(PacketBuilder start) {
  return start.fragment(0, true, 77).udp(40000, 8080).payload(16);
}
PacketBuilder later_part(PacketBuilder start, bool more = false) {
  return start.fragment(24, more, 77).next_header(ip_proto::kUdp).payload(16);
}

// proves: K53
TEST(Fragments, LaterOnesFollowTheFirst) {
  GatewaySite site;
  expect_sent(site.host_sends(first_part(out(GatewaySite::from_host()))), kWanDevice,
              first_part(out(GatewaySite::to_wan(), 63)));
  expect_sent(site.host_sends(later_part(out(GatewaySite::from_host()))), kWanDevice,
              later_part(out(GatewaySite::to_wan(kRelayV4, 1), 63)));
}

// proves: K53
TEST(Fragments, WithoutTheFirstThereIsNoWayOut) {
  GatewaySite site;
  expect_nothing(site.host_sends(later_part(out(GatewaySite::from_host()))));
  EXPECT_EQ(site.drops(DropReason::filter_fragment), 1U);
}

// proves: K53
TEST(Fragments, FollowInwardsOnlyWhereTheFirstWasLetIn) {
  GatewaySite site;
  const auto first = [](PacketBuilder start) {
    return start.fragment(0, true, 5).udp(8080, 40000).payload(16);
  };
  const auto later = [](PacketBuilder start) {
    return start.fragment(24, false, 5).next_header(ip_proto::kUdp).payload(16);
  };
  expect_nothing(site.wan_sends(first(in(GatewaySite::from_wan()))));
  expect_nothing(site.wan_sends(later(in(GatewaySite::from_wan()))));
  site.open_udp_flow();
  expect_sent(site.wan_sends(first(in(GatewaySite::from_wan()))), kLanDevice,
              first(in(GatewaySite::to_host(), 63)));
  expect_sent(site.wan_sends(later(in(GatewaySite::from_wan()))), kLanDevice,
              later(in(GatewaySite::to_host(), 63)));
}

// proves: K53
TEST(Fragments, WhatOverlapsTakesTheRestOfThePacketWithIt) {
  GatewaySite site;
  const auto part = [](uint16_t offset, bool more) {
    return out(GatewaySite::from_host()).fragment(offset, more, 77).next_header(ip_proto::kUdp).payload(16);
  };
  EXPECT_TRUE(goes_out(site, first_part(out(GatewaySite::from_host()))));
  EXPECT_FALSE(goes_out(site, first_part(out(GatewaySite::from_host()))));
  EXPECT_EQ(site.drops(DropReason::fragment_duplicate), 1U);
  EXPECT_FALSE(goes_out(site, part(16, true)));
  EXPECT_FALSE(goes_out(site, part(24, false)));
  EXPECT_EQ(site.drops(DropReason::fragment_overlap), 2U);
}

// proves: K53 K55
TEST(Fragments, AFirstFragmentThatComesAgainDoesNotMoveItsConnection) {
  GatewaySite site;
  connect(site);
  const auto first = [](uint8_t flags, uint32_t sequence) {
    return out(GatewaySite::from_host())
        .fragment(0, true, 77)
        .tcp(40000, 8080, segment(flags, sequence, 5001))
        .payload(4);
  };
  EXPECT_TRUE(goes_out(site, first(kAck, 1001)));
  EXPECT_FALSE(goes_out(site, first(tcp_flag::kRst | kAck, 1005)));
  EXPECT_EQ(site.drops(DropReason::fragment_duplicate), 1U);
  site.now += 7000s;
  EXPECT_TRUE(comes_in(site, tcp_in(kAck, 5001, 1005)));
}

// proves: K53
TEST(Fragments, ImpossibleOnesAreRefusedWhateverHasPassed) {
  GatewaySite site;
  EXPECT_FALSE(goes_out(
      site, out(GatewaySite::from_host()).fragment(24, true, 77).next_header(ip_proto::kUdp).payload(13)));
  EXPECT_FALSE(
      goes_out(site, out(GatewaySite::from_host()).fragment(0, true, 77).udp(40000, 8080).payload(13)));
  EXPECT_EQ(site.drops(DropReason::fragment_malformed), 2U);
}

// proves: K53
TEST(Fragments, ThirtySecondsLaterTheFirstIsForgotten) {
  GatewaySite site;
  EXPECT_TRUE(goes_out(site, first_part(out(GatewaySite::from_host()))));
  site.now += 31s;
  EXPECT_FALSE(goes_out(site, later_part(out(GatewaySite::from_host()))));
}

// proves: K52
TEST(FlowTable, AFullTableOfEstablishedFlowsRefusesNewOnesAndKeepsTheOld) {
  GatewaySite site(8);
  const auto packet = [](uint16_t port) { return out(GatewaySite::from_host()).udp(port, 8080); };
  for (uint16_t port = 1; port <= 8; ++port) {
    ASSERT_TRUE(goes_out(site, packet(port)));
    ASSERT_TRUE(comes_in(site, in(GatewaySite::from_wan()).udp(8080, port)));
  }
  EXPECT_FALSE(goes_out(site, packet(9)));
  EXPECT_EQ(site.drops(DropReason::flow_table_full), 1U);
  for (uint16_t port = 1; port <= 8; ++port) EXPECT_TRUE(goes_out(site, packet(port)));
}

}  // namespace
}  // namespace gate41::testing
