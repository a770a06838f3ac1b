// The relay, both ways, byte for byte.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kFar = ip6("2600:42::80");

PacketBuilder inwards(PacketBuilder start, uint8_t hop_limit) {
  return start.ipv6(kFar, kSite).hop_limit(hop_limit).udp(53, 5000).payload(40);
}
PacketBuilder outwards(PacketBuilder start, uint8_t hop_limit) {
  return start.ipv6(kSite, kFar).hop_limit(hop_limit).udp(5000, 53).payload(40);
}

// proves: B22 D12 C9
TEST(Relay, CarriesASitesPacketsToTheNativeSide) {
  RelaySite site;
  expect_sent(site.wan_sends(outwards(RelaySite::from_site(), 64)), kLanDevice,
              outwards(RelaySite::to_native(), 63));
}

TEST(Relay, IsReachedByItsUnicastAddressToo) {
  RelaySite site;
  expect_sent(site.wan_sends(outwards(RelaySite::from_site(kRelayUnicastV4), 64)), kLanDevice,
              outwards(RelaySite::to_native(), 63));
}

// proves: B13 X27 B22
TEST(Relay, SendsToSitesFromItsAnycastAddressWithoutAskingForState) {
  RelaySite site;
  expect_sent(site.native_sends(inwards(RelaySite::from_native(), 64)), kWanDevice,
              inwards(RelaySite::to_site(), 63));
}

TEST(Relay, DeliversToANeighbourOnItsNativeLan) {
  RelaySite site;
  const AdjacencyIndex way = site.adjacencies.allocate();
  site.adjacencies.write(way, ethernet_way(kHostMac, kHomeLink));
  site.neighbours->insert({kServer, 0, {}}, way);
  const auto packet = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kSite, kServer).hop_limit(hop_limit).udp(1, 2);
  };
  expect_sent(site.wan_sends(packet(RelaySite::from_site(), 64)), kLanDevice,
              packet(PacketBuilder().ethernet(kHostMac, kLanMac), 63));
}

PacketBuilder request(PacketBuilder start, const Ipv6Address& source, const Ipv6Address& destination,
                      uint8_t hop_limit) {
  return start.ipv6(source, destination).hop_limit(hop_limit).echo_request(41, 1).payload(8);
}
PacketBuilder reply(PacketBuilder start, const Ipv6Address& source, const Ipv6Address& destination) {
  return start.ipv6(source, destination).echo_reply(41, 1).payload(8);
}

// proves: B20 X22 D12
TEST(Relay, AnswersProbesWithHopLimitOneFromTheAnycastAddress) {
  RelaySite site;
  expect_sent(site.wan_sends(request(RelaySite::from_site(), kSite, kAnycastForm, 1)), kWanDevice,
              reply(RelaySite::to_site(), kAnycastForm, kSite));
}

// proves: B20 X27
TEST(Relay, AnswersFromTheAddressThatWasAsked) {
  RelaySite site;
  expect_sent(site.wan_sends(request(RelaySite::from_site(kRelayUnicastV4), kSite, kUnicastForm, 1)),
              kWanDevice, reply(RelaySite::to_site(kRelayUnicastV4), kUnicastForm, kSite));
}

TEST(Relay, AnswersItsNativeSide) {
  RelaySite site;
  expect_sent(site.native_sends(request(RelaySite::from_native(), kFar, kNativeAddress, 64)), kLanDevice,
              reply(RelaySite::to_native(), kNativeAddress, kFar));
}

// proves: I8 I9 D12
TEST(Relay, TellsSitesOfExceededHopsFromItsNativeAddress) {
  RelaySite site;
  const Outcome outcome = site.wan_sends(outwards(RelaySite::from_site(), 1));
  expect_sent(outcome, kWanDevice,
              error_about(RelaySite::to_site(), kNativeAddress, kSite, 3, 0, 0, outwards({}, 1).build()));
}

// proves: I8 I9
TEST(Relay, TellsTheNativeSideToo) {
  RelaySite site;
  const Outcome outcome = site.native_sends(inwards(RelaySite::from_native(), 1));
  expect_sent(outcome, kLanDevice,
              error_about(RelaySite::to_native(), kNativeAddress, kFar, 3, 0, 0, inwards({}, 1).build()));
}

// proves: D7 I7
TEST(Relay, TellsTheNativeSideOfTheTunnelsMtu) {
  RelaySite site;
  const auto big = [](PacketBuilder start) {
    return start.ipv6(kFar, kSite).udp(53, 5000).payload(1281 - 48);
  };
  const Outcome outcome = site.native_sends(big(RelaySite::from_native()));
  Frame quote = big({}).build();
  quote.resize(1280 - 48);
  expect_sent(outcome, kLanDevice,
              error_about(RelaySite::to_native(), kNativeAddress, kFar, 2, 0, 1280, quote));
}

// proves: C21 C22 B27
TEST(Relay, IsNoRelayBetweenSitesNorBetweenNativeHosts) {
  RelaySite site;
  expect_nothing(site.wan_sends(RelaySite::from_site().ipv6(kSite, ip6("2002:b00:500::1")).udp(1, 2)));
  expect_nothing(site.native_sends(RelaySite::from_native().ipv6(ip6("2002:b00:500::1"), kSite).udp(1, 2)));
  expect_nothing(site.native_sends(RelaySite::from_native().ipv6(kFar, ip6("2600:43::1")).udp(1, 2)));
  EXPECT_EQ(site.drops(DropReason::inner_6to4_to_6to4), 1U);
  EXPECT_EQ(site.drops(DropReason::source_embeds_other), 1U);
  EXPECT_EQ(site.drops(DropReason::redirected_back), 1U);
}

// proves: C22
TEST(Relay, NobodyOnTheNativeSideBorrowsItsOwnForm) {
  RelaySite site;
  expect_nothing(site.native_sends(RelaySite::from_native().ipv6(ip6("2002:c058:6301::"), kSite).udp(1, 2)));
  EXPECT_EQ(site.drops(DropReason::source_embeds_other), 1U);
}

// Neither an answer nor an error may go through the tunnel to a site that has sent nothing.
// proves: C22 X24
TEST(Relay, NobodyOnTheNativeSideMakesItWriteToASite) {
  RelaySite site;
  expect_nothing(site.native_sends(request(RelaySite::from_native(), kSite, kNativeAddress, 64)));
  expect_nothing(site.native_sends(request(RelaySite::from_native(), kSite, kAnycastForm, 64)));
  expect_nothing(site.native_sends(RelaySite::from_native().ipv6(kSite, kFar).hop_limit(1).udp(1, 2)));
  EXPECT_EQ(site.drops(DropReason::source_embeds_other), 3U);
}

// proves: C13
TEST(Relay, AnswersNobodyWhoCannotBe) {
  RelaySite site;
  for (const char* source : {"::1", "fc00::1", "::ffff:11.0.0.9"})
    expect_nothing(site.native_sends(request(RelaySite::from_native(), ip6(source), kNativeAddress, 64)));
  EXPECT_EQ(site.drops(DropReason::policy_forbidden_block), 3U);
}

// proves: A17
TEST(Relay, ServesListedSitesOnly) {
  RelaySite site;
  site.snapshot.tunnels[0].sites = {*Ipv4Prefix::parse("11.7.0.0/16")};
  expect_nothing(site.wan_sends(outwards(RelaySite::from_site(), 64)));
  expect_nothing(site.native_sends(inwards(RelaySite::from_native(), 64)));
  EXPECT_EQ(site.drops(DropReason::site_unlisted), 2U);
}

TEST(Relay, WaitsForItsRouter) {
  RelaySite site;
  site.neighbours->erase({kNativeRouter, 0, {}});
  const Outcome waits = site.wan_sends(outwards(RelaySite::from_site(), 64));
  expect_raised(waits, ExceptionClass::unresolved, outwards({}, 64));
  const AdjacencyIndex way = site.adjacencies.allocate();
  site.adjacencies.write(way, ethernet_way(kNativeRouterMac, kHomeLink));
  site.neighbours->insert({kNativeRouter, 0, {}}, way);
  expect_sent(site.give_back(InjectKind::resumed, waits.raised.front()), kLanDevice,
              outwards(RelaySite::to_native(), 63));
}

}  // namespace
// Its native address was found to be another machine's, say: beyond the link nobody could answer.
// proves: I9
TEST(RelayErrors, AreNotSentFromALinkLocalAddress) {
  RelaySite site;
  site.snapshot.lans[0].error_source = ip6("fe80::1");
  expect_nothing(site.wan_sends(RelaySite::from_site().ipv6(kSite, kFar).hop_limit(1).udp(1, 2)));
  EXPECT_EQ(site.drops(DropReason::hop_limit), 1U);
}

}  // namespace gate41::testing
