// What stays on the site: LAN to LAN, and what a LAN may send at all.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

PacketBuilder udp(PacketBuilder start, const Ipv6Address& source, const Ipv6Address& destination,
                  uint8_t hop_limit) {
  return start.ipv6(source, destination).hop_limit(hop_limit).udp(1000, 2000).payload(9);
}

// proves: P8 K5 D12
TEST(LanToLan, IsForwardedBothWaysWithoutAFlow) {
  GatewaySite site;
  expect_sent(site.host_sends(udp(GatewaySite::from_host(), kHost, kGuest, 64)), kLanDevice,
              udp(GatewaySite::to_guest(), kHost, kGuest, 63));
  expect_sent(site.host_sends(udp(GatewaySite::from_guest(), kGuest, kHost, 64)), kLanDevice,
              udp(GatewaySite::to_host(), kGuest, kHost, 63));
  site.pipeline->tick(site.now);
  EXPECT_EQ(site.totals().flows_created, 0U);
}

TEST(LanToLan, TakesWhatTheTunnelDoesNot) {
  GatewaySite site;
  const auto big = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kHost, kGuest).hop_limit(hop_limit).udp(1000, 2000).payload(1500 - 48);
  };
  expect_sent(site.host_sends(big(GatewaySite::from_host(), 64)), kLanDevice,
              big(GatewaySite::to_guest(), 63));
}

// Every router on the link would forward it.
TEST(LanToLan, LeavesAloneWhatWasSentToAllAndIsForOne) {
  GatewaySite site;
  const MacAddress everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
  expect_nothing(site.host_sends(udp(PacketBuilder().ethernet(everybody, kHostMac), kHost, kServer, 64)));
  EXPECT_EQ(site.drops(DropReason::not_for_us_mac), 1U);
}

// proves: K5
TEST(LanSource, OfTheOtherLanIsDropped) {
  GatewaySite site;
  expect_nothing(site.host_sends(udp(GatewaySite::from_host(), kGuest, kServer, 64)));
  expect_nothing(site.host_sends(udp(GatewaySite::from_guest(), kHost, kServer, 64)));
  EXPECT_EQ(site.drops(DropReason::policy_source_not_lan), 2U);
}

// proves: K5 X24
TEST(LanSource, OfAnotherNetworkIsDroppedSilently) {
  GatewaySite site;
  expect_nothing(site.host_sends(udp(GatewaySite::from_host(), ip6("2600:99::1"), kServer, 64)));
  expect_nothing(site.host_sends(udp(GatewaySite::from_host(), kSite, kServer, 64)));
  expect_nothing(site.host_sends(udp(GatewaySite::from_host(), kHostLinkLocal, kServer, 64)));
  EXPECT_EQ(site.totals().icmp_errors_sent, 0U);
  EXPECT_EQ(site.totals().dropped, 3U);
}

// proves: P14 I6 I9
TEST(LanSource, OfAWithdrawnPrefixIsToldSoOnItsLan) {
  GatewaySite site;
  const Ipv6Address old = ip6("2002:b00:9:1::10");
  site.neighbours->insert({old, kHomeLan, {}}, site.host_way);
  const Outcome outcome = site.host_sends(udp(GatewaySite::from_host(), old, kServer, 64));
  const Frame offending = udp({}, old, kServer, 64).build();
  expect_sent(outcome, kLanDevice, error_about(GatewaySite::to_host(), kHomeRouter, old, 1, 5, 0, offending));
  EXPECT_EQ(site.drops(DropReason::policy_source_withdrawn), 1U);
}

// proves: P14
TEST(LanSource, OfAWithdrawnPrefixIsLookedForOnItsLanWhenUnknown) {
  GatewaySite site;
  const Ipv6Address old = ip6("2002:b00:9:2::10");
  const Outcome outcome = site.host_sends(udp(GatewaySite::from_guest(), old, kServer, 64));
  ASSERT_EQ(outcome.raised.size(), 1U);
  EXPECT_EQ(outcome.raised.front().meta.exception_class, ExceptionClass::unresolved);
  EXPECT_EQ(outcome.raised.front().meta.lan, kGuestLan);
}

// proves: P6 X24 I6 I9
TEST(NullRoute, AnswersTheLan) {
  GatewaySite site;
  const Ipv6Address nowhere = ip6("2002:b00:2:99::1");
  const Outcome outcome = site.host_sends(udp(GatewaySite::from_guest(), kGuest, nowhere, 64));
  const Frame offending = udp({}, kGuest, nowhere, 64).build();
  expect_sent(outcome, kLanDevice,
              error_about(GatewaySite::to_guest(), kGuestRouter, kGuest, 1, 0, 0, offending));
  EXPECT_EQ(site.drops(DropReason::null_route), 1U);
}

// proves: P6 X24
TEST(NullRoute, IsSilentTowardsTheTunnel) {
  GatewaySite site;
  const Ipv6Address nowhere = ip6("2002:b00:2:99::1");
  site.snapshot.policy.inbound = Pinholes({{nowhere, ip_proto::kUdp, 2000, 2000}});
  expect_nothing(site.wan_sends(udp(GatewaySite::from_wan(), kServer, nowhere, 64)));
  EXPECT_EQ(site.drops(DropReason::null_route), 1U);
}

RouteTable with_default(const RouteTable& routes, RouteKind kind) {
  std::vector<Route> changed = routes.routes();
  changed.back().kind = kind;
  return RouteTable(changed);
}

// proves: X24
TEST(DeadRelay, AnswersTheLan) {
  GatewaySite site;
  site.snapshot.routes = with_default(site.snapshot.routes, RouteKind::relay_down);
  const Outcome outcome = site.host_sends(udp(GatewaySite::from_host(), kHost, kServer, 64));
  const Frame offending = udp({}, kHost, kServer, 64).build();
  expect_sent(outcome, kLanDevice,
              error_about(GatewaySite::to_host(), kHomeRouter, kHost, 1, 3, 0, offending));
  EXPECT_EQ(site.drops(DropReason::relay_down), 1U);
}

TEST(DeadRelay, LeavesOtherSitesReachable) {
  GatewaySite site;
  site.snapshot.routes = with_default(site.snapshot.routes, RouteKind::relay_down);
  expect_sent(site.host_sends(udp(GatewaySite::from_host(), kHost, kSite, 64)), kWanDevice,
              udp(GatewaySite::to_wan(kSiteV4), kHost, kSite, 63));
}

// proves: B15 X24
TEST(NoRelay, GivesNoRoute) {
  GatewaySite site;
  std::vector<Route> routes = site.snapshot.routes.routes();
  routes.pop_back();
  site.snapshot.routes = RouteTable(routes);
  const Outcome outcome = site.host_sends(udp(GatewaySite::from_host(), kHost, kServer, 64));
  const Frame offending = udp({}, kHost, kServer, 64).build();
  expect_sent(outcome, kLanDevice,
              error_about(GatewaySite::to_host(), kHomeRouter, kHost, 1, 0, 0, offending));
}

// proves: K1 K2 K3
TEST(LanPolicy, WhatNeverCrossesIsDroppedSilently) {
  GatewaySite site;
  expect_nothing(site.host_sends(udp(GatewaySite::from_host(), ip6("ff0e::1"), kServer, 64)));
  expect_nothing(site.host_sends(udp(GatewaySite::from_host(), kHost, ip6("ff0e::1"), 64)));
  expect_nothing(site.host_sends(udp(GatewaySite::from_host(), kHost, ip6("fec0::1"), 64)));
  expect_nothing(site.host_sends(udp(GatewaySite::from_host(), kHost, ip6("fe80::99"), 64)));
  EXPECT_EQ(site.totals().dropped, 4U);
}

}  // namespace
}  // namespace gate41::testing
