// What `doctor` says of a firewall or NAT in front.
#include "control/daemon/firewall_hint.hpp"

#include <gmock/gmock.h>

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<relay::RelayInfo> relays(relay::State first, relay::State second) {
  return {{.address = ip4("192.88.99.1"), .state = first, .rtt = {}},
          {.address = ip4("11.0.0.9"), .state = second, .rtt = {}}};
}
const auto kDead = relays(relay::State::dead, relay::State::dead);
const auto kAlive = relays(relay::State::dead, relay::State::alive);

std::optional<FirewallHint> hint(const config::Config& config, const std::vector<relay::RelayInfo>& of,
                                 bool behind_nat = false) {
  return firewall_hint(config.tunnels.front(), planned(config, gateway_state()).tunnels[0].plan, of,
                       behind_nat);
}

}  // namespace

// proves: S27
TEST(FirewallHint, NamesThePeersToPermitWhenNobodyAnswers) {
  const auto given = hint(gateway_config(), kDead);
  ASSERT_TRUE(given);
  EXPECT_THAT(given->sentence, HasSubstr("nobody answers"));
  EXPECT_THAT(
      given->remedy,
      HasSubstr("permit there IP protocol 41 (not a port) between 192.168.1.5 and 192.88.99.1, 11.0.0.9"));
}

// proves: S27
TEST(FirewallHint, NamesThemBehindANatThoughAllIsWell) {
  const auto given = hint(gateway_config(), kAlive, true);
  ASSERT_TRUE(given);
  EXPECT_THAT(given->sentence, HasSubstr("the NAT in front must pass IP protocol 41 (not a port) between "
                                         "192.168.1.5 and 192.88.99.1, 11.0.0.9"));
  EXPECT_EQ(given->remedy, "");
}

TEST(FirewallHint, SaysNothingWhereARelayAnswersAndNoNatIsKnown) {
  EXPECT_FALSE(hint(gateway_config(), kAlive));
}

TEST(FirewallHint, WaitsForTheVerdict) {
  EXPECT_FALSE(hint(gateway_config(), relays(relay::State::dead, relay::State::unknown)));
  EXPECT_FALSE(hint(gateway_config(), {}));
}

// proves: S27
TEST(FirewallHint, NamesKeptTargetsOnce) {
  config::Config config = gateway_config();
  config.tunnels.front().keepalive = {std::chrono::seconds(30), {ip4("192.88.99.2"), ip4("11.0.0.9")}};
  EXPECT_THAT(hint(config, kDead)->remedy, HasSubstr("and 192.88.99.1, 11.0.0.9, 192.88.99.2, and from"));
}

TEST(FirewallHint, SaysThatAnswersComeByAnyRelayUnlessOnlyRelaysAreAccepted) {
  config::Config config = gateway_config();
  EXPECT_THAT(hint(config, kDead)->remedy, HasSubstr("whatever other relay or 6to4 site"));
  config.tunnels.front().accept_relays_only = true;
  EXPECT_THAT(hint(config, kDead)->remedy, Not(HasSubstr("whatever other relay")));
}

TEST(FirewallHint, Of6rdNamesTheDomainsSites) {
  config::Config config = gateway_config();
  config.tunnels.front().mode = config::TunnelMode::six_rd;
  config.tunnels.front().six_rd = {net6("2600:41::/32"), 16, false};
  EXPECT_THAT(hint(config, kDead)->remedy, HasSubstr("the domain's other sites (192.168.0.0/16)"));
  config.tunnels.front().six_rd->hub_and_spoke = true;
  EXPECT_THAT(hint(config, kDead)->remedy, Not(HasSubstr("sites")));
}

TEST(FirewallHint, SaysNothingOfATunnelThatIsDown) {
  const config::Config config = gateway_config();
  SiteState state = gateway_state();
  state.external.reset();
  EXPECT_FALSE(firewall_hint(config.tunnels.front(), planned(config, state).tunnels[0].plan, kDead, true));
}

}  // namespace gate41::testing
