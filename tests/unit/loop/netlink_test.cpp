#include "control/loop/netlink.hpp"

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

const Ipv4Address kAddress = Ipv4Address::of(11, 0, 0, 2);
const Ipv4Address kGateway = Ipv4Address::of(11, 0, 0, 1);
const std::string kPort = "port";

class NetlinkTest : public NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    EXPECT_EQ(output_of("ip link set lo up; ip link add port type veth peer name other; ip link set other "
                        "up; ip link set port up"),
              "");
    network_ = loop::HostNetwork::create().value();
  }
  // Twice: everything may be repeated.
  template <typename Action>
  static void twice(const Action& action) {
    for (int i = 0; i < 2; ++i) {
      const Result<void> done = action();
      EXPECT_TRUE(done) << done.error().message;
    }
  }
  static std::string addresses() { return output_of("ip -4 -o addr show dev port | awk '{print $4,$6}'"); }
  static std::string routes(const std::string& family = "-4") {
    return output_of("ip " + family + " route show proto 41 | sed 's/ *$//'");
  }
  std::unique_ptr<loop::HostNetwork> network_;
};

TEST_F(NetlinkTest, SetsAnAddressWithItsBroadcast) {
  twice([&] { return network_->set_ipv4_address(kPort, kAddress, 24); });
  EXPECT_EQ(addresses(), "11.0.0.2/24 11.0.0.255\n");
}

TEST_F(NetlinkTest, ReplacesTheAddressesBefore) {
  output_of(
      "ip addr add 11.0.0.9/24 dev port; ip addr add 11.0.0.10/24 dev port; ip addr add 11.9.0.1/16 dev "
      "port");
  twice([&] { return network_->set_ipv4_address(kPort, kAddress, 24); });
  EXPECT_EQ(addresses(), "11.0.0.2/24 11.0.0.255\n");
}

TEST_F(NetlinkTest, ReplacesTheLengthOfAnAddress) {
  ASSERT_TRUE(network_->set_ipv4_address(kPort, kAddress, 24));
  ASSERT_TRUE(network_->set_ipv4_address(kPort, kAddress, 30));
  EXPECT_EQ(addresses(), "11.0.0.2/30 11.0.0.3\n");
}

TEST_F(NetlinkTest, AddsAndRemovesASecondAddress) {
  ASSERT_TRUE(network_->set_ipv4_address(kPort, kAddress, 24));
  twice([&] { return network_->add_ipv4_address(kPort, Ipv4Address::of(192, 88, 99, 1), 32); });
  EXPECT_NE(addresses().find("192.88.99.1/32"), std::string::npos);
  twice([&] { return network_->remove_ipv4_address(kPort, Ipv4Address::of(192, 88, 99, 1), 32); });
  EXPECT_EQ(addresses(), "11.0.0.2/24 11.0.0.255\n");
}

TEST_F(NetlinkTest, ClearsTheAddressesOfThisInterfaceOnly) {
  ASSERT_TRUE(network_->set_ipv4_address(kPort, kAddress, 24));
  twice([&] { return network_->clear_ipv4(kPort); });
  EXPECT_EQ(addresses(), "");
  EXPECT_NE(output_of("ip -4 addr show dev lo").find("127.0.0.1/8"), std::string::npos);
}

TEST_F(NetlinkTest, AddsAnIpv6AddressThatIsUsableAtOnce) {
  const Ipv6Address address = *Ipv6Address::parse("2600:41::1");
  twice([&] { return network_->add_ipv6_address(kPort, address, 64); });
  const std::string shown = output_of("ip -6 -o addr show dev port scope global");
  EXPECT_NE(shown.find("2600:41::1/64"), std::string::npos) << shown;
  EXPECT_NE(shown.find("nodad"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("tentative"), std::string::npos) << shown;
  twice([&] { return network_->remove_ipv6_address(kPort, address, 64); });
  EXPECT_EQ(output_of("ip -6 -o addr show dev port scope global"), "");
}

TEST_F(NetlinkTest, SetsTheDefaultRoute) {
  ASSERT_TRUE(network_->set_ipv4_address(kPort, kAddress, 24));
  twice([&] { return network_->set_default_route(kPort, kGateway, kAddress); });
  EXPECT_EQ(routes(), "default via 11.0.0.1 dev port src 11.0.0.2 onlink\n");
}

TEST_F(NetlinkTest, ReplacesTheDefaultRoute) {
  ASSERT_TRUE(network_->set_ipv4_address(kPort, kAddress, 24));
  ASSERT_TRUE(network_->set_default_route(kPort, kGateway, kAddress));
  ASSERT_TRUE(network_->set_default_route(kPort, Ipv4Address::of(11, 0, 0, 254), kAddress));
  EXPECT_EQ(routes(), "default via 11.0.0.254 dev port src 11.0.0.2 onlink\n");
}

TEST_F(NetlinkTest, ReachesAGatewayOutsideTheAddressesPrefix) {
  ASSERT_TRUE(network_->set_ipv4_address(kPort, kAddress, 32));
  const auto set = network_->set_default_route(kPort, kGateway, kAddress);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_NE(routes().find("via 11.0.0.1 "), std::string::npos);
}

TEST_F(NetlinkTest, AddsRoutesByAGatewayAndOnLink) {
  ASSERT_TRUE(network_->set_ipv4_address(kPort, kAddress, 24));
  twice([&] { return network_->add_route(kPort, *Ipv4Prefix::parse("11.2.0.0/16"), kGateway); });
  twice([&] { return network_->add_route(kPort, *Ipv4Prefix::parse("11.3.0.0/16"), Ipv4Address()); });
  EXPECT_EQ(routes(), "11.2.0.0/16 via 11.0.0.1 dev port onlink\n11.3.0.0/16 dev port scope link\n");
}

TEST_F(NetlinkTest, ClearsItsOwnRoutesAndNoOthers) {
  ASSERT_TRUE(network_->set_ipv4_address(kPort, kAddress, 24));
  ASSERT_TRUE(network_->set_default_route(kPort, kGateway, kAddress));
  ASSERT_TRUE(network_->add_route(kPort, *Ipv4Prefix::parse("11.2.0.0/16"), kGateway));
  output_of("ip route add 11.4.0.0/16 dev port");
  twice([&] { return network_->clear_routes(); });
  EXPECT_EQ(routes(), "");
  EXPECT_NE(output_of("ip route").find("11.4.0.0/16"), std::string::npos);
}

TEST_F(NetlinkTest, ClearsMoreRoutesThanOneReadHolds) {
  constexpr int kRoutes = 2000;
  for (int i = 0; i < kRoutes; ++i) {
    const auto subnet = Ipv4Address::of(12, static_cast<uint8_t>(i / 256), static_cast<uint8_t>(i % 256), 0);
    ASSERT_TRUE(network_->add_route(kPort, Ipv4Prefix::of(subnet, 24), Ipv4Address()));
  }
  const auto cleared = network_->clear_routes();
  ASSERT_TRUE(cleared) << cleared.error().message;
  EXPECT_EQ(routes(), "");
}

TEST_F(NetlinkTest, SetsTheMtu) {
  twice([&] { return network_->set_mtu(kPort, 1400); });
  EXPECT_NE(output_of("ip link show port").find("mtu 1400"), std::string::npos);
}

TEST_F(NetlinkTest, SaysWhichInterfaceIsMissing) {
  const auto set = network_->set_ipv4_address("absent", kAddress, 24);
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().message, "absent: there is no such interface");
}

TEST_F(NetlinkTest, CountsWhatWentWithItsInterfaceAsGone) {
  EXPECT_TRUE(network_->clear_ipv4("absent"));
  EXPECT_TRUE(network_->remove_ipv4_address("absent", kAddress, 24));
  EXPECT_TRUE(network_->unmanage_neighbour("absent", kGateway));
}

TEST_F(NetlinkTest, SaysWhatTheKernelRefused) {
  const auto set = network_->set_default_route(kPort, kGateway, kAddress);  // a source that is not ours
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().message, "port: route to 0.0.0.0/0 by 11.0.0.1: Invalid argument");
}

}  // namespace
}  // namespace gate41::testing
