// Prefixes that are no longer valid (RFC 9096 §3.5).
#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {
namespace {

ra::Content new_content() { return {{{kPrefix}}, {}, true}; }

const RaPrefix* find(const SentRa& ra, const Ipv6Prefix& prefix) {
  for (const RaPrefix& one : ra.prefixes)
    if (one.address == prefix.address) return &one;
  return nullptr;
}

}  // namespace

// proves: P13 P25 U15
TEST_F(RaAdvertiser, WithdrawsAReplacedPrefixAtOnceWithItsFlagsUnchanged) {
  start_advertising({{{kOldPrefix}}, {}, true});
  run_for(seconds(40));
  sent.clear();
  const TimePoint change = now;
  advertiser.add_stale({kOldPrefix, now + seconds(5400)}, now);
  advertiser.set_content(new_content(), now);
  run_for(seconds(1));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].at, change);
  const RaPrefix* old = find(last(), kOldPrefix);
  ASSERT_NE(old, nullptr);
  EXPECT_EQ(old->valid, 0U);
  EXPECT_EQ(old->preferred, 0U);
  EXPECT_EQ(old->flags, 0xc0);
  EXPECT_EQ(find(last(), kPrefix)->valid, 5400U);
}

// proves: P26 U18
TEST_F(RaAdvertiser, RepeatsTheWithdrawalUntilTheFormerLifetimeIsOver) {
  settle();
  const TimePoint until = now + seconds(5400);
  advertiser.add_stale({kOldPrefix, until}, now);
  run_for(seconds(7000));
  std::size_t with = 0;
  for (const Sent& one : sent) {
    EXPECT_EQ(find(one.ra, kOldPrefix) != nullptr, one.at < until);
    if (one.at < until) ++with;
  }
  EXPECT_GE(with, 10U);
  EXPECT_TRUE(advertiser.stale().empty());
}

// proves: P25
TEST_F(RaAdvertiser, WithdrawsPrefixesOfBeforeAReboot) {
  advertiser.add_stale({kOldPrefix, now + seconds(4000)}, now);
  start_advertising({});
  ASSERT_NE(find(last(), kOldPrefix), nullptr);
  EXPECT_EQ(last().lifetime, 0);
}

Frame another_router() {
  Announcement other;
  other.lifetime = 9000;
  return other.build();
}

// A gateway that holds back for another router withdraws its old prefixes all the same, and nothing else.
// proves: P25 P26
TEST_F(RaAdvertiser, WithdrawsStalePrefixesWhileItHoldsBack) {
  const TimePoint until = now + seconds(4000);
  advertiser.add_stale({kOldPrefix, until}, now);
  advertiser.set_content(site_content(), now);
  advertiser.start(now);
  receive(another_router());
  ASSERT_EQ(advertiser.state(), ra::State::held);
  run_for(seconds(8000));
  ASSERT_GT(sent.size(), 6U);  // 4000 s, 600 s at the most apart
  for (const Sent& one : sent) {
    EXPECT_LT(one.at, until);
    EXPECT_EQ(one.ra.lifetime, 0);
    ASSERT_EQ(one.ra.prefixes.size(), 1U);
    EXPECT_EQ(one.ra.prefixes[0].address, kOldPrefix.address);
    EXPECT_EQ(one.ra.prefixes[0].valid, 0U);
    EXPECT_EQ(one.ra.prefixes[0].preferred, 0U);
    EXPECT_EQ(one.ra.prefixes[0].flags, 0xc0);
  }
}

// proves: P25
TEST_F(RaAdvertiser, WithdrawsAPrefixThatIsLostWhileItHoldsBackAtOnce) {
  advertiser.set_content({{{kOldPrefix}}, {}, true}, now);
  advertiser.start(now);
  receive(another_router());
  run_for(seconds(100));
  ASSERT_TRUE(sent.empty());
  const TimePoint change = now;
  advertiser.add_stale({kOldPrefix, now + seconds(5400)}, now);
  advertiser.set_content({}, now);
  run_for(seconds(40));
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(sent[0].at, change);
  EXPECT_EQ(sent[2].ra.prefixes.at(0).preferred, 0U);
}

// proves: H12 P25
TEST_F(RaAdvertiser, WithdrawsStalePrefixesThreeSecondsApartWhenItStandsBack) {
  settle();
  advertiser.add_stale({kOldPrefix, now + seconds(5400)}, now);
  receive(another_router());
  run_for(seconds(60));
  ASSERT_GE(sent.size(), 4U);
  for (const Sent& one : sent) EXPECT_NE(find(one.ra, kOldPrefix), nullptr);
  for (std::size_t i = 1; i < sent.size(); ++i) EXPECT_GE(sent[i].at - sent[i - 1].at, seconds(3));
}

TEST_F(RaAdvertiser, AdvertisesAPrefixThatComesBackAsValid) {
  settle();
  advertiser.add_stale({kOldPrefix, now + seconds(5400)}, now);
  advertiser.set_content({{{kOldPrefix}}, {}, true}, now);
  run_for(seconds(4));
  ASSERT_EQ(last().prefixes.size(), 1U);
  EXPECT_EQ(last().prefixes[0].valid, 5400U);
  EXPECT_TRUE(advertiser.stale().empty());
}

TEST_F(RaAdvertiser, KeepsTheLaterEndOfAPrefixThatIsWithdrawnTwice) {
  settle();
  advertiser.add_stale({kOldPrefix, now + seconds(5400)}, now);
  advertiser.add_stale({kOldPrefix, now + seconds(100)}, now);
  ASSERT_EQ(advertiser.stale().size(), 1U);
  EXPECT_EQ(advertiser.stale()[0].until, now + seconds(5400));
}

TEST_F(RaAdvertiser, TakesNoStalePrefixWhoseTimeIsOver) {
  settle();
  advertiser.add_stale({kOldPrefix, now}, now);
  EXPECT_TRUE(advertiser.stale().empty());
}

}  // namespace gate41::testing
