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
