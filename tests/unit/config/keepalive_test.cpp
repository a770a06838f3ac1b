// tunnels.NAME.keepalive: the fields of a good one, and each mistake once.
#include "cases.hpp"

namespace gate41::config {
namespace {

using namespace std::chrono_literals;

#define TARGETS(list) "mode: 6to4\n    keepalive: { interval: 30s, targets: [" list "] }"

Keepalive keepalive_of(std::string_view map) {
  return loaded(replaced(kGateway, "mode: 6to4", "mode: 6to4\n    keepalive: " + std::string(map)))
      .tunnels.at(0)
      .keepalive.value();
}

// proves: S26
TEST(LoadKeepalive, IsOffUnasked) { EXPECT_FALSE(loaded(kGateway).tunnels.at(0).keepalive); }

TEST(LoadKeepalive, MayBeSwitchedOff) {
  EXPECT_FALSE(
      loaded(replaced(kGateway, "mode: 6to4", "mode: 6to4\n    keepalive: off")).tunnels.at(0).keepalive);
}

// proves: S25
TEST(LoadKeepalive, HasNoTargetsOfItsOwnUnasked) {
  EXPECT_TRUE(keepalive_of("{ interval: 5s }").targets.empty());
}

// proves: S26 U45
TEST(LoadKeepalive, TakesFiveSecondsToTenMinutes) {
  EXPECT_EQ(keepalive_of("{ interval: 5s }").interval, 5s);
  EXPECT_EQ(keepalive_of("{ interval: 10min }").interval, 600s);
}

// 192.88.99.2 is what a keep-alive is for, though no site may have it. proves: S25
TEST(LoadKeepalive, TakesTargetsThatAreNoRelaysOfTheTunnel) {
  EXPECT_EQ(keepalive_of("{ interval: 30s, targets: [192.88.99.2, 11.0.0.3, 11.0.9.9] }").targets,
            (std::vector{Ipv4Address::of(192, 88, 99, 2), Ipv4Address::of(11, 0, 0, 3),
                         Ipv4Address::of(11, 0, 9, 9)}));
}

TEST(LoadKeepalive, Of6rdTakesItsBorderRelaysWhichMayBePrivate) {
  const Config config =
      loaded(replaced(kGateway, "mode: 6to4\n    relays: [11.0.0.3]",
                      "mode: 6rd\n    relays: [10.0.0.3, 10.0.0.4]\n    6rd: { prefix: \"2600:41::/32\" }\n"
                      "    keepalive: { interval: 30s, targets: [10.0.0.4] }"));
  EXPECT_EQ(config.tunnels.at(0).keepalive->targets, std::vector{Ipv4Address::of(10, 0, 0, 4)});
}

constexpr std::string_view kPeer =
    "mode: 6in4\n    6in4: { remote: 10.0.0.9, address: \"2600:41:0:2::2/64\", prefix: \"2600:41:1::/48\" "
    "}\n";

TEST(LoadKeepalive, Of6in4TakesThePeerWhichMayBePrivate) {
  const Config config =
      loaded(replaced(kGateway, "mode: 6to4\n    relays: [11.0.0.3]\n",
                      std::string(kPeer) + "    keepalive: { interval: 30s, targets: [10.0.0.9] }\n"));
  EXPECT_EQ(config.tunnels.at(0).keepalive->targets, std::vector{Ipv4Address::of(10, 0, 0, 9)});
}

TEST(LoadKeepalive, IsLive) {
  const Config off = loaded(kGateway);
  const auto with = [](std::string_view map) {
    return loaded(replaced(kGateway, "mode: 6to4", "mode: 6to4\n    keepalive: " + std::string(map)));
  };
  const Config one = with("{ interval: 30s }");
  EXPECT_TRUE(restart_changes(off, one).empty());
  EXPECT_TRUE(restart_changes(one, with("{ interval: 60s, targets: [11.0.9.9] }")).empty());
  EXPECT_TRUE(restart_changes(one, off).empty());
}

const std::string k6rdStranger =
    "mode: 6rd\n    relays: [11.0.0.3]\n    6rd: { prefix: \"2600:41::/32\" }\n"
    "    keepalive: { interval: 30s, targets: [11.0.0.4] }";
const std::string k6in4Stranger =
    std::string(kPeer) + "    keepalive: { interval: 30s, targets: [10.0.0.8] }\n";

const Case kCases[] = {
    Case{"KeepaliveOn", kGateway, "mode: 6to4", "mode: 6to4\n    keepalive: on",
         "f:10:16: tunnels.main.keepalive: \"on\" is unknown; allowed: off, or a map with interval, "
         "targets\n"},
    Case{"KeepaliveList", kGateway, "mode: 6to4", "mode: 6to4\n    keepalive: [30s]",
         "f:10:16: tunnels.main.keepalive: a list stands here; allowed: off, or a map with interval, "
         "targets\n"},
    Case{"KeepaliveWithoutInterval", kGateway, "mode: 6to4", "mode: 6to4\n    keepalive: { targets: [] }",
         "f:10:5: tunnels.main.keepalive.interval: missing key; allowed: 5s..10min\n"},
    Case{"KeepaliveTooOften", kGateway, "mode: 6to4", "mode: 6to4\n    keepalive: { interval: 4s }",
         "f:10:28: tunnels.main.keepalive.interval: \"4s\" is out of range; allowed: 5s..10min\n"},
    Case{"KeepaliveTooSeldom", kGateway, "mode: 6to4", "mode: 6to4\n    keepalive: { interval: 601s }",
         "f:10:28: tunnels.main.keepalive.interval: \"601s\" is out of range; allowed: 5s..10min\n"},
    Case{"KeepaliveUnknownKey", kGateway, "mode: 6to4", "mode: 6to4\n    keepalive: { interval: 5s, to: [] }",
         "f:10:32: tunnels.main.keepalive.to: unknown key; allowed: interval, targets\n"},
    Case{"TargetIsNoAddress", kGateway, "mode: 6to4", TARGETS("relay"),
         "f:10:43: tunnels.main.keepalive.targets[0]: \"relay\" is not an IPv4 address; allowed: a list of "
         "IPv4 addresses\n"},
    Case{"TargetIsMulticast", kGateway, "mode: 6to4", TARGETS("11.0.9.9, 224.0.0.1"),
         "f:10:53: tunnels.main.keepalive.targets[1]: 224.0.0.1 is in multicast; allowed: a global unicast "
         "IPv4 address\n"},
    Case{"TargetIsPrivate", kGateway, "mode: 6to4", TARGETS("192.168.1.1"),
         "f:10:43: tunnels.main.keepalive.targets[0]: 192.168.1.1 is in private-use; allowed: a global "
         "unicast IPv4 address\n"},
    Case{"TargetIsOurselves", kGateway, "port: wan\ntunnels:\n  main:\n    mode: 6to4",
         "port: wan\n  ipv4: { address: 11.0.0.2/24 }\ntunnels:\n  main:\n    " TARGETS("11.0.0.2"),
         "f:11:43: tunnels.main.keepalive.targets[0]: 11.0.0.2 is our own address; allowed: another "
         "address\n"},
    Case{"TargetTwice", kGateway, "mode: 6to4", TARGETS("11.0.9.9, 11.0.9.9"),
         "f:10:53: tunnels.main.keepalive.targets[1]: 11.0.9.9 stands here twice; allowed: each target "
         "once\n"},
    Case{
        "TargetThatNothingIsAcceptedFrom", kGateway, "mode: 6to4",
        "accept: relays\n    " TARGETS("11.0.0.3, 11.0.9.9"),
        "f:11:53: tunnels.main.keepalive.targets[1]: 11.0.9.9 is none of `relays`, and nobody else's traffic "
        "is let in; allowed: addresses of `relays`, or accept: any\n"},
    Case{"TargetIsNoBorderRelay", kGateway, "mode: 6to4\n    relays: [11.0.0.3]", k6rdStranger,
         "f:12:43: tunnels.main.keepalive.targets[0]: 11.0.0.4 is no border relay of this tunnel; allowed: "
         "addresses of `relays`\n"},
    Case{"TargetIsNotThePeer", kGateway, "mode: 6to4\n    relays: [11.0.0.3]\n", k6in4Stranger,
         "f:11:43: tunnels.main.keepalive.targets[0]: 10.0.0.8 is not the other end; allowed: 6in4.remote\n"},
    Case{"KeepaliveOfARelay", kRelay, "mode: 6to4", "mode: 6to4, keepalive: { interval: 30s }",
         "f:8:32: tunnels.main.keepalive: a relay keeps nothing alive; allowed: in role gateway only\n"},
};
INSTANTIATE_TEST_SUITE_P(Keepalive, LoadProblem, testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace gate41::config
