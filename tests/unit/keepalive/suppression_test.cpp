// Where something else keeps the firewall's state open already.
#include "tests/unit/keepalive/bench.hpp"

namespace gate41::testing {

namespace {

// From the first packet to the last possible second one.
const TimePoint kSettled = kStart + kInterval;

}  // namespace

// proves: S26
TEST_F(Keepalive, IsSuppressedWhileUsersPacketsGoThere) {
  configure(settings({kRelay}));
  users_send(kRelay, 10, kStart, kStart + seconds(3600));
  EXPECT_EQ(sent.size(), 1U);
  EXPECT_NEAR(static_cast<double>(info(kRelay).suppressed), 60.0, 8.0);
}

// proves: S26
TEST_F(Keepalive, OfATargetThatUsersPacketsDoNotGoToIsNotSuppressed) {
  configure(settings({kRelay, kOther}));
  users_send(kRelay, 10, kStart, kStart + seconds(3600));
  EXPECT_EQ(times(kRelay).size(), 1U);
  EXPECT_GE(times(kOther).size(), 55U);
  EXPECT_EQ(info(kOther).suppressed, 0U);
}

// The state is forgotten an interval after the last packet, not after the last look.
// proves: S26
TEST_F(Keepalive, IsSentAnIntervalAfterTheLastUsersPacket) {
  configure(settings({kRelay}));
  const TimePoint last = kStart + seconds(200);
  users_send(kRelay, 10, kStart, last);
  users_send(kRelay, 0, last + seconds(1), kStart + seconds(300));
  ASSERT_GE(sent.size(), 2U);
  EXPECT_GE(sent[1].time, last + seconds(53));
  EXPECT_LE(sent[1].time, last + seconds(66));
}

// What a look finds may have gone right after the look before.
// proves: S26
TEST_F(Keepalive, CountsFromTheEarliestTimeAtWhichUsersPacketsMayHaveGone) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    keepalive::Engine router(seed);
    router.configure(settings({kRelay}), kStart);
    router.on_timer(kStart);
    router.on_traffic(kRelay, 0, kStart);
    const TimePoint due = *router.next_deadline();
    router.on_traffic(kRelay, 10, due);
    router.on_timer(due);
    const bool suppressed = router.targets()[0].suppressed == 1;
    EXPECT_LE(*router.next_deadline(), (suppressed ? kStart : due) + seconds(66));
  }
}

TEST_F(Keepalive, ACountThatStandsIsNoTraffic) {
  packets = 1000;
  configure(settings({kRelay}));
  users_send(kRelay, 0, kStart, kStart + seconds(600));
  EXPECT_EQ(info(kRelay).suppressed, 0U);
}

TEST_F(Keepalive, WhatWasCountedBeforeTheFirstLookMayBeOld) {
  configure(settings({kRelay}));
  engine.on_traffic(kRelay, 1000, kStart + seconds(1));
  run_until(kSettled);
  EXPECT_EQ(info(kRelay).suppressed, 0U);
}

// It went to the relay of before, as likely as not.
TEST_F(Keepalive, WhatWasCountedWhileTheRelayChangedIsOfNobody) {
  configure(settings({kRelay, kOther}));
  engine.on_traffic(kRelay, 0, kStart);
  engine.on_traffic(kOther, 10, kStart + seconds(1));
  run_until(kSettled);
  EXPECT_EQ(info(kRelay).suppressed + info(kOther).suppressed, 0U);
}

TEST_F(Keepalive, IsNotSuppressedWhileNoRelayLives) {
  configure(settings({kRelay}));
  users_send(std::nullopt, 10, kStart, kStart + seconds(600));
  EXPECT_EQ(info(kRelay).suppressed, 0U);
}

// proves: S26
TEST_F(Keepalive, IsNeverSentToARelayThatIsProbedMoreOften) {
  engine.configure(settings({kRelay, kOther}), kStart);
  for (TimePoint now = kStart; now <= kStart + seconds(3600); now += seconds(10)) {
    engine.on_probe(kRelay, now);
    at(now);
    run_until(now + seconds(10) - milliseconds(1));
  }
  EXPECT_TRUE(times(kRelay).empty());
  EXPECT_GE(info(kRelay).suppressed, 55U);
  EXPECT_GE(times(kOther).size(), 55U);
}

// proves: S26
TEST_F(Keepalive, IsSentBetweenProbesThatAreFartherApart) {
  configure(settings({kRelay}, seconds(5)));
  run_until(kStart + seconds(20) - milliseconds(1));
  for (TimePoint now = kStart + seconds(20); now <= kStart + seconds(600); now += seconds(20)) {
    engine.on_probe(kRelay, now);
    run_until(now + seconds(20) - milliseconds(1));
  }
  std::vector<TimePoint> all = times(kRelay);
  for (TimePoint probe = kStart + seconds(20); probe <= kStart + seconds(600); probe += seconds(20))
    all.push_back(probe);
  std::ranges::sort(all);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LE(all[i] - all[i - 1], milliseconds(5500));
}

TEST_F(Keepalive, AProbeLongAgoSuppressesNothing) {
  configure(settings({kRelay}));
  run_until(kSettled);
  const TimePoint due = *engine.next_deadline();
  const std::size_t before = sent.size();
  engine.on_probe(kRelay, due - seconds(54));
  at(due + seconds(13));
  EXPECT_EQ(sent.size(), before + 1);
  EXPECT_EQ(info(kRelay).suppressed, 0U);
}

TEST_F(Keepalive, ItsOwnPacketsSuppressNothing) {
  configure(settings({kRelay}));
  for (int i = 0; i < 20; ++i) {
    engine.on_traffic(kRelay, 0, *engine.next_deadline());
    at(*engine.next_deadline());
  }
  EXPECT_EQ(info(kRelay).suppressed, 0U);
  EXPECT_EQ(info(kRelay).sent, 21U);
}

TEST_F(Keepalive, ProbesOfOthersAreOfNoInterest) {
  configure(settings({kRelay}));
  engine.on_probe(kOther, kStart + seconds(1));
  run_until(kSettled);
  EXPECT_EQ(info(kRelay).suppressed, 0U);
}

}  // namespace gate41::testing
