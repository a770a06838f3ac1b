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

TEST(TunnelWays, ReachNoRelayWhereNoneIsNamed) {
  EXPECT_FALSE(TunnelWays::reaches_any(wan_address(), {}, true));
}

}  // namespace gate41::testing
