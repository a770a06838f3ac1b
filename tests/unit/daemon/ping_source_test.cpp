// Whom this box may ping, and from which of its addresses.
#include "control/daemon/ping_source.hpp"

#include <gmock/gmock.h>

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr AdjacencyIndex kPeerWay = 27;

config::Tunnel broker() {
  config::Tunnel tunnel;
  tunnel.name = "broker";
  tunnel.mode = config::TunnelMode::six_in_four;
  tunnel.six_in_four = config::SixInFour{.remote = ip4("12.9.9.9"),
                                         .address = ip6("2600:41:0:2::2"),
                                         .peer = ip6("2600:41:0:2::1"),
                                         .prefix = net6("2600:41:1::/48"),
                                         .routes = {net6("2600:99::/32")}};
  return tunnel;
}

// A 6in4 tunnel to 2600:99::/32 before the 6to4 of the others.
config::Config both() {
  config::Config config = gateway_config();
  config.tunnels.insert(config.tunnels.begin(), broker());
  return config;
}

SiteState both_state() {
  SiteState state = gateway_state();
  state.tunnels.insert(state.tunnels.begin(), TunnelState{{}, true, kPeerWay, kPeerWay});
  return state;
}

Result<Ipv6Address> source(const config::Config& config, const SiteState& state, const char* destination,
                           std::optional<Ipv6Address> wanted = {}) {
  return source_towards(ip6(destination), wanted, config, planned(config, state), *built(config, state));
}

std::string text(const Result<Ipv6Address>& source) {
  return source ? source->to_string() : "error: " + source.error().message;
}

// proves: S86
TEST(PingSource, OfAGatewayIsItsTunnelsAddress) {
  EXPECT_EQ(text(source(gateway_config(), gateway_state(), "2600:99::1")), "2002:b00:2a::1");
  EXPECT_EQ(text(source(gateway_config(), gateway_state(), "2002:c00:5::1")), "2002:b00:2a::1");
}

TEST(PingSource, TowardsAHostOfALanIsTheAddressThere) {
  EXPECT_EQ(text(source(gateway_config(), gateway_state(), "2002:b00:2a:2::77")), "2002:b00:2a:2::1");
}

TEST(PingSource, OfARelayIsItsNativeAddress) {
  EXPECT_EQ(text(source(relay_config(), relay_state(), "2600:99::1")), "2600:41::3");
  EXPECT_EQ(text(source(relay_config(), relay_state(), "2002:b00:2a::1")), "2600:41::3");
}

TEST(PingSource, OfARelayWithoutItsNativeAddressIsNone) {
  SiteState state = relay_state();
  state.lans[0].addresses = {ip6("fe80::3")};
  EXPECT_THAT(text(source(relay_config(), state, "2600:99::1")), HasSubstr("not in use yet"));
}

// proves: P34
TEST(PingSource, OfSeveralTunnelsIsThatOfTheFirstWithARoute) {
  EXPECT_EQ(text(source(both(), both_state(), "2600:99::1")), "2600:41:0:2::2");
  EXPECT_EQ(text(source(both(), both_state(), "2600:98::1")), "2002:b00:2a::1");
  EXPECT_EQ(text(source(both(), both_state(), "2600:41:0:2::1")), "2600:41:0:2::2");
}

TEST(PingSource, ATunnelWithALiveRelayComesBeforeOneWithout) {
  config::Config config = gateway_config();
  config.tunnels.push_back(broker());
  config.tunnels.back().six_in_four->routes = {kEveryIpv6};
  SiteState state = gateway_state();
  state.tunnels.front().relay_alive = false;
  state.tunnels.push_back({{}, true, kPeerWay, kPeerWay});
  EXPECT_EQ(text(source(config, state, "2600:99::1")), "2600:41:0:2::2");
}

// The packet path then says that there is none.
TEST(PingSource, WithoutALiveRelayTheTunnelsAddressIsUsedAllTheSame) {
  SiteState state = gateway_state();
  state.tunnels.front().relay_alive = false;
  EXPECT_EQ(text(source(gateway_config(), state, "2600:99::1")), "2002:b00:2a::1");
}

// proves: S86
TEST(PingSource, OfATunnelThatIsDownIsNoneAndItIsSaidWhy) {
  SiteState state = gateway_state();
  state.wan_address.reset();
  EXPECT_EQ(text(source(gateway_config(), state, "2600:99::1")),
            "error: the tunnel main is down: the WAN has no IPv4 address");
}

TEST(PingSource, WhereNoTunnelLeadsIsNone) {
  config::Config config = gateway_config();
  config.tunnels = {broker()};
  EXPECT_EQ(text(source(config, gateway_state(), "2600:98::1")), "error: no tunnel leads to 2600:98::1");
}

TEST(PingSource, MayBeAnyOtherOwnAddress) {
  EXPECT_EQ(text(source(gateway_config(), gateway_state(), "2600:99::1", ip6("2002:b00:2a:2::1"))),
            "2002:b00:2a:2::1");
}

TEST(PingSource, ThatIsNotOursIsRefusedWithThoseThatAre) {
  EXPECT_EQ(text(source(gateway_config(), gateway_state(), "2600:99::1", ip6("2600:99::9"))),
            "error: 2600:99::9 is no address of this box; it has 2002:b00:2a::1, 2002:b00:2a:1::1, "
            "2002:b00:2a:2::1");
}

TEST(PingSource, IsNoLinkLocalAndNoAnycastAddress) {
  EXPECT_THAT(own_addresses(*built(gateway_config(), gateway_state())),
              UnorderedElementsAre(ip6("2002:b00:2a::1"), ip6("2002:b00:2a:1::1"), ip6("2002:b00:2a:2::1")));
  EXPECT_FALSE(source(gateway_config(), gateway_state(), "2600:99::1", ip6("fe80::1")));
  EXPECT_FALSE(source(gateway_config(), gateway_state(), "2600:99::1", ip6("2002:b00:2a::")));
}

// proves: S86
TEST(PingDestination, ThatNobodyCanHaveIsRefusedInASentence) {
  const std::pair<const char*, const char*> cases[] = {
      {"::", "the unspecified address"},
      {"::1", "an address of this box itself"},
      {"ff02::1", "a multicast address"},
      {"fe80::99", "a link-local address"},
      {"2002:b00:2a::1", "an address of this box itself"},
      {"2002:b00:2a:2::1", "an address of this box itself"},
  };
  for (const auto& [destination, why] : cases)
    EXPECT_THAT(text(source(gateway_config(), gateway_state(), destination)),
                HasSubstr(std::string(ip6(destination).to_string()) + " cannot be asked: "))
        << why;
  for (const auto& [destination, why] : cases)
    EXPECT_THAT(text(source(gateway_config(), gateway_state(), destination)), HasSubstr(why));
}

}  // namespace
}  // namespace gate41::testing
