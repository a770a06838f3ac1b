// What goes up to control, what comes down from it, and what happens when they do not keep up.
#include <gtest/gtest.h>
#include <set>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;
const Ipv4Address kDnsV4 = ip4("11.0.0.53");

PacketBuilder from_isp(const MacAddress& destination = kWanMac) {
  return PacketBuilder().ethernet(destination, kIspMac);
}
PacketBuilder arp_request(const MacAddress& destination = kBroadcastMac) {
  return from_isp(destination).arp(1, kIspMac, ip4("11.0.0.1"), MacAddress{}, kOwnV4);
}
PacketBuilder solicitation(PacketBuilder start, uint8_t hop_limit = 255) {
  return start.ipv6(kHostLinkLocal, kHomeLinkLocal).hop_limit(hop_limit).icmpv6(135, 0).payload(16);
}
PacketBuilder dhcp_offer(PacketBuilder start) { return start.udp(67, 68).payload(300); }

// proves: S45
TEST(Exceptions, ComeThroughBeforeTheFilterIsActive) {
  GatewaySite site;
  site.snapshot.filter_active = false;
  expect_raised(site.wan_sends(arp_request()), ExceptionClass::arp, arp_request());
  const PacketBuilder offer =
      dhcp_offer(from_isp(kBroadcastMac).ipv4(ip4("11.0.0.1"), ip4("255.255.255.255")));
  expect_raised(site.wan_sends(offer), ExceptionClass::dhcp, offer);
  const PacketBuilder ns = solicitation(GatewaySite::from_host());
  expect_raised(site.host_sends(ns), ExceptionClass::nd, ns);
}

// proves: S45
TEST(FilterInactive, NothingIsForwardedEitherWay) {
  GatewaySite site;
  site.open_udp_flow();
  site.snapshot.filter_active = false;
  expect_nothing(site.host_sends(GatewaySite::from_host().ipv6(kHost, kServer).udp(40000, 8080)));
  expect_nothing(site.host_sends(GatewaySite::from_host().ipv6(kHost, kGuest).udp(1, 2)));
  expect_nothing(site.host_sends(GatewaySite::from_host().ipv6(kHost, kHomeRouter).echo_request(1, 1)));
  expect_nothing(site.wan_sends(GatewaySite::from_wan().ipv6(kServer, kHost).udp(8080, 40000)));
  EXPECT_EQ(site.drops(DropReason::filter_inactive), 4U);
}

TEST(Exceptions, DhcpToAnAddressNotYetOursComesUp) {
  GatewaySite site;
  site.snapshot.wan_address = Ipv4Address{};
  const PacketBuilder offer = dhcp_offer(from_isp().ipv4(ip4("11.0.0.1"), ip4("11.0.0.200")));
  expect_raised(site.wan_sends(offer), ExceptionClass::dhcp, offer);
}

TEST(Exceptions, FragmentsOfDhcpDoNot) {
  GatewaySite site;
  expect_nothing(site.wan_sends(dhcp_offer(from_isp().ipv4(ip4("11.0.0.1"), kOwnV4).ipv4_fragment(0, true))));
  EXPECT_EQ(site.drops(DropReason::ipv4_unsolicited), 1U);
}

// proves: S62 S63
TEST(Exceptions, Ipv4OfOwnConnectionsComesUpAndNothingElse) {
  GatewaySite site;
  const PacketBuilder query =
      PacketBuilder().ethernet(kIspMac, kWanMac).ipv4(kOwnV4, kDnsV4).udp(5353, 53).payload(9);
  const PacketBuilder answer = from_isp().ipv4(kDnsV4, kOwnV4).udp(53, 5353).payload(9);
  expect_nothing(site.wan_sends(answer));
  expect_sent(site.inject(InjectKind::host_v4, query.build(), kWanLink), kWanDevice, query);
  expect_raised(site.wan_sends(answer), ExceptionClass::host_v4, answer);
  expect_nothing(site.wan_sends(from_isp().ipv4(kDnsV4, kOwnV4).udp(53, 5354)));
  EXPECT_EQ(site.drops(DropReason::ipv4_unsolicited), 2U);
}

// proves: D18 X8
TEST(Exceptions, Ipv4ErrorsAboutOurTunnelComeUp) {
  GatewaySite site;
  const Frame quote =
      PacketBuilder().ipv4(kOwnV4, kRelayV4).ipv6(kHost, kServer).udp(40000, 8080).payload(8).build();
  const PacketBuilder error = from_isp().ipv4(ip4("11.0.0.1"), kOwnV4).icmpv4(3, 1).payload(quote);
  expect_raised(site.wan_sends(error), ExceptionClass::icmpv4_error, error);
  const Frame strange = PacketBuilder().ipv4(kSiteV4, kRelayV4).ipv6(kHost, kServer).udp(1, 2).build();
  expect_nothing(site.wan_sends(from_isp().ipv4(ip4("11.0.0.1"), kOwnV4).icmpv4(3, 1).payload(strange)));
}

// proves: J4 J5
TEST(Exceptions, NeighbourDiscoveryAndMldComeUpWhenTheyObeyTheRules) {
  GatewaySite site;
  expect_nothing(site.host_sends(solicitation(GatewaySite::from_host(), 64)));
  const auto message = [](uint8_t type, uint8_t hop_limit) {
    return GatewaySite::from_host()
        .ipv6(kHostLinkLocal, kHomeLinkLocal)
        .hop_limit(hop_limit)
        .icmpv6(type, 0)
        .payload(20);
  };
  expect_raised(site.host_sends(message(133, 255)), ExceptionClass::ra, message(133, 255));
  expect_raised(site.host_sends(message(136, 255)), ExceptionClass::nd, message(136, 255));
  expect_raised(site.host_sends(message(130, 1)), ExceptionClass::nd, message(130, 1));
  expect_nothing(site.host_sends(message(130, 2)));
  expect_nothing(site.host_sends(message(143, 1)));
  EXPECT_EQ(site.drops(DropReason::nd_invalid), 2U);
}

TEST(Exceptions, AreUntaggedAndNameTheirLink) {
  GatewaySite site;
  const auto ns = [](PacketBuilder start) {
    return start.ipv6(ip6("fe80::20"), ip6("fe80::41:2")).hop_limit(255).icmpv6(135, 0).payload(16);
  };
  const Outcome outcome = site.host_sends(ns(GatewaySite::from_guest()));
  expect_raised(outcome, ExceptionClass::nd, ns(PacketBuilder().ethernet(kLanMac, kGuestMac)));
  EXPECT_EQ(outcome.raised.front().meta.link, kGuestLink);
}

TEST(Exceptions, APriorityTagIsTakenOffToo) {
  GatewaySite site;
  const PacketBuilder tagged =
      from_isp(kBroadcastMac).vlan(0, 5).arp(1, kIspMac, ip4("11.0.0.1"), MacAddress{}, kOwnV4);
  expect_raised(site.wan_sends(tagged), ExceptionClass::arp, arp_request());
}

TEST(Injection, AFrameForATaggedLinkGetsItsTag) {
  GatewaySite site;
  const auto frame = [](PacketBuilder start) {
    return start.ipv6(kGuestRouter, kAllNodes).icmpv6(134, 0).payload(8);
  };
  expect_sent(
      site.inject(InjectKind::frame, frame(PacketBuilder().ethernet(kGuestMac, kLanMac)).build(), kGuestLink),
      kLanDevice, frame(GatewaySite::to_guest()));
}

TEST(Injection, AFrameForALinkThatIsNoMoreIsDropped) {
  GatewaySite site;
  expect_nothing(site.inject(InjectKind::frame, arp_request().build(), 30));
  EXPECT_EQ(site.drops(DropReason::link_unknown), 1U);
}

TEST(Policing, AFloodOfOneClassLeavesTheOthersTheirShare) {
  GatewaySite site;
  EXPECT_EQ(site.receive(kWanDevice, std::vector<Frame>(500, arp_request().build())).raised.size(), 100U);
  EXPECT_EQ(site.drops(DropReason::exception_policed), 400U);
  EXPECT_EQ(site.totals().policed[static_cast<std::size_t>(ExceptionClass::arp)], 400U);
  EXPECT_EQ(site.host_sends(solicitation(GatewaySite::from_host())).raised.size(), 1U);
  site.now += 100ms;
  EXPECT_EQ(site.receive(kWanDevice, std::vector<Frame>(500, arp_request().build())).raised.size(), 20U);
}

// Runs one frame and hands its buffer back as not taken.
void refuse_tx(GatewaySite& site, const Frame& frame) {
  rte_mbuf* mbuf = site.make_mbuf(frame);
  site.pipeline->receive({&mbuf, 1}, kLanDevice, site.snapshot, site.now);
  auto& queue = site.pipeline->outputs().tx[kWanDevice];
  site.pipeline->give_back_tx(queue, DropReason::tx_full);
  queue.clear();
}

TEST(GiveBack, UnsentPacketsCountAsDroppedAndNotAsSent) {
  GatewaySite site;
  refuse_tx(site, GatewaySite::from_host().ipv6(kHost, kServer).udp(1, 2).build());
  site.check_conservation();
  EXPECT_EQ(site.totals().tx, 0U);
  EXPECT_EQ(site.totals().links[kWanLink].tx_packets, 0U);
  EXPECT_EQ(site.totals().links[kWanLink].tx_bytes, 0U);
  EXPECT_EQ(site.drops(DropReason::tx_full), 1U);
}

TEST(GiveBack, ExceptionsThatControlDidNotTakeCountAsDropped) {
  GatewaySite site;
  rte_mbuf* mbuf = site.make_mbuf(arp_request().build());
  site.pipeline->receive({&mbuf, 1}, kWanDevice, site.snapshot, site.now);
  auto& queue = site.pipeline->outputs().exceptions;
  site.pipeline->give_back_exceptions(queue);
  queue.clear();
  site.check_conservation();
  EXPECT_EQ(site.totals().punted, 0U);
  EXPECT_EQ(site.drops(DropReason::exception_ring_full), 1U);
}

TEST(Counters, LinksCountFramesAndBytes) {
  GatewaySite site;
  const PacketBuilder frame = GatewaySite::from_guest().ipv6(kGuest, kServer).udp(1, 2).payload(100);
  site.host_sends(frame);
  const CounterTotals totals = site.totals();
  EXPECT_EQ(totals.links[kGuestLink].rx_packets, 1U);
  EXPECT_EQ(totals.links[kGuestLink].rx_bytes, 18U + 40U + 8U + 100U);
  EXPECT_EQ(totals.links[kWanLink].tx_bytes, 14U + 20U + 40U + 8U + 100U);
}

TEST(Counters, TotalsAddUpWorkers) {
  WorkerCounters one;
  WorkerCounters two;
  one.rx.add(3);
  two.rx.add(4);
  one.tx.add(3);
  two.punted.add(4);
  two.drops[5].add(2);
  two.flows_current = 9;
  CounterTotals totals;
  totals.add(one);
  totals.add(two);
  EXPECT_EQ(totals.rx, 7U);
  EXPECT_EQ(totals.drops[5], 2U);
  EXPECT_EQ(totals.flows_current, 9U);
  EXPECT_TRUE(totals.conserved());
}

TEST(Counters, ExceptionClassesHaveDistinctNames) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kExceptionClasses; ++i) names.insert(name_of(static_cast<ExceptionClass>(i)));
  EXPECT_EQ(names.size(), kExceptionClasses);
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace gate41::testing
