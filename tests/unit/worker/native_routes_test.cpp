// A relay with routes of its own to the native Internet.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kFar = ip6("2600:42::80");
const Ipv6Address kOtherRouter = ip6("fe80::42:1");
const MacAddress kOtherRouterMac = mac("02:00:00:00:02:42");

PacketBuilder outwards(PacketBuilder start, uint8_t hop_limit) {
  return start.ipv6(kSite, kFar).hop_limit(hop_limit).udp(5000, 53).payload(40);
}

class NativeRoutes : public ::testing::Test {
 protected:
  void SetUp() override {
    const AdjacencyIndex way = site_.adjacencies.allocate();
    site_.adjacencies.write(way, ethernet_way(kOtherRouterMac, kHomeLink));
    site_.neighbours->insert({kOtherRouter, 0, {}}, way);
  }
  void route(const char* prefix, RouteTarget target) {
    const Ipv6Prefix parsed = *Ipv6Prefix::parse(prefix);
    site_.fib->apply({parsed, 0, {parsed.length, ++targets_}, target});
  }
  Outcome site_sends() { return site_.wan_sends(outwards(RelaySite::from_site(), 64)); }
  RelaySite site_;
  uint16_t targets_ = 0;
};

TEST_F(NativeRoutes, LeadToTheirNextHop) {
  route("2600:42::/32", {RouteTarget::Kind::via, kOtherRouter});
  expect_sent(site_sends(), kLanDevice, outwards(PacketBuilder().ethernet(kOtherRouterMac, kLanMac), 63));
}

TEST_F(NativeRoutes, LeaveTheRestToTheConfiguredGateway) {
  route("2600:43::/32", {RouteTarget::Kind::via, kOtherRouter});
  expect_sent(site_sends(), kLanDevice, outwards(RelaySite::to_native(), 63));
}

TEST_F(NativeRoutes, ADefaultRouteTakesTheConfiguredGatewaysPlace) {
  route("::/0", {RouteTarget::Kind::via, kOtherRouter});
  expect_sent(site_sends(), kLanDevice, outwards(PacketBuilder().ethernet(kOtherRouterMac, kLanMac), 63));
}

TEST_F(NativeRoutes, WithoutNextHopLeadToTheDestinationItself) {
  route("2600:42::/64", {RouteTarget::Kind::on_link, {}});
  const Outcome waits = site_sends();
  expect_raised(waits, ExceptionClass::unresolved, outwards({}, 64));
  EXPECT_EQ(std::vector(waits.raised[0].meta.next_hop, waits.raised[0].meta.next_hop + 16),
            std::vector(kFar.bytes.begin(), kFar.bytes.end()));
}

TEST_F(NativeRoutes, OfKindUnreachableLeadNowhere) {
  route("2600:42::/32", {RouteTarget::Kind::unreachable, {}});
  expect_nothing(site_sends());
  EXPECT_EQ(site_.drops(DropReason::no_route), 1U);
}

TEST_F(NativeRoutes, TakeNothingFromTheTunnelNorFromTheNativeSubnet) {
  route("2002:b00:363::/48", {RouteTarget::Kind::via, kOtherRouter});
  route("2600:41::/64", {RouteTarget::Kind::via, kOtherRouter});
  const auto inwards = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kFar, kSite).hop_limit(hop_limit).udp(53, 5000).payload(40);
  };
  expect_sent(site_.native_sends(inwards(RelaySite::from_native(), 64)), kWanDevice,
              inwards(RelaySite::to_site(), 63));
  expect_sent(site_.wan_sends(RelaySite::from_site().ipv6(kSite, kNativeRouter).udp(1, 2)), kLanDevice,
              RelaySite::to_native().ipv6(kSite, kNativeRouter).hop_limit(63).udp(1, 2));
}

}  // namespace
}  // namespace gate41::testing
