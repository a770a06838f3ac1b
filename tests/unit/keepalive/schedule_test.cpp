// When keep-alives go out where nothing else does.
#include <random>
#include <set>

#include "tests/unit/keepalive/bench.hpp"

namespace gate41::testing {

// proves: S26
TEST_F(Keepalive, IsSentToEveryTargetAtOnce) {
  configure(settings({kRelay, kOther}));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].target, kRelay);
  EXPECT_EQ(sent[1].target, kOther);
}

// proves: S26 U45
TEST_F(Keepalive, IsRepeatedAtTheIntervalTenPercentMoreOrLess) {
  configure(settings({kOther}));
  run_until(kStart + seconds(3600));
  const auto all = times(kOther);
  ASSERT_GE(all.size(), 55U);
  for (std::size_t i = 2; i < all.size(); ++i) {
    EXPECT_GE(all[i] - all[i - 1], seconds(54));
    EXPECT_LE(all[i] - all[i - 1], seconds(66));
  }
}

// proves: S26
TEST_F(Keepalive, OfManyRoutersThatComeUpTogetherIsSpread) {
  std::set<int64_t> seconds_of_second_packet;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    keepalive::Engine router(seed);
    router.configure(settings({kOther}), kStart);
    router.on_timer(kStart);
    const auto gap = *router.next_deadline() - kStart;
    EXPECT_GE(gap, seconds(6));
    EXPECT_LE(gap, kInterval);
    seconds_of_second_packet.insert(std::chrono::duration_cast<seconds>(gap).count());
  }
  EXPECT_GE(seconds_of_second_packet.size(), 35U);
}

// proves: S26
TEST_F(Keepalive, IsCountedByTarget) {
  configure(settings({kRelay, kOther}));
  run_until(kStart + seconds(600));
  EXPECT_EQ(info(kRelay).sent, times(kRelay).size());
  EXPECT_EQ(info(kOther).sent, times(kOther).size());
  EXPECT_EQ(info(kOther).suppressed, 0U);
}

TEST_F(Keepalive, KnowsTheTokenOfTheLastPacketToATarget) {
  configure(settings({kRelay, kOther}));
  EXPECT_TRUE(engine.knows(sent[0].token));
  EXPECT_TRUE(engine.knows(sent[1].token));
  EXPECT_FALSE(engine.knows(sent[0].token + 1));
  run_until(kStart + kInterval);
  EXPECT_FALSE(engine.knows(sent[0].token));
}

TEST_F(Keepalive, KnowsNoTokenBeforeItsFirstPacket) {
  engine.configure(settings({kOther}), kStart);
  EXPECT_FALSE(engine.knows(0));
}

TEST_F(Keepalive, IsNotSentAnyMoreAfterAStop) {
  configure(settings({kRelay}));
  engine.stop();
  EXPECT_EQ(engine.next_deadline(), std::nullopt);
  at(kStart + seconds(3600));
  EXPECT_EQ(sent.size(), 1U);
  EXPECT_TRUE(engine.targets().empty());
}

TEST_F(Keepalive, BeginsAnewAfterAStop) {
  configure(settings({kRelay}));
  engine.stop();
  configure(settings({kRelay}), kStart + seconds(2));
  EXPECT_EQ(sent.size(), 2U);
}

// What a reload does. ---------------------------------------------------------------------------------------

TEST_F(Keepalive, ATargetThatStaysKeepsItsTimeAndItsCounters) {
  configure(settings({kRelay}));
  run_until(kStart + seconds(600));
  const auto due = engine.next_deadline();
  const uint64_t before = info(kRelay).sent;
  engine.configure(settings({kRelay, kOther}), kStart + seconds(601));
  EXPECT_EQ(info(kRelay).sent, before);
  at(kStart + seconds(601));
  EXPECT_EQ(sent.back().target, kOther);
  EXPECT_EQ(info(kRelay).sent, before);
  EXPECT_EQ(engine.next_deadline(), std::min(*due, *engine.next_deadline()));
}

TEST_F(Keepalive, AShorterIntervalHoldsAtOnce) {
  configure(settings({kRelay}, seconds(600)));
  run_until(kStart + seconds(600));
  sent.clear();
  configure(settings({kRelay}, seconds(5)), kStart + seconds(600));
  EXPECT_TRUE(sent.empty());
  EXPECT_LE(*engine.next_deadline() - (kStart + seconds(600)), milliseconds(5500));
}

TEST_F(Keepalive, ATargetThatIsGoneIsLeftInPeace) {
  configure(settings({kRelay, kOther}));
  configure(settings({kRelay}), kStart + seconds(1));
  run_until(kStart + seconds(600));
  EXPECT_EQ(times(kOther).size(), 1U);
}

// proves: S26
TEST_F(Keepalive, AnotherSourceIsAnotherFlowToTheFirewall) {
  configure(settings({kOther}));
  keepalive::Settings moved = settings({kOther});
  moved.local = ip4("11.0.0.43");
  configure(moved, kStart + seconds(1));
  EXPECT_EQ(sent.size(), 2U);
  moved.own = ip6("2002:b00:2c::1");  // the NAT in front has another address
  configure(moved, kStart + seconds(2));
  EXPECT_EQ(sent.size(), 3U);
}

// Time. -----------------------------------------------------------------------------------------------------

TEST_F(Keepalive, APauseIsFollowedByOnePacket) {
  configure(settings({kOther}));
  at(kStart + std::chrono::hours(9));
  EXPECT_EQ(sent.size(), 2U);
  EXPECT_GT(*engine.next_deadline(), kStart + std::chrono::hours(9));
}

TEST_F(Keepalive, NeitherDriftsNorStopsInFiveYears) {
  const auto five_years = std::chrono::hours(24 * 365 * 5);
  configure(settings({kOther}, seconds(600)));
  run_until(kStart + five_years);
  const auto expected = static_cast<double>(five_years / seconds(600));
  EXPECT_NEAR(static_cast<double>(sent.size()), expected, expected / 1000);
}

TEST_F(Keepalive, HasItsNextDeadlineInTheFutureWhateverComes) {
  std::mt19937 random(3);
  configure(settings({kRelay, kOther}));
  TimePoint now = kStart;
  for (int i = 0; i < 20000; ++i) {
    now += milliseconds(random() % 90000);
    if (random() % 3 == 0) engine.on_probe(random() % 2 == 0 ? kRelay : kOther, now);
    if (random() % 3 == 0)
      engine.on_traffic(random() % 2 == 0 ? kRelay : kOther, packets += random() % 2, now);
    if (random() % 20 == 0) engine.configure(settings({kRelay, kOther}, seconds(5 + random() % 595)), now);
    at(now);
    ASSERT_GT(*engine.next_deadline(), now);
    ASSERT_LE(*engine.next_deadline(), now + seconds(660));
  }
}

}  // namespace gate41::testing
