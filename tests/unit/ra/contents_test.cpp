// What a router advertisement says: header, prefixes, routes, MTU.
#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {

// proves: H9 H10
TEST_F(RaAdvertiser, SendsFromItsLinkLocalToAllNodesWithHopLimit255) {
  start_advertising();
  const SentRa& ra = last();
  EXPECT_EQ(ra.from, kMac);
  EXPECT_EQ(ra.to, mac("33:33:00:00:00:01"));
  EXPECT_EQ(ra.source, kLinkLocal);
  EXPECT_EQ(ra.destination, ip6("ff02::1"));
  EXPECT_EQ(ra.ip_hop_limit, 255);
  EXPECT_TRUE(ra.checksum_good);
  EXPECT_EQ(ra.code, 0);
  EXPECT_EQ(ra.sllao, std::vector{kMac});
}

// proves: H6 H8
TEST_F(RaAdvertiser, LeavesManagedOtherAndTimersZeroAndSaysHopLimit64) {
  start_advertising();
  EXPECT_EQ(last().flags & 0xc0, 0);
  EXPECT_EQ(last().hop_limit, 64);
  EXPECT_EQ(last().reachable, 0U);
  EXPECT_EQ(last().retransmission, 0U);
}

// proves: P21 H4
TEST_F(RaAdvertiser, IsDefaultRouterFor2700Seconds) {
  start_advertising();
  EXPECT_EQ(last().lifetime, 2700);
}

// proves: B17 S83 H20
TEST_F(RaAdvertiser, HasLowPreference) {
  start_advertising();
  EXPECT_EQ(last().flags & 0x18, 0x18);
}

// proves: H20
TEST_F(RaAdvertiser, WritesEachPreferenceAsItsTwoBits) {
  const auto flags_for = [](ra::Preference preference) {
    ra::Settings settings = lan_settings();
    settings.preference = preference;
    ra::Advertisement advertisement = ra::compose(settings, site_content(), {}, {}, kStart);
    return read_ra(ra::encode(advertisement, {kLinkLocal, kMac}, ra::all_nodes(), 1500).at(0)).flags;
  };
  EXPECT_EQ(flags_for(ra::Preference::high), 0x08);
  EXPECT_EQ(flags_for(ra::Preference::medium), 0x00);
  EXPECT_EQ(flags_for(ra::Preference::low), 0x18);
}

// proves: P3 H20
TEST_F(RaAdvertiser, HasRouterLifetimeZeroAndMediumPreferenceWithoutALiveRelay) {
  start_advertising({{{kPrefix}}, {kDelegated}, false});
  EXPECT_EQ(last().lifetime, 0);
  EXPECT_EQ(last().flags & 0x18, 0);
  EXPECT_EQ(last().prefixes.size(), 1U);
}

// proves: P11
TEST_F(RaAdvertiser, HasRouterLifetimeZeroWithoutAPrefix) {
  start_advertising({{}, {kDelegated}, true});
  EXPECT_EQ(last().lifetime, 0);
}

// proves: X29 S83 P10
TEST_F(RaAdvertiser, OffersRoutesInsteadOfADefaultRouteOnRequest) {
  ra::Settings settings = lan_settings();
  settings.default_route = false;
  advertiser.update_settings(settings, now);
  start_advertising();
  EXPECT_EQ(last().lifetime, 0);
  ASSERT_EQ(last().routes.size(), 1U);
  EXPECT_EQ(last().routes[0].lifetime, 5400U);
}

// proves: P12 P22
TEST_F(RaAdvertiser, AdvertisesThePrefixOnLinkAndAutonomous) {
  start_advertising();
  ASSERT_EQ(last().prefixes.size(), 1U);
  const RaPrefix& prefix = last().prefixes[0];
  EXPECT_EQ(prefix.address, kPrefix.address);
  EXPECT_EQ(prefix.length, 64);
  EXPECT_EQ(prefix.flags, 0xc0);
  EXPECT_EQ(prefix.valid, 5400U);
  EXPECT_EQ(prefix.preferred, 2700U);
}

// proves: H38
TEST_F(RaAdvertiser, NeverAdvertisesTheLinkLocalPrefix) {
  start_advertising({{{{ip6("fe80::"), 64}}, {kPrefix}}, {}, true});
  ASSERT_EQ(last().prefixes.size(), 1U);
  EXPECT_EQ(last().prefixes[0].address, kPrefix.address);
}

// proves: H38
TEST_F(RaAdvertiser, MakesOnlyPrefixesOf64BitsAutonomous) {
  start_advertising({{{{ip6("2002:b00:2a:100::"), 56}}}, {}, true});
  ASSERT_EQ(last().prefixes.size(), 1U);
  EXPECT_EQ(last().prefixes[0].flags, 0x80);
}

// proves: H7 U13
TEST_F(RaAdvertiser, AdvertisesTheTunnelsMtu) {
  start_advertising();
  EXPECT_EQ(last().mtu, std::vector<uint32_t>{1280});
}

// proves: P10 H21
TEST_F(RaAdvertiser, AdvertisesARouteToTheDelegatedPrefixWithItsOwnPreference) {
  start_advertising({{{kPrefix}}, {kDelegated}, false});
  ASSERT_EQ(last().routes.size(), 1U);
  const RaRoute& route = last().routes[0];
  EXPECT_EQ(route.length, 48);
  EXPECT_EQ(route.flags, 0x18);
  EXPECT_EQ(route.units, 2);
  EXPECT_EQ(route.prefix, (Frame{0x20, 0x02, 0x0b, 0x00, 0x00, 0x2a, 0, 0}));
}

// proves: H21
TEST_F(RaAdvertiser, WritesAsMuchOfARouteAsItsLengthNeeds) {
  start_advertising(
      {{{kPrefix}}, {{ip6("::"), 0}, {ip6("2002:b00:2a:1::"), 64}, {ip6("2002:b00:2a:1:8000::"), 65}}, true});
  ASSERT_EQ(last().routes.size(), 3U);
  EXPECT_EQ(last().routes[0].units, 1);
  EXPECT_EQ(last().routes[1].units, 2);
  EXPECT_EQ(last().routes[2].units, 3);
  EXPECT_EQ(last().routes[2].prefix.at(8), 0x80);
}

// proves: H17
TEST_F(RaAdvertiser, SplitsOptionsOverSeveralWithinTheLinksMtu) {
  ra::Content content{{}, {kDelegated}, true};
  for (uint16_t i = 0; i < 100; ++i)
    content.prefixes.push_back({{Ipv6Address::of({0x2002, 0x0b00, 0x002a, i, 0, 0, 0, 0}), 64}});
  start_advertising(content);
  ASSERT_GT(sent.size(), 2U);
  std::size_t prefixes = 0;
  std::size_t routes = 0;
  for (const Sent& one : sent) {
    EXPECT_EQ(one.at, sent[0].at);
    EXPECT_LE(one.ra.ip_length, 1500U);
    EXPECT_EQ(one.ra.lifetime, 2700);
    EXPECT_TRUE(one.ra.checksum_good);
    prefixes += one.ra.prefixes.size();
    routes += one.ra.routes.size();
  }
  EXPECT_EQ(prefixes, 100U);
  EXPECT_EQ(routes, 1U);
  // 40 of IPv6, 16 of header, SLLAO and MTU 8 each, 44 of 32 bytes: 1480; one more would be too many.
  EXPECT_EQ(sent[0].ra.ip_length, 1480U);
}

}  // namespace gate41::testing
