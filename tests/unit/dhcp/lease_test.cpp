// What becomes of the options of an ACK: RFC 2132, RFC 3442.
#include <gtest/gtest.h>

#include "control/dhcp/client_id.hpp"
#include "tests/unit/dhcp/site.hpp"

namespace gate41::testing {
namespace {

// The lease that an ACK with these further options gives.
dhcp::Lease lease_with(const std::vector<std::pair<uint8_t, Octets>>& options) {
  Site site;
  site.start();
  site.offer();
  Answer answer = answer_to(site.last(), kAck);
  for (const auto& [code, value] : options) answer = answer.without(code).with(code, value);
  site.receive(answer);
  return site.client.lease().value();
}

TEST(DhcpLease, TakesTheFirstRouter) {
  EXPECT_EQ(lease_with({{3, {11, 0, 0, 1, 11, 0, 0, 2}}}).router, Ipv4Address::of(11, 0, 0, 1));
}

TEST(DhcpLease, HasNoRouterWithoutOne) { EXPECT_FALSE(lease_with({}).router); }

TEST(DhcpLease, TakesAllNameServers) {
  const std::vector expected{Ipv4Address::of(11, 0, 0, 53), Ipv4Address::of(11, 0, 1, 53)};
  EXPECT_EQ(lease_with({{6, {11, 0, 0, 53, 11, 0, 1, 53}}}).dns, expected);
}

TEST(DhcpLease, TakesAllTimeServers) {
  const std::vector expected{Ipv4Address::of(11, 0, 0, 1), Ipv4Address::of(11, 0, 1, 1)};
  EXPECT_EQ(lease_with({{42, {11, 0, 0, 1, 11, 0, 1, 1}}}).time_servers, expected);
}

TEST(DhcpLease, TimeServersAreAskedForWhenWanted) {
  dhcp::Settings settings = usual_settings();
  settings.time_servers = true;
  Site site(1, settings);
  site.start();
  EXPECT_EQ(site.last().options.at(55).back(), 42);
}

TEST(DhcpLease, TakesTheMask) { EXPECT_EQ(lease_with({{1, {255, 255, 240, 0}}}).prefix_length, 20); }

TEST(DhcpLease, TakesAMaskOfOneAddress) {
  EXPECT_EQ(lease_with({{1, {255, 255, 255, 255}}}).prefix_length, 32);
}

TEST(DhcpLease, TakesAMaskWithHolesFor24) {
  EXPECT_EQ(lease_with({{1, {255, 0, 255, 0}}}).prefix_length, 24);
}

TEST(DhcpLease, TakesAnEmptyMaskFor24) { EXPECT_EQ(lease_with({{1, {0, 0, 0, 0}}}).prefix_length, 24); }

// proves: M18
TEST(DhcpLease, TakesTheMtu) { EXPECT_EQ(lease_with({{26, {0x05, 0xd4}}}).mtu, 1492); }

// proves: M18
TEST(DhcpLease, TakesTheSmallestMtu) { EXPECT_EQ(lease_with({{26, {0x02, 0x40}}}).mtu, 576); }

// proves: M18
TEST(DhcpLease, IgnoresAnMtuBelow576) { EXPECT_FALSE(lease_with({{26, {0x02, 0x3f}}}).mtu); }

const Octets kDefaultByGateway2{0, 11, 0, 0, 2};
const Octets kTen8ByGateway3{8, 10, 11, 0, 0, 3};

// proves: M17
TEST(DhcpLease, PrefersTheClasslessDefaultRoute) {
  EXPECT_EQ(lease_with({{3, {11, 0, 0, 1}}, {121, kDefaultByGateway2}}).router, Ipv4Address::of(11, 0, 0, 2));
}

// proves: M17
TEST(DhcpLease, IgnoresTheRouterWhenClasslessRoutesHaveNoDefault) {
  EXPECT_FALSE(lease_with({{3, {11, 0, 0, 1}}, {121, kTen8ByGateway3}}).router);
}

// proves: M17
TEST(DhcpLease, ListsTheOtherClasslessRoutes) {
  const auto lease = lease_with({{121, joined({kDefaultByGateway2, kTen8ByGateway3})}});
  const std::vector<dhcp::Route> expected{{*Ipv4Prefix::parse("10.0.0.0/8"), Ipv4Address::of(11, 0, 0, 3)}};
  EXPECT_EQ(lease.routes, expected);
}

struct RouteCase {
  Octets bytes;
  std::string destination;
};

class ClasslessRoute : public ::testing::TestWithParam<RouteCase> {};

// The examples of RFC 3442, "Classless Route Option Format".
TEST_P(ClasslessRoute, IsReadByItsSignificantBytes) {
  const auto lease = lease_with({{121, joined({GetParam().bytes, {11, 0, 0, 3}})}});
  ASSERT_EQ(lease.routes.size(), 1U);
  EXPECT_EQ(lease.routes[0].destination.to_string(), GetParam().destination);
}

INSTANTIATE_TEST_SUITE_P(Rfc3442, ClasslessRoute,
                         ::testing::Values(RouteCase{{8, 10}, "10.0.0.0/8"},
                                           RouteCase{{24, 10, 0, 0}, "10.0.0.0/24"},
                                           RouteCase{{16, 10, 17}, "10.17.0.0/16"},
                                           RouteCase{{24, 10, 27, 129}, "10.27.129.0/24"},
                                           RouteCase{{25, 10, 229, 0, 128}, "10.229.0.128/25"},
                                           RouteCase{{32, 10, 198, 122, 47}, "10.198.122.47/32"},
                                           RouteCase{{9, 10, 255}, "10.128.0.0/9"}));

TEST(DhcpLease, KeepsAnOnLinkRoute) {
  EXPECT_EQ(lease_with({{121, {8, 10, 0, 0, 0, 0}}}).routes.at(0).gateway, kNone);
}

class BrokenRoutes : public ::testing::TestWithParam<Octets> {};

// proves: M19
TEST_P(BrokenRoutes, CountAsAbsent) {
  const auto lease = lease_with({{3, {11, 0, 0, 1}}, {121, GetParam()}});
  EXPECT_EQ(lease.router, Ipv4Address::of(11, 0, 0, 1));
  EXPECT_TRUE(lease.routes.empty());
}

INSTANTIATE_TEST_SUITE_P(All, BrokenRoutes,
                         ::testing::Values(Octets{}, Octets{33, 10, 0, 0, 0, 0, 11, 0, 0, 3},
                                           Octets{8, 10, 11, 0, 0}, Octets{0, 11, 0, 0, 2, 24, 10}));

// proves: M15
TEST(DhcpLease, TakesRoutesThatFillTwoPieces) {
  Site site;
  site.start();
  site.offer();
  Octets all;  // 60 routes of 7 bytes: 420 in all, cut in the middle of the 37th
  for (uint8_t i = 0; i < 60; ++i) all = joined({all, {16, 10, i, 11, 0, 0, 3}});
  const Octets first(all.begin(), all.begin() + 255);
  const Octets second(all.begin() + 255, all.end());
  site.receive(answer_to(site.last(), kAck).with(121, first).with(121, second));
  const auto& routes = site.client.lease().value().routes;
  ASSERT_EQ(routes.size(), 60U);
  EXPECT_EQ(routes[36].destination.to_string(), "10.36.0.0/16");
}

TEST(DhcpLease, KeepsTheRawOptions) {
  const Octets expected = joined({tlv(53, {kAck}), tlv(54, octets(kServer)), tlv(51, octets(3600U)),
                                  tlv(1, {255, 255, 255, 0}), tlv(212, {14, 32, 1, 2})});
  EXPECT_EQ(lease_with({{212, {14, 32, 1, 2}}}).options, expected);
}

// RFC 4361 §6.1 and RFC 6355 §4, byte by byte.
// proves: M10 S79
TEST(DhcpClientId, IsMadeOfTheMachinesUuid) {
  const std::array<uint8_t, 16> uuid{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  const Octets expected{255, 0, 0, 0, 7, 0, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  EXPECT_EQ(dhcp::duid_client_id(uuid, 7), expected);
}

}  // namespace
}  // namespace gate41::testing
