// What a routing daemon finds in the kernel while a relay is healthy, and afterwards.
#include "control/loop/route_offer.hpp"

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

const Ipv6Prefix kSites = Ipv6Prefix::parse("2002::/16").value();

class RouteOfferTest : public NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    EXPECT_EQ(
        output_of("for i in native wan; do ip link add $i type veth peer name far-$i; ip link set far-$i up; "
                  "ip link set $i up; done"),
        "");
    network_ = std::move(loop::HostNetwork::create().value());
  }
  [[nodiscard]] loop::RouteOffer offer(std::optional<Ipv4Address> anycast = Ipv4Address::of(192, 88, 99, 1)) {
    return {*network_,
            {"native", "wan", anycast ? std::optional(loop::anycast_prefix(*anycast)) : std::nullopt}};
  }
  // Destination and interface of everything with the protocol, both families.
  static std::string offered(int protocol = 141) {
    const std::string proto = std::to_string(protocol);
    return output_of("(ip -4 route show proto " + proto + "; ip -6 route show proto " + proto +
                     ") | awk '{print $1, $3}'");
  }
  std::unique_ptr<loop::HostNetwork> network_;
};

// proves: B4 B10 B11 A14
TEST_F(RouteOfferTest, HoldsTheTwoPrefixesAndNothingLonger) {
  loop::RouteOffer routes = offer();
  EXPECT_TRUE(routes.hold(kSites));
  EXPECT_TRUE(routes.hold(kSites));
  EXPECT_TRUE(routes.held());
  EXPECT_EQ(offered(), "192.88.99.0/24 wan\n2002::/16 native\n");
}

// proves: B4 A16
TEST_F(RouteOfferTest, LeavesNothingWhenWithdrawn) {
  loop::RouteOffer routes = offer();
  ASSERT_TRUE(routes.hold(kSites));
  EXPECT_TRUE(routes.withdraw());
  EXPECT_TRUE(routes.withdraw());
  EXPECT_FALSE(routes.held());
  EXPECT_EQ(offered(), "");
}

// proves: B10
TEST_F(RouteOfferTest, HasNoAnycastPrefixWithoutAnAnycastAddress) {
  loop::RouteOffer routes = offer(std::nullopt);
  ASSERT_TRUE(routes.hold(kSites));
  EXPECT_EQ(offered(), "2002::/16 native\n");
}

// proves: B11
TEST_F(RouteOfferTest, AnotherAnycastAddressStandsForItself) {
  EXPECT_EQ(loop::anycast_prefix(Ipv4Address::of(192, 88, 99, 1)).to_string(), "192.88.99.0/24");
  EXPECT_EQ(loop::anycast_prefix(Ipv4Address::of(11, 0, 0, 9)).to_string(), "11.0.0.9/32");
}

// The WAN's own routes are renewed with every lease.
TEST_F(RouteOfferTest, IsNotClearedWithTheWansRoutes) {
  loop::RouteOffer routes = offer();
  ASSERT_TRUE(routes.hold(kSites));
  ASSERT_TRUE(network_->clear_routes());
  EXPECT_EQ(offered(), "192.88.99.0/24 wan\n2002::/16 native\n");
}

// The kernel does that when an interface loses its last address.
TEST_F(RouteOfferTest, IsPutBackByRenewal) {
  loop::RouteOffer routes = offer();
  EXPECT_TRUE(routes.renew());
  EXPECT_EQ(offered(), "");  // not held
  ASSERT_TRUE(routes.hold(kSites));
  output_of("ip route flush dev wan");
  EXPECT_TRUE(routes.renew());
  EXPECT_EQ(offered(), "192.88.99.0/24 wan\n2002::/16 native\n");
}

TEST_F(RouteOfferTest, IsAllOrNothing) {
  loop::RouteOffer routes = offer();
  output_of("ip link del wan");
  EXPECT_FALSE(routes.hold(kSites));
  EXPECT_FALSE(routes.held());
  EXPECT_EQ(offered(), "");
}

// proves: B4
TEST_F(RouteOfferTest, GoesWithTheInterfaces) {
  loop::RouteOffer routes = offer();
  ASSERT_TRUE(routes.hold(kSites));
  output_of("ip link del native; ip link del wan");
  EXPECT_EQ(offered(), "");
  EXPECT_TRUE(routes.withdraw());
}

}  // namespace
}  // namespace gate41::testing
