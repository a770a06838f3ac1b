// What is remembered of a dropped packet (RFC 3964 §4.1.2: else the origin of abuse is lost).
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

using std::chrono::milliseconds;

std::vector<DropSample> samples(Harness& site) {
  std::vector<DropSample> all;
  DropSample sample;
  while (site.pipeline->drop_log().take(sample)) all.push_back(sample);
  return all;
}

// Its own prefix as source, from the tunnel.
Frame bogus(Ipv4Address outer) {
  return GatewaySite::from_wan(outer).ipv6(ip6("2002:b00:2:1::11"), kHost).echo_request(1, 2).build();
}

// proves: C27 S87
TEST(DropLog, HasTheOuterSourceOfWhatFailsTheTunnelsChecks) {
  GatewaySite site;
  site.receive(kWanDevice, bogus(kSiteV4));
  const auto all = samples(site);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].reason, DropReason::inner_source_own);
  EXPECT_EQ(all[0].time, site.now);
  EXPECT_EQ(all[0].link, kWanLink);
  EXPECT_EQ(all[0].v4_source, kSiteV4);
  EXPECT_EQ(all[0].v4_destination, kOwnV4);
  EXPECT_EQ(all[0].v6_source, ip6("2002:b00:2:1::11"));
  EXPECT_EQ(all[0].v6_destination, kHost);
  EXPECT_EQ(all[0].protocol, ip_proto::kIcmpv6);
  EXPECT_EQ(all[0].icmp_type, 128);
}

// proves: C27 S87
TEST(DropLog, HasTheOuterSourceOfWhatTheFilterDropsLater) {
  GatewaySite site;
  site.wan_sends(GatewaySite::from_wan(ip4("11.9.9.9")).ipv6(kServer, kHost).udp(8080, 40000));
  const auto all = samples(site);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].reason, DropReason::filter_unsolicited);
  EXPECT_TRUE(all[0].has_v4);
  EXPECT_EQ(all[0].v4_source.to_string(), "11.9.9.9");
  EXPECT_EQ(all[0].source_port, 8080);
  EXPECT_EQ(all[0].destination_port, 40000);
}

TEST(DropLog, APacketOfTheLanHasNoOuterAddresses) {
  GatewaySite site;
  site.host_sends(GatewaySite::from_host().ipv6(kGuest, kServer).udp(1, 2));
  const auto all = samples(site);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].has_v4);
  EXPECT_EQ(all[0].v6_source, kGuest);
}

TEST(DropLog, WhatIsNoIpHasNoAddresses) {
  GatewaySite site;
  site.receive(kLanDevice, Frame(13));
  const auto all = samples(site);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].has_v4);
  EXPECT_FALSE(all[0].has_v6);
  EXPECT_FALSE(all[0].has_l4);
}

// proves: S87
TEST(DropLog, AFloodLeavesOneSampleAPeriod) {
  GatewaySite site;
  for (int i = 0; i < 1000; ++i, site.now += milliseconds(1)) site.receive(kWanDevice, bogus(kSiteV4));
  EXPECT_EQ(samples(site).size(), 10U);
  EXPECT_EQ(site.pipeline->drop_log().missed(), 0U);
}

// proves: S87
TEST(DropLog, AFloodOfOneReasonHidesNoOther) {
  GatewaySite site;
  site.receive(kWanDevice, std::vector<Frame>(100, bogus(kSiteV4)));
  site.wan_sends(GatewaySite::from_wan().ipv6(kServer, kHost).udp(8080, 40000));
  const auto all = samples(site);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].reason, DropReason::filter_unsolicited);
}

}  // namespace
}  // namespace gate41::testing
