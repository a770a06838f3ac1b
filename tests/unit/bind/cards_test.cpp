#include "packaging/bind/cards.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate41::packaging {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

config::Config with_ports(const std::vector<std::pair<std::string, std::string>>& devices) {
  config::Config config;
  for (const auto& [name, device] : devices) config.ports[name].device = device;
  return config;
}

TEST(Cards, AreThePciDevicesOfTheConfigurationWithTheirDomain) {
  const auto config =
      with_ports({{"wan", "00:03.0"}, {"lan", "0000:00:04.0,vectorized=1"}, {"guest", "net_tap0,iface=x"}});
  EXPECT_THAT(cards_of(config), ElementsAre("0000:00:03.0", "0000:00:04.0"));
}

TEST(Cards, AreNamedOnceThoughTwoPortsAreVlansOfOne) {
  EXPECT_THAT(cards_of(with_ports({{"lan", "0000:00:04.0"}, {"guest", "0000:00:04.0"}})),
              ElementsAre("0000:00:04.0"));
}

TEST(Cards, AreNotTakenFromTheKernelWhileItUsesThem) {
  const appliance::Nic nic{.address = "0000:00:03.0", .driver = "e1000e", .interface = "eth0"};
  EXPECT_EQ(objection(nic, {}), "");
  EXPECT_THAT(objection(nic, {"11.0.0.2"}), AllOf(HasSubstr("eth0"), HasSubstr("11.0.0.2")));
}

TEST(Cards, StayWithADriverThatDpdkSharesThemWith) {
  EXPECT_TRUE(is_shared({.driver = "mlx5_core"}));
  EXPECT_FALSE(is_shared({.driver = "e1000e"}));
}

}  // namespace
}  // namespace gate41::packaging
