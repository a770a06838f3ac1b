// Pings: events over many turns, and the ways in which they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/operator/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kPing = "{\"version\":1,\"command\":\"ping\",\"destination\":\"2600:41::80\"}\n";
const Json kOk = {{"end", {{"ok", true}}}};
const Json kAnswer = {{"event", "answer"}};

bool start(Site& site, const Peer& peer) {
  peer.send(kPing);
  return site.until([&] { return site.view.push_event != nullptr; });
}

bool ended(Site& site) {
  return site.until([&] { return !site.view.ended_pings.empty(); });
}

TEST(OperatorPing, SendsEventsAsTheyComeAndThenTheEnd) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(start(site, peer));
  EXPECT_EQ(site.view.pinged->destination.to_string(), "2600:41::80");
  site.view.push_event(kAnswer);
  ASSERT_TRUE(site.until([&] {
    peer.read();
    return peer.lines().size() == 1;
  }));
  site.view.push_event({{"event", "statistics"}});
  site.view.ping_done();
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ElementsAre(kAnswer, Json{{"event", "statistics"}}, kOk));
  EXPECT_THAT(site.view.ended_pings, IsEmpty());
}

// proves: S86
TEST(OperatorPing, EndsInTheDaemonWhenTheClientHangsUp) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(start(site, peer));
  peer.hang_up();
  ASSERT_TRUE(ended(site));
  EXPECT_THAT(site.view.ended_pings, Each(site.view.kPingRun));
  site.view.push_event(kAnswer);
  site.view.ping_done();
  Peer next = site.connect();
  next.ask("version");
  EXPECT_TRUE(site.answered(next));
}

// proves: S86
TEST(OperatorPing, EndsWhenTheClientEndsItsWritingAndStillTellsItsStatistics) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(start(site, peer));
  peer.end_input();
  ASSERT_TRUE(ended(site));
  site.view.push_event({{"event", "statistics"}});
  site.view.ping_done();
  ASSERT_TRUE(site.closed(peer));
  EXPECT_THAT(peer.values(), ElementsAre(Json{{"event", "statistics"}}, kOk));
}

TEST(OperatorPing, OfAClientThatHasEndedItsWritingBeforeEndsAtOnce) {
  Site site;
  Peer peer = site.connect();
  peer.send(kPing);
  peer.end_input();
  EXPECT_TRUE(ended(site));
}

TEST(OperatorPing, EndsWithTheServerWhichHearsNoMore) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(start(site, peer));
  site.server.reset();
  EXPECT_THAT(site.view.ended_pings, ElementsAre(site.view.kPingRun));
  site.view.push_event(kAnswer);
  site.view.ping_done();
}

TEST(OperatorPing, WithoutAnAnswerForLongIsNotTheClientsSilence) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(start(site, peer));
  for (int minute = 0; minute < 60; ++minute)
    site.server->on_turn(TimePoint(std::chrono::minutes(1000 + minute)));
  peer.read();
  EXPECT_FALSE(peer.closed());
  EXPECT_THAT(site.view.ended_pings, IsEmpty());
}

TEST(OperatorPing, ThatHasEndedIsNotEndedAgain) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(start(site, peer));
  site.view.ping_done();
  ASSERT_TRUE(site.answered(peer));
  peer.hang_up();
  site.settle();
  EXPECT_THAT(site.view.ended_pings, IsEmpty());
}

TEST(OperatorPing, TheViewsRefusalIsPassedOnAndTheConnectionStays) {
  Site site;
  site.view.ping_error = "the tunnel main is down: the WAN has no IPv4 address";
  Peer peer = site.connect();
  peer.send(kPing);
  ASSERT_TRUE(site.answered(peer));
  EXPECT_EQ(error_of(peer.values().back()), "the tunnel main is down: the WAN has no IPv4 address");
  peer.ask("version");
  ASSERT_TRUE(site.until([&] {
    peer.read();
    return peer.lines().size() == 3;
  }));
}

}  // namespace
}  // namespace gate41::testing
