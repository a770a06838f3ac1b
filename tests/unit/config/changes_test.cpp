// What only a restart can change.
#include "cases.hpp"

namespace gate41::config {
namespace {

using Paths = std::vector<std::string>;

Paths changes(std::string_view from, std::string_view to) {
  return restart_changes(loaded(kGateway), loaded(replaced(kGateway, from, to)));
}

TEST(Changes, TellWhatAReloadBringsFromWhatNeedsARestart) {
  const std::string wanted =
      replaced(kGateway, "role:", "on_stop: { final_ras: 2 }\neal: { args: [\"-v\"] }\nrole:");
  const Changes found = config::changes(loaded(kGateway), loaded(wanted));
  EXPECT_EQ(found.live, Paths{"on_stop.final_ras"});
  EXPECT_EQ(found.restart, Paths{"eal.args"});
}

TEST(RestartChanges, NoneWhenNothingChanged) {
  EXPECT_EQ(restart_changes(loaded(kGateway), loaded(kGateway)), Paths{});
}

TEST(RestartChanges, ADefaultWrittenOutIsNoChange) {
  EXPECT_EQ(changes("role:", "workers: { cores: auto }\nrole:"), Paths{});
}

TEST(RestartChanges, NamesADevice) {
  EXPECT_EQ(changes("net_null0", "net_null7"), Paths{"ports.wan.device"});
}

TEST(RestartChanges, NamesANewPortOnce) {
  EXPECT_EQ(changes("  lan: {", "  dmz: { device: net_null2, vlan: 3 }\n  lan: {"), Paths{"ports.dmz"});
}

TEST(RestartChanges, NamesALanThatIsGone) {
  EXPECT_EQ(changes("lans:\n  home:\n    port: lan\n", ""), Paths{"lans.home"});
}

TEST(RestartChanges, NamesAStaticAddressInsteadOfDhcp) {
  EXPECT_EQ(changes("  port: wan\n", "  port: wan\n  ipv4: { address: 11.0.0.2/24 }\n"), Paths{"wan.ipv4"});
}

TEST(RestartChanges, NamesSeveral) {
  EXPECT_EQ(changes("role:", "eal: { args: [\"-v\"] }\ninstance: two\nrole:"),
            (Paths{"eal.args", "host.netns", "instance", "management.socket"}));
}

TEST(RestartChanges, ListsOfTheSameLettersDiffer) {
  const Config one = loaded(std::string(kGateway) + "eal: { args: [\"a b\"] }\n");
  const Config two = loaded(std::string(kGateway) + "eal: { args: [\"a\", \"b\"] }\n");
  EXPECT_EQ(restart_changes(one, two), Paths{"eal.args"});
}

TEST(RestartChanges, LiveKeysAreNotNamed) {
  EXPECT_EQ(changes("    relays: [11.0.0.3]\n", "    relays: [11.0.0.4]\n    mtu: 1400\n"), Paths{});
  EXPECT_EQ(changes("    relays: [11.0.0.3]\n", "    relays: [11.0.0.3]\n    mtu: auto\n"), Paths{});
}

TEST(RestartChanges, TheLimitOfASiteIsLive) {
  const std::string limited = replaced(kRelay, "  native:", "  site_limit: { rate: 20 }\n  native:");
  EXPECT_EQ(restart_changes(loaded(kRelay), loaded(limited)), Paths{});
  EXPECT_EQ(restart_changes(loaded(limited), loaded(kRelay)), Paths{});
}

TEST(RestartChanges, PinholesAreLive) {
  EXPECT_EQ(
      changes("role:", "filter: { inbound: [ { proto: echo, lan: home, interface_id: \"::1\" } ] }\nrole:"),
      Paths{});
}

TEST(RestartChanges, NamesTheRelaysNativeSide) {
  EXPECT_EQ(restart_changes(loaded(kRelay), loaded(replaced(kRelay, "2600:41::3/64", "2600:41::4/64"))),
            Paths{"relay.native.address"});
}

}  // namespace
}  // namespace gate41::config
