// What one site may send through a relay (RFC 3964 §4.1.2, §4.2).
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Ipv6Address kFar = ip6("2600:42::80");
constexpr std::size_t kPacket = 1000;  // bytes of IPv6
constexpr SiteLimit kLimit{1'000'000, 10 * kPacket};

Frame packet_of(Ipv4Address outer, const Ipv6Address& inner) {
  return PacketBuilder()
      .ethernet(kWanMac, kIspMac)
      .ipv4(outer, kRelayV4)
      .ipv6(inner, kFar)
      .udp(1, 2)
      .payload(kPacket - 48)
      .build();
}

// How many of them leave on the native side.
std::size_t passed(RelaySite& site, const Frame& packet, std::size_t count) {
  return site.receive(kWanDevice, std::vector<Frame>(count, packet)).sent.size();
}

// proves: C28
TEST(SiteRate, OneSiteOverItsRateIsDroppedAndAnotherAtTheSameTimeIsNot) {
  RelaySite site;
  site.snapshot.site_limit = kLimit;
  EXPECT_EQ(passed(site, packet_of(kSiteV4, kSite), 20), 10U);
  EXPECT_EQ(passed(site, packet_of(kNearV4, kNear), 5), 5U);
  EXPECT_EQ(site.drops(DropReason::site_rate), 10U);
}

// proves: C28
TEST(SiteRate, TheLastSiteOverItIsNamed) {
  RelaySite site;
  site.snapshot.site_limit = kLimit;
  passed(site, packet_of(kSiteV4, kSite), 11);
  passed(site, packet_of(kNearV4, kNear), 1);
  EXPECT_EQ(Ipv4Address(Be32(site.totals().tunnels[0].fast_site)), kSiteV4);
}

// Two packets a millisecond are twice the rate.
// proves: C28
TEST(SiteRate, OverTenSecondsAsMuchPassesAsIsConfigured) {
  RelaySite site;
  site.snapshot.site_limit = kLimit;
  const Frame packet = packet_of(kSiteV4, kSite);
  passed(site, packet, 20);
  std::size_t packets = 0;
  for (int i = 0; i < 10'000; ++i) {
    site.now += milliseconds(1);
    packets += passed(site, packet, 2);
  }
  EXPECT_NEAR(static_cast<double>(packets), 10'000, 100);
}

// proves: C28
TEST(SiteRate, WithoutALimitEverythingPasses) {
  RelaySite site;
  EXPECT_EQ(passed(site, packet_of(kSiteV4, kSite), 500), 500U);
  EXPECT_EQ(site.drops(DropReason::site_rate), 0U);
}

// proves: C28
TEST(SiteRate, ALimitThatComesWithAReloadHoldsAtOnce) {
  RelaySite site;
  passed(site, packet_of(kSiteV4, kSite), 100);
  site.snapshot.site_limit = kLimit;
  EXPECT_EQ(passed(site, packet_of(kSiteV4, kSite), 20), 10U);
  site.snapshot.site_limit = {};
  EXPECT_EQ(passed(site, packet_of(kSiteV4, kSite), 20), 20U);
}

// So that nobody uses up another's share by pretending to be it, as far as that can be told.
// proves: C28
TEST(SiteRate, WhatTheChecksDropTakesNothingOfASitesShare) {
  RelaySite site;
  site.snapshot.site_limit = kLimit;
  passed(site, packet_of(kSiteV4, kNear), 100);  // inner and outer source contradict each other
  EXPECT_EQ(passed(site, packet_of(kSiteV4, kSite), 20), 10U);
}

// proves: C28
TEST(SiteRate, ASitesShareIsOfWhatItSendsNotOfWhatIsSentToIt) {
  RelaySite site;
  site.snapshot.site_limit = kLimit;
  const Frame answer = RelaySite::from_native().ipv6(kFar, kSite).udp(2, 1).payload(kPacket - 48).build();
  EXPECT_EQ(site.receive(kLanDevice, std::vector<Frame>(50, answer)).sent.size(), 50U);
}

}  // namespace
}  // namespace gate41::testing
