// Which relays there is a way to.
#include "control/daemon/tunnel_ways.hpp"

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

Wan::Address wan_address() {
  Wan::Address address;
  address.address = ip4("11.0.0.2");
  address.gateway = ip4("11.0.0.1");
  return address;
}

}  // namespace

TEST(TunnelWays, ReachARelayBeyondTheSubnetOnceTheGatewayAnswers) {
  EXPECT_FALSE(TunnelWays::reaches_any(wan_address(), {ip4("192.88.99.1")}, false));
  EXPECT_TRUE(TunnelWays::reaches_any(wan_address(), {ip4("192.88.99.1")}, true));
}

TEST(TunnelWays, ReachARelayOfTheSubnetWithoutTheGateway) {
  EXPECT_TRUE(TunnelWays::reaches_any(wan_address(), {ip4("192.88.99.1"), ip4("11.0.0.9")}, false));
}

// proves: M17
TEST(TunnelWays, FollowTheLongestClasslessRouteToARelay) {
  Wan::Address wan = wan_address();
  wan.routes = {{net4("10.0.0.0/8"), ip4("11.0.0.7")},
                {net4("10.200.0.0/16"), ip4("11.0.0.254")},
                {net4("10.201.0.0/16"), Ipv4Address()}};
  const auto hops = TunnelWays::next_hops(wan, {ip4("10.200.0.1"), ip4("10.201.0.1"), ip4("12.0.0.1")});
  EXPECT_EQ(hops, (std::vector{ip4("11.0.0.1"), ip4("11.0.0.254"), ip4("10.201.0.1")}));
}

TEST(TunnelWays, ReachARelayByAClasslessRouteWithoutADefaultRoute) {
  Wan::Address wan = wan_address();
  wan.gateway.reset();
  EXPECT_FALSE(TunnelWays::reaches_any(wan, {ip4("10.200.0.1")}, false));
  wan.routes = {{net4("10.200.0.0/16"), ip4("11.0.0.254")}};
  EXPECT_TRUE(TunnelWays::reaches_any(wan, {ip4("10.200.0.1")}, false));
}

TEST(TunnelWays, ReachNoRelayWhereNoneIsNamed) {
  EXPECT_FALSE(TunnelWays::reaches_any(wan_address(), {}, true));
}

}  // namespace gate41::testing
