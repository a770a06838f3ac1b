// Packets for the box itself.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

PacketBuilder request(PacketBuilder start, const Ipv6Address& source, const Ipv6Address& destination,
                      uint8_t hop_limit = 64) {
  return start.ipv6(source, destination).hop_limit(hop_limit).echo_request(7, 3).payload(56);
}
PacketBuilder reply(PacketBuilder start, const Ipv6Address& source, const Ipv6Address& destination) {
  return start.ipv6(source, destination).hop_limit(64).echo_reply(7, 3).payload(56);
}

// proves: S68 I11 D12
TEST(OwnAddress, AnswersTheLansEchoAtEachOfItsAddresses) {
  GatewaySite site;
  for (const Ipv6Address& own : {kHomeRouter, kGuestRouter, kTunnelAddress}) {
    for (const uint8_t hop_limit : {uint8_t{0}, uint8_t{1}, uint8_t{64}}) {
      const Outcome outcome = site.host_sends(request(GatewaySite::from_host(), kHost, own, hop_limit));
      expect_sent(outcome, kLanDevice, reply(GatewaySite::to_host(), own, kHost));
    }
  }
  EXPECT_EQ(site.totals().echo_replies, 9U);
}

// proves: S68 I11
TEST(OwnAddress, AnswersLinkLocalHostsOnTheirLan) {
  GatewaySite site;
  expect_sent(site.host_sends(request(GatewaySite::from_host(), kHostLinkLocal, kHomeLinkLocal)), kLanDevice,
              reply(GatewaySite::to_host(), kHomeLinkLocal, kHostLinkLocal));
  expect_sent(site.host_sends(request(GatewaySite::from_host(), kHostLinkLocal, kHomeRouter)), kLanDevice,
              reply(GatewaySite::to_host(), kHomeRouter, kHostLinkLocal));
}

TEST(OwnAddress, ALinkLocalAddressIsOursOnItsOwnLanOnly) {
  GatewaySite site;
  const PacketBuilder packet = request(GatewaySite::from_guest(), ip6("fe80::20"), kHomeLinkLocal);
  expect_nothing(site.host_sends(packet));
  EXPECT_EQ(site.totals().echo_replies, 0U);
}

// proves: I11
TEST(OwnAddress, TheSubnetRouterAnycastAddressIsAnsweredByAUnicastOne) {
  GatewaySite site;
  expect_sent(site.host_sends(request(GatewaySite::from_host(), kHost, kHomeAnycast)), kLanDevice,
              reply(GatewaySite::to_host(), kHomeRouter, kHost));
}

// proves: X7 S64
TEST(OwnAddress, EchoFromTheTunnelIsAnsweredByPolicy) {
  GatewaySite site;
  expect_nothing(site.wan_sends(request(GatewaySite::from_wan(), kServer, kTunnelAddress)));
  EXPECT_EQ(site.drops(DropReason::filter_own_unsolicited), 1U);
  site.snapshot.policy.allow_echo = true;
  expect_sent(site.wan_sends(request(GatewaySite::from_wan(), kServer, kTunnelAddress)), kWanDevice,
              reply(GatewaySite::to_wan(), kTunnelAddress, kServer));
}

// proves: X7
TEST(OwnAddress, EchoFromAnotherSiteIsAnsweredDirectly) {
  GatewaySite site;
  site.snapshot.policy.allow_echo = true;
  expect_sent(site.wan_sends(request(GatewaySite::from_wan(kSiteV4), kSite, kHomeRouter)), kWanDevice,
              reply(GatewaySite::to_wan(kSiteV4), kHomeRouter, kSite));
}

// proves: S68
TEST(OwnAddress, NothingElseListensThere) {
  GatewaySite site;
  expect_nothing(site.host_sends(GatewaySite::from_host().ipv6(kHost, kHomeRouter).udp(1000, 53)));
  expect_nothing(site.host_sends(GatewaySite::from_host().ipv6(kHost, kHomeRouter).tcp(1000, 22)));
  expect_nothing(site.host_sends(GatewaySite::from_host().ipv6(kHost, kHomeRouter).echo_reply(1, 1)));
  EXPECT_EQ(site.drops(DropReason::filter_own_closed), 3U);
}

// proves: I10
TEST(OwnAddress, UnknownInformationalMessagesAreDiscardedSilently) {
  GatewaySite site;
  expect_nothing(site.host_sends(GatewaySite::from_host().ipv6(kHost, kHomeRouter).icmpv6(200, 0)));
  EXPECT_EQ(site.totals().icmp_errors_sent, 0U);
}

PacketBuilder unknown(PacketBuilder start) { return start.next_header(253).payload(20); }

// proves: I12
TEST(OwnAddress, TheSenderOfAnUnknownNextHeaderIsToldWhereItStands) {
  const PacketBuilder ipv6 = PacketBuilder().ipv6(kHost, kHomeRouter);
  const std::pair<PacketBuilder, uint32_t> cases[] = {
      {unknown(ipv6), 6},
      {unknown(PacketBuilder(ipv6).destination_options(24)), 40},
      {unknown(PacketBuilder(ipv6).hop_by_hop(16).destination_options(8)), 56},
      {unknown(PacketBuilder(ipv6).fragment(0, true, 9)), 40},
  };
  for (const auto& [packet, pointer] : cases) {
    GatewaySite site;
    Frame frame = GatewaySite::from_host().ether_type(ether_type::kIpv6).build();
    const Frame bytes = packet.build();
    frame.insert(frame.end(), bytes.begin(), bytes.end());
    expect_sent(site.receive(kLanDevice, frame), kLanDevice,
                error_about(GatewaySite::to_host(), kHomeRouter, kHost, 4, 1, pointer, bytes));
    EXPECT_EQ(site.drops(DropReason::filter_own_protocol), 1U);
  }
}

// proves: I12 I3 X24
TEST(OwnAddress, NobodyElseIsToldOfUnknownNextHeaders) {
  GatewaySite site;
  const auto to_us = [](PacketBuilder start) { return start.ipv6(kHost, kHomeRouter); };
  expect_nothing(site.host_sends(to_us(GatewaySite::from_host()).next_header(ip_proto::kNoNext)));
  expect_nothing(site.host_sends(unknown(to_us(GatewaySite::from_host()).fragment(24, false, 9))));
  expect_nothing(site.wan_sends(unknown(GatewaySite::from_wan().ipv6(kServer, kTunnelAddress))));
  EXPECT_EQ(site.drops(DropReason::filter_own_closed), 1U);
  EXPECT_EQ(site.drops(DropReason::filter_own_protocol), 1U);
  EXPECT_EQ(site.drops(DropReason::filter_own_unsolicited), 1U);
}

// The probe of a relay's health (B19) and its answer.
// proves: D12 S64
TEST(OwnPackets, AProbeLeavesWithHopLimitOneAndItsAnswerComesToControl) {
  GatewaySite site;
  const PacketBuilder probe =
      PacketBuilder().ipv6(kTunnelAddress, kAnycastForm).hop_limit(1).echo_request(41, 1);
  const Outcome sent = site.inject(InjectKind::routed, probe.build());
  expect_sent(sent, kWanDevice,
              GatewaySite::to_wan().ipv6(kTunnelAddress, kAnycastForm).hop_limit(1).echo_request(41, 1));
  const auto answer = [](PacketBuilder start) {
    return start.ipv6(kAnycastForm, kTunnelAddress).echo_reply(41, 1);
  };
  expect_raised(site.wan_sends(answer(GatewaySite::from_wan())), ExceptionClass::host_v6, answer({}));
}

// Control has encapsulated it: it is no traffic of the tunnel, and its answer is not unasked.
// proves: S26
TEST(OwnPackets, AKeepaliveLeavesAsItIsAndItsAnswerComesToControl) {
  GatewaySite site;
  const Ipv4Address kept = ip4("192.88.99.2");
  const Ipv6Address form = ip6("2002:c058:6302::");
  site.snapshot.tunnels[0].awaited = {kept};
  const PacketBuilder keepalive =
      GatewaySite::to_wan(kept).ipv6(kTunnelAddress, form).hop_limit(1).echo_request(41, 1);
  expect_sent(site.inject(InjectKind::host_v4, keepalive.build(), kWanLink), kWanDevice, keepalive);
  EXPECT_EQ(site.totals().tunnels[0].encap_packets, 0U);
  const auto answer = [&](PacketBuilder start) { return start.ipv6(form, kTunnelAddress).echo_reply(41, 1); };
  expect_raised(site.wan_sends(answer(GatewaySite::from_wan(kept))), ExceptionClass::host_v6, answer({}));
}

// proves: S64
TEST(OwnPackets, AnErrorAboutAProbeComesToControl) {
  GatewaySite site;
  const Frame probe = PacketBuilder().ipv6(kTunnelAddress, kServer).echo_request(41, 1).build();
  site.inject(InjectKind::routed, probe);
  const auto error = [&](PacketBuilder start) {
    return start.ipv6(ip6("2600:41::ff"), kTunnelAddress).icmpv6(1, 3).payload(probe);
  };
  expect_raised(site.wan_sends(error(GatewaySite::from_wan())), ExceptionClass::host_v6, error({}));
}

// Neither an answer nor an error may leave the link for somebody who has sent nothing.
// proves: K5 X24
TEST(OwnAddress, AnswersNobodyWhoIsNotOfThisLan) {
  GatewaySite site;
  for (const Ipv6Address& source : {kSite, kServer, kGuest}) {
    const auto asks = [&] { return GatewaySite::from_host().ipv6(source, kHomeLinkLocal); };
    expect_nothing(site.host_sends(asks().echo_request(1, 1)));
    expect_nothing(site.host_sends(asks().next_header(ip_proto::kGre).payload(8)));
  }
  EXPECT_EQ(site.drops(DropReason::policy_source_not_lan), 6U);
}

}  // namespace
}  // namespace gate41::testing
