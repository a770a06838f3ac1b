// Neighbour unreachability detection (RFC 4861 §7.3).
#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

// Time from confirmation until it is stale.
Duration reachable_time(uint64_t seed) {
  ReadyLink link({}, seed);
  link.make_reachable(kHostGlobal, kHost);
  return *link.engine.next_deadline() - link.now;
}

// proves: H28
TEST(Unreachability, ReachableLasts30SecondsPlusMinusHalf) {
  Duration shortest = 1h;
  Duration longest = 0s;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    shortest = std::min(shortest, reachable_time(seed));
    longest = std::max(longest, reachable_time(seed));
  }
  EXPECT_GE(shortest, 15s);
  EXPECT_LT(shortest, 16s);
  EXPECT_GT(longest, 44s);
  EXPECT_LE(longest, 45s);
}

// proves: H28
TEST(Unreachability, AStaleNeighbourThatNobodyUsesIsLeftAlone) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.advance(24h);
  EXPECT_EQ(link.state(kHostGlobal), "stale");
  EXPECT_TRUE(link.solicitations().empty());
}

// proves: H28
TEST(Unreachability, UseMovesStaleToDelayAndAfter5SecondsToProbe) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.advance(45s);
  link.used(kHostGlobal);
  EXPECT_EQ(link.state(kHostGlobal), "delay");
  link.advance(4999ms);
  EXPECT_EQ(link.state(kHostGlobal), "delay");
  EXPECT_TRUE(link.solicitations().empty());
  link.advance(1ms);
  EXPECT_EQ(link.state(kHostGlobal), "probe");
  ASSERT_EQ(link.solicitations().size(), 1U);
  EXPECT_EQ(link.solicitations()[0], solicitation({.ether_source = kOwn,
                                                   .ether_destination = kHost,
                                                   .source = kOwnLinkLocal,
                                                   .destination = kHostGlobal,
                                                   .target = kHostGlobal,
                                                   .options = sllao(kOwn)}));
}

// proves: H28
TEST(Unreachability, UseAgainDoesNotPutTheProbeOff) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.advance(45s);
  for (int i = 0; i < 5; ++i) {
    link.used(kHostGlobal);
    link.advance(1s);
  }
  EXPECT_EQ(link.state(kHostGlobal), "probe");
}

// proves: H28
TEST(Unreachability, ThreeUnansweredProbesOneSecondApartEndIt) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.advance(45s);
  link.used(kHostGlobal);
  link.advance(5s + 2999ms);
  EXPECT_EQ(link.solicitations().size(), 3U);
  EXPECT_EQ(link.state(kHostGlobal), "probe");
  EXPECT_TRUE(link.all<nd::NeighbourGone>().empty());
  link.advance(1ms);
  EXPECT_EQ(link.state(kHostGlobal), "none");
  ASSERT_EQ(link.all<nd::NeighbourGone>().size(), 1U);
  EXPECT_EQ(link.all<nd::NeighbourGone>()[0].address, kHostGlobal);
  EXPECT_EQ(link.solicitations().size(), 3U);
}

// proves: H28
TEST(Unreachability, AnAnswerToAProbeMakesItReachableAgain) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.advance(45s);
  link.used(kHostGlobal);
  link.advance(6s);
  link.answered_by(kHostGlobal, kHost, kS);
  EXPECT_EQ(link.state(kHostGlobal), "reachable");
  EXPECT_EQ(link.neighbour(kHostGlobal)->last_confirmed, link.now);
  EXPECT_TRUE(link.all<nd::NeighbourUsable>().empty());  // same MAC: the dataplane need not know
}

// proves: H28
TEST(Unreachability, UseOfAReachableNeighbourSendsNothing) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  for (int i = 0; i < 14; ++i) {
    link.used(kHostGlobal);
    link.advance(1s);
  }
  EXPECT_EQ(link.state(kHostGlobal), "reachable");
  EXPECT_TRUE(link.outputs.empty());
}

TEST(Unreachability, UseOfAnUnknownNeighbourChangesNothing) {
  ReadyLink link;
  link.used(kHostGlobal);
  EXPECT_TRUE(link.engine.neighbours().empty());
}

TEST(Unreachability, StatesHaveNames) {
  EXPECT_STREQ(nd::name_of(nd::NeighbourState::incomplete), "incomplete");
  EXPECT_STREQ(nd::name_of(nd::NeighbourState::probe), "probe");
}

}  // namespace
}  // namespace gate41::testing
