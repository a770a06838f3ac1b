// Bridges that rewrite the Ethernet source but not the link-layer option (W1..W4, X20). The guest says
// kGuest; its frames come from kBridge, and only frames to kBridge reach it.
#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

const MacAddress kGuest = mac("02:03:ff:00:00:0c");
const MacAddress kBridge = mac("02:1b:00:00:00:0d");
const Ipv6Address kGuestGlobal = ip6("2600:41:1:1::c");

std::vector<MacAddress> destinations(const std::vector<Frame>& frames) {
  std::vector<MacAddress> macs;
  for (const Frame& frame : frames) macs.push_back(ether_destination(frame));
  return macs;
}

using Macs = std::vector<MacAddress>;

// proves: W1 W2
TEST(Bridge, AMismatchIsCountedReportedAndNotDropped) {
  for (const auto source :
       {nd::LladdrSource::option, nd::LladdrSource::ethernet, nd::LladdrSource::automatic}) {
    ReadyLink link(with_source(source));
    link.solicited_by(kGuestGlobal, kGuest, kBridge);
    EXPECT_EQ(link.engine.lladdr_mismatches(), 1U);
    EXPECT_TRUE(link.neighbour(kGuestGlobal)->lladdr_mismatch);
    ASSERT_EQ(link.all<nd::Event>().size(), 1U);
    EXPECT_EQ(link.all<nd::Event>()[0].text,
              "neighbour 2600:41:1:1::c says 02:03:ff:00:00:0c, its frames come from 02:1b:00:00:00:0d");
    EXPECT_FALSE(link.advertisements().empty());
  }
}

TEST(Bridge, NoMismatchIsNotCounted) {
  ReadyLink link;
  link.solicited_by(kGuestGlobal, kGuest, kGuest);
  EXPECT_EQ(link.engine.lladdr_mismatches(), 0U);
  EXPECT_FALSE(link.neighbour(kGuestGlobal)->lladdr_mismatch);
}

// proves: W3
TEST(Bridge, OptionFollowsTheStandard) {
  ReadyLink link(with_source(nd::LladdrSource::option));
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  EXPECT_EQ(destinations(link.advertisements()), (Macs{kGuest}));
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kGuest);
  EXPECT_EQ(link.state(kGuestGlobal), "stale");
  link.used(kGuestGlobal);
  link.advance(20s);
  EXPECT_EQ(destinations(link.solicitations()), (Macs{kGuest, kGuest, kGuest}));
}

// proves: W3
TEST(Bridge, EthernetBelievesTheFrame) {
  ReadyLink link(with_source(nd::LladdrSource::ethernet));
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  EXPECT_EQ(destinations(link.advertisements()), (Macs{kBridge}));
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kBridge);
  link.packet(kOtherGlobal, 1);
  link.answered_by(kOtherGlobal, kGuest, kS | kO, kBridge);
  EXPECT_EQ(link.neighbour(kOtherGlobal)->mac, kBridge);
  EXPECT_EQ(link.state(kOtherGlobal), "reachable");
}

// proves: X20
TEST(Bridge, AutomaticAnswersToBothMacs) {
  ReadyLink link;
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  EXPECT_EQ(destinations(link.advertisements()), (Macs{kGuest, kBridge}));
}

// proves: X20
TEST(Bridge, AutomaticProbesBothInTurnAtOnce) {
  ReadyLink link;
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  EXPECT_EQ(destinations(link.solicitations()), (Macs{kGuest}));
  link.advance(1s);
  EXPECT_EQ(destinations(link.solicitations()), (Macs{kGuest, kBridge}));
  EXPECT_EQ(link.solicitations()[1], solicitation({.ether_source = kOwn,
                                                   .ether_destination = kBridge,
                                                   .source = kOwnLinkLocal,
                                                   .destination = kGuestGlobal,
                                                   .target = kGuestGlobal,
                                                   .options = sllao(kOwn)}));
}

// proves: W3 X20
TEST(Bridge, AutomaticKeepsTheEthernetSourceWhenThatAnswers) {
  ReadyLink link;
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  link.advance(1s);
  link.answered_by(kGuestGlobal, kGuest, kS | kO, kBridge);
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kBridge);
  EXPECT_EQ(link.state(kGuestGlobal), "reachable");
  const auto usable = link.all<nd::NeighbourUsable>();
  ASSERT_EQ(usable.size(), 2U);
  EXPECT_EQ(usable[0].mac, kGuest);
  EXPECT_EQ(usable[1].mac, kBridge);
}

// proves: X20
TEST(Bridge, AutomaticKeepsTheOptionWhenThatAnswers) {
  ReadyLink link;
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  link.answered_by(kGuestGlobal, kGuest, kS | kO, kBridge);
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kGuest);
  EXPECT_EQ(link.state(kGuestGlobal), "reachable");
  link.forget();
  link.advance(10s);
  EXPECT_TRUE(link.solicitations().empty());
}

// proves: W3 X20
TEST(Bridge, WhatWasKeptSurvivesMoreOfTheSame) {
  ReadyLink link;
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  link.advance(1s);
  link.answered_by(kGuestGlobal, kGuest, kS | kO, kBridge);
  link.forget();
  for (int i = 0; i < 50; ++i) {
    link.solicited_by(kGuestGlobal, kGuest, kBridge);
    link.answered_by(kGuestGlobal, kGuest, kO, kBridge);
    link.advance(5s);
  }
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kBridge);
  EXPECT_TRUE(link.all<nd::NeighbourUsable>().empty());
  EXPECT_TRUE(link.solicitations().empty());
}

// proves: X20
TEST(Bridge, LaterProbesStartWithTheMacThatWasKept) {
  ReadyLink link;
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  link.advance(1s);
  link.answered_by(kGuestGlobal, kGuest, kS | kO, kBridge);
  link.advance(45s);
  link.forget();
  link.used(kGuestGlobal);
  link.advance(5s);
  EXPECT_EQ(destinations(link.solicitations()), (Macs{kBridge}));
}

// proves: X20
TEST(Bridge, NeitherAnsweringIsGoneAfterThreeProbesEach) {
  ReadyLink link;
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  link.advance(6s);
  EXPECT_EQ(destinations(link.solicitations()), (Macs{kGuest, kBridge, kGuest, kBridge, kGuest, kBridge}));
  EXPECT_EQ(link.all<nd::NeighbourGone>().size(), 1U);
}

// proves: W6 X20
TEST(Bridge, AnAnswerToAResolutionIsProbedToo) {
  ReadyLink link;
  link.packet(kGuestGlobal, 1);
  link.forget();
  link.answered_by(kGuestGlobal, kGuest, kS | kO, kBridge);
  EXPECT_EQ(link.state(kGuestGlobal), "probe");
  link.advance(1s);
  link.answered_by(kGuestGlobal, kGuest, kS | kO, kBridge);
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kBridge);
  EXPECT_EQ(link.all<nd::Resume>().size(), 1U);
}

// proves: W3 X20
TEST(Bridge, NeverTheMacOfAnotherConfirmedNeighbour) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kBridge);  // the bridging machine itself
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kGuest);
  EXPECT_EQ(link.state(kGuestGlobal), "stale");
  link.used(kGuestGlobal);
  link.advance(20s);
  EXPECT_EQ(destinations(link.solicitations()), (Macs{kGuest, kGuest, kGuest}));
}

// proves: W3
TEST(Bridge, ConfiguredItMayBeTheMacOfAnotherNeighbour) {
  ReadyLink link(with_source(nd::LladdrSource::ethernet));
  link.make_reachable(kHostGlobal, kBridge);
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kBridge);
}

// proves: W3 W4
TEST(Bridge, TheGuestsOtherAddressesMayUseItsBridgeToo) {
  ReadyLink link;
  link.solicited_by(ip6("fe80::c"), kGuest, kBridge);
  link.advance(1s);
  link.answered_by(ip6("fe80::c"), kGuest, kS | kO, kBridge);
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  link.advance(1s);
  link.answered_by(kGuestGlobal, kGuest, kS | kO, kBridge);
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kBridge);
  EXPECT_EQ(link.neighbour(ip6("fe80::c"))->mac, kBridge);
}

// proves: X20
TEST(Bridge, AConfirmedNeighbourIsNotDisturbedByASpoofedFrame) {
  ReadyLink link;
  link.make_reachable(kGuestGlobal, kGuest);
  link.solicited_by(kGuestGlobal, kGuest, kOther);
  EXPECT_EQ(link.state(kGuestGlobal), "reachable");
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kGuest);
  EXPECT_TRUE(link.solicitations().empty());
}

// proves: X20
TEST(Bridge, WithoutTheBridgeTheGuestsOwnMacCounts) {
  ReadyLink link;
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  link.advance(1s);
  link.answered_by(kGuestGlobal, kGuest, kS | kO, kBridge);
  link.solicited_by(kGuestGlobal, kGuest, kGuest);
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kGuest);
  EXPECT_FALSE(link.neighbour(kGuestGlobal)->lladdr_mismatch);
}

// proves: W2 H15
TEST(Bridge, ARouterSolicitationShowsAMismatchToo) {
  ReadyLink link;
  link.engine.on_router_solicitation(kGuestGlobal, kGuest, kBridge, link.now);
  link.advance(1s);
  EXPECT_EQ(link.engine.lladdr_mismatches(), 1U);
  EXPECT_EQ(destinations(link.solicitations()), (Macs{kGuest, kBridge}));
}

// proves: W3
TEST(Bridge, AChangedSourceHoldsForWhatIsHeardNext) {
  ReadyLink link(with_source(nd::LladdrSource::option));
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  link.engine.set_lladdr_source(nd::LladdrSource::ethernet);
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kGuest);
  link.forget();
  link.solicited_by(kGuestGlobal, kGuest, kBridge);
  EXPECT_EQ(destinations(link.advertisements()), (Macs{kBridge}));
  EXPECT_EQ(link.neighbour(kGuestGlobal)->mac, kBridge);
}

TEST(Bridge, EventsAreFewHoweverManyMismatches) {
  ReadyLink link;
  for (uint64_t i = 0; i < 1000; ++i)
    link.solicited_by(Ipv6Address::from_halves(kOwnGlobal.high(), 0x100000 + i), kGuest, kBridge);
  EXPECT_EQ(link.engine.lladdr_mismatches(), 1000U);
  EXPECT_EQ(link.all<nd::Event>().size(), 10U);
}

}  // namespace
}  // namespace gate41::testing
