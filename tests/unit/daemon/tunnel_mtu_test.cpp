// The tunnel's MTU: as configured, or what the WAN leaves of it.
#include <gmock/gmock.h>

#include "control/daemon/component_states.hpp"
#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;

struct MtuCase {
  uint16_t configured;
  uint16_t wan;
  uint16_t expected;
};
class TunnelMtu : public ::testing::TestWithParam<MtuCase> {};

// The outer header takes 20 bytes of the WAN's; IPv6 needs 1280 (RFC 8200 §5), so less than 1300 lowers
// nothing.
// proves: M18 D3
TEST_P(TunnelMtu, IsTheConfiguredOneOrWhatTheWanLeavesButNeverBelow1280) {
  config::Config config = gateway_config();
  config.tunnels.front().mtu = GetParam().configured;
  SiteState state = gateway_state();
  state.wan_mtu = GetParam().wan;
  EXPECT_EQ(make_tunnel(config, planned(config, state), 0).mtu, GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(Sizes, TunnelMtu,
                         ::testing::Values(MtuCase{1280, 1500, 1280}, MtuCase{1480, 1500, 1480},
                                           MtuCase{1480, 1492, 1472}, MtuCase{1480, 9000, 1480},
                                           MtuCase{1480, 1300, 1280}, MtuCase{1480, 1299, 1280},
                                           MtuCase{1280, 576, 1280}));

// proves: X1 X10
TEST(WanMtu, LessTheOuterHeaderIsTheDynamicTunnelMtu) {
  config::Config config = gateway_config();
  config.tunnels.front().mtu_auto = true;
  SiteState state = gateway_state();
  for (const auto& [wan, expected] :
       {std::pair<uint16_t, uint16_t>{1500, 1480}, {1492, 1472}, {9000, 1480}, {1299, 1280}}) {
    state.wan_mtu = wan;
    EXPECT_EQ(make_tunnel(config, state, 0).mtu, expected);
    EXPECT_TRUE(make_tunnel(config, state, 0).mtu_by_path);
  }
}

// By DHCP a WAN may carry less than its port: fragments have to fit that.
// proves: D19 M18
TEST(WanMtu, TheWansLinkCarriesWhatTheWanDoes) {
  SiteState state = gateway_state();
  state.wan_mtu = 576;
  const auto snapshot = built(gateway_config(), state);
  EXPECT_EQ(snapshot->links[snapshot->wan_link].mtu, 576);
}

TEST(TunnelState, SaysWhatFitsAndWhatTheWanCarries) {
  EXPECT_EQ(tunnel_state("tunnel", 1280, 1500).sentence,
            "IPv6 packets of up to 1280 bytes; the WAN carries 1500");
}

// proves: X10 D11
TEST(TunnelState, SaysHowManyPathsCarryLess) {
  EXPECT_EQ(tunnel_state("tunnel", 1480, 1500, 1).sentence,
            "IPv6 packets of up to 1480 bytes, or what a path carries (1 is known to carry less); the WAN "
            "carries 1500");
}

// proves: M18
TEST(TunnelState, WarnsOfAWanThatCarriesLessThan1300) {
  const ComponentState state = tunnel_state("tunnel", 1280, 1299);
  EXPECT_TRUE(state.warning);
  EXPECT_THAT(state.sentence, HasSubstr("the WAN carries 1299 bytes, 1300 are needed"));
  EXPECT_FALSE(tunnel_state("tunnel", 1280, 1300).warning);
}

}  // namespace
}  // namespace gate41::testing
