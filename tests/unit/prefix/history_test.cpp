// RFC 9096 §3.5: what was advertised is remembered, and withdrawn for as long as hosts may believe it.
#include "control/prefix/history.hpp"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using prefix::Entry;
using prefix::History;

constexpr int64_t kNow = 1'750'000'000;
constexpr int64_t kLifetime = 5400;  // RFC 9096 §3.4: the longest valid lifetime that was advertised

Ipv6Prefix net(std::string_view text) { return *Ipv6Prefix::parse(text); }
const Ipv6Prefix kOld = net("2002:b00:2a:1::/64");
const Ipv6Prefix kNew = net("2002:b00:2b:1::/64");

History with(const std::vector<Entry>& current) {
  History history;
  history.set_current(current, kNow);
  return history;
}

TEST(PrefixHistory, OfAFirstPrefixHasNothingStale) {
  const History history = with({{"home", kOld}});
  EXPECT_TRUE(history.stale().empty());
  EXPECT_EQ(history.entries(), (std::vector<Entry>{{"home", kOld, 0}}));
}

// proves: P26
TEST(PrefixHistory, KeepsAReplacedPrefixStaleForItsValidLifetime) {
  History history = with({{"home", kOld}});
  EXPECT_TRUE(history.set_current({{"home", kNew}}, kNow + 100));
  EXPECT_EQ(history.stale(), (std::vector<Entry>{{"home", kOld, kNow + 100 + kLifetime}}));
}

TEST(PrefixHistory, KeepsALostPrefixStale) {
  History history = with({{"home", kOld}});
  history.set_current({}, kNow);
  EXPECT_EQ(history.stale(), (std::vector<Entry>{{"home", kOld, kNow + kLifetime}}));
}

// proves: P26
TEST(PrefixHistory, ForgetsAStalePrefixAtItsEndAndNotBefore) {
  History history = with({{"home", kOld}});
  history.set_current({}, kNow);
  EXPECT_FALSE(history.expire(kNow + kLifetime - 1));
  EXPECT_EQ(history.stale().size(), 1U);
  EXPECT_TRUE(history.expire(kNow + kLifetime));
  EXPECT_TRUE(history.entries().empty());
}

TEST(PrefixHistory, NeverForgetsThePrefixInUse) {
  History history = with({{"home", kOld}});
  EXPECT_FALSE(history.expire(kNow + 1'000'000));
  EXPECT_EQ(history.entries().size(), 1U);
}

TEST(PrefixHistory, DoesNotMoveTheEndOfWhatIsStaleAlready) {
  History history = with({{"home", kOld}});
  history.set_current({}, kNow);
  history.set_current({{"home", kNew}}, kNow + 1000);
  EXPECT_EQ(history.stale(), (std::vector<Entry>{{"home", kOld, kNow + kLifetime}}));
}

TEST(PrefixHistory, TakesBackWhatComesBack) {
  History history = with({{"home", kOld}});
  history.set_current({}, kNow);
  history.set_current({{"home", kOld}}, kNow + 10);
  EXPECT_TRUE(history.stale().empty());
  EXPECT_TRUE(history.withdrawn().empty());
}

TEST(PrefixHistory, SaysWhetherAnythingChanged) {
  History history = with({{"home", kOld}});
  EXPECT_FALSE(history.set_current({{"home", kOld}}, kNow + 10));
  EXPECT_TRUE(history.set_current({{"home", kNew}}, kNow + 20));
  EXPECT_FALSE(history.set_current({{"home", kNew}}, kNow + 30));
}

TEST(PrefixHistory, KeepsTheLansApart) {
  History history = with({{"home", kOld}, {"guests", net("2002:b00:2a:2::/64")}});
  history.set_current({{"home", kOld}}, kNow);
  ASSERT_EQ(history.stale().size(), 1U);
  EXPECT_EQ(history.stale()[0].lan, "guests");
}

// proves: P14
TEST(PrefixHistory, CountsAMovedPrefixAsStaleOnItsOldLanButNotAsWithdrawn) {
  History history = with({{"home", kOld}});
  history.set_current({{"guests", kOld}}, kNow);
  ASSERT_EQ(history.stale().size(), 1U);
  EXPECT_EQ(history.stale()[0].lan, "home");
  EXPECT_TRUE(history.withdrawn().empty());
}

TEST(PrefixHistory, CountsALostPrefixAsWithdrawn) {
  History history = with({{"home", kOld}});
  history.set_current({{"home", kNew}}, kNow);
  EXPECT_EQ(history.withdrawn(), std::vector<Ipv6Prefix>{kOld});
}

// proves: P24
TEST(PrefixHistory, SurvivesARestart) {
  History history = with({{"home", kOld}});
  history.set_current({{"home", kNew}}, kNow);
  EXPECT_EQ(History::from_text(history.to_text()).entries(), history.entries());
}

// proves: P25
TEST(PrefixHistory, FindsAfterARestartThatThePrefixHasChanged) {
  History history = History::from_text(with({{"home", kOld}}).to_text());
  EXPECT_TRUE(history.stale().empty());  // it may well be the prefix again
  history.set_current({{"home", kNew}}, kNow + 60);
  EXPECT_EQ(history.stale(), (std::vector<Entry>{{"home", kOld, kNow + 60 + kLifetime}}));
}

TEST(PrefixHistory, IsWrittenAsOneLineAPrefix) {
  EXPECT_EQ(with({{"home", kOld}}).to_text(), "home 2002:b00:2a:1::/64 0\n");
}

class BrokenLine : public ::testing::TestWithParam<const char*> {};

TEST_P(BrokenLine, IsLeftOutAndTheOthersStay) {
  const std::string good = "home 2002:b00:2a:1::/64 0\n";
  const History history = History::from_text(std::string(GetParam()) + "\n" + good);
  EXPECT_EQ(history.entries(), (std::vector<Entry>{{"home", kOld, 0}}));
}
INSTANTIATE_TEST_SUITE_P(Lines, BrokenLine,
                         ::testing::Values("", "home", "home 2002:b00:2b:1::/64", "home 2002:b00:2b:1::/64 x",
                                           "home 2002:b00:2b:1::/129 0", "home 2002:b00:2b:1::1/64 0",
                                           "home banana 0", "home 2002:b00:2b:1::/64 -1",
                                           "home 2002:b00:2b:1::/64 99999999999999999999",
                                           "home 2002:b00:2b:1::/64 0 more", "home 2002:b00:2a:1::/64 7 7",
                                           "\x01\x02\xff"));

TEST(PrefixHistory, OfNoTextIsEmpty) { EXPECT_TRUE(History::from_text("").entries().empty()); }

}  // namespace
}  // namespace gate41::testing
