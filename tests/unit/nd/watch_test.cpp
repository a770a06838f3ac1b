// A neighbour that is watched: known and confirmed without traffic, missed soon.
#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

// Time passes as in the daemon: it asks about its neighbour once a second.
void watch(ReadyLink& link, int seconds, bool answers) {
  std::size_t asked = link.solicitations().size();
  for (int i = 0; i < seconds; ++i) {
    link.engine.watch(kHostGlobal, link.now);
    link.collect();
    if (answers && link.solicitations().size() > asked) link.answered_by(kHostGlobal, kHost, kS | kO);
    asked = link.solicitations().size();
    link.advance(1s);
  }
}

TEST(WatchedNeighbour, IsResolvedWithoutAPacket) {
  ReadyLink link;
  link.engine.watch(kHostGlobal, link.now);
  link.collect();
  ASSERT_EQ(link.solicitations().size(), 1U);
  link.answered_by(kHostGlobal, kHost, kS | kO);
  ASSERT_EQ(link.all<nd::NeighbourUsable>().size(), 1U);
  EXPECT_EQ(link.all<nd::NeighbourUsable>()[0].mac, kHost);
}

TEST(WatchedNeighbour, StaysWhileItAnswers) {
  ReadyLink link;
  watch(link, 60, true);
  EXPECT_TRUE(link.all<nd::NeighbourGone>().empty());
  EXPECT_EQ(link.all<nd::NeighbourUsable>().size(), 1U);
}

// proves: B4
TEST(WatchedNeighbour, IsMissedWithinSevenSeconds) {
  ReadyLink link;
  watch(link, 10, true);
  link.forget();
  watch(link, 7, false);
  EXPECT_EQ(link.all<nd::NeighbourGone>().size(), 1U);
}

TEST(WatchedNeighbour, IsLookedForAgainWhenItHasGone) {
  ReadyLink link;
  watch(link, 20, false);
  link.forget();
  watch(link, 10, true);
  EXPECT_EQ(link.all<nd::NeighbourUsable>().size(), 1U);
}

TEST(WatchedNeighbour, IsAskedEveryThreeSecondsAndNoOftener) {
  ReadyLink link;
  watch(link, 10, true);
  link.forget();
  watch(link, 30, true);
  EXPECT_GE(link.solicitations().size(), 7U);
  EXPECT_LE(link.solicitations().size(), 10U);
}

}  // namespace
}  // namespace gate41::testing
