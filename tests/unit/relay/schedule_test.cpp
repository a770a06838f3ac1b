// When probes go out and when a relay is judged.
#include <random>

#include "tests/unit/relay/bench.hpp"

namespace gate41::testing {

TEST_F(RelayHealth, AsksASecondApartUntilTheFirstVerdict) {
  configure({kRelay});
  EXPECT_EQ(health.next_deadline(), kStart + seconds(1));
  run_until(kStart + seconds(2));
  EXPECT_EQ(probes.size(), 3U);
  EXPECT_EQ(state(), relay::State::unknown);
}

// proves: B19
TEST_F(RelayHealth, JudgesASilentRelayDeadAfterThreeMisses) {
  configure({kRelay});
  run_until(kStart + milliseconds(2999));
  EXPECT_EQ(state(), relay::State::unknown);
  run_until(kStart + seconds(3));
  EXPECT_EQ(state(), relay::State::dead);
}

TEST_F(RelayHealth, AsksALiveRelayEveryTenSeconds) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  EXPECT_EQ(health.next_deadline(), kStart + seconds(10));
  run_until(kStart + seconds(100), {kRelayTarget});
  EXPECT_EQ(probes.size(), 11U);
  EXPECT_EQ(state(), relay::State::alive);
}

// proves: B19
TEST_F(RelayHealth, JudgesALiveRelayDeadAfterThreeMisses) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  run_until(kStart + milliseconds(39999));
  EXPECT_EQ(state(), relay::State::alive);
  EXPECT_EQ(health.relays()[0].misses, 2U);
  run_until(kStart + seconds(40));
  EXPECT_EQ(state(), relay::State::dead);
  EXPECT_FALSE(health.relays()[0].rtt);
}

TEST_F(RelayHealth, KeepsAskingADeadRelayAndTakesItBackWithItsFirstAnswer) {
  configure({kRelay});
  run_until(kStart + seconds(63));
  EXPECT_EQ(probes.size(), 3U + 7U);
  EXPECT_EQ(state(), relay::State::dead);
  receive(reply_to(probes.back()), kStart + milliseconds(63010));
  EXPECT_EQ(state(), relay::State::alive);
  EXPECT_EQ(health.relays()[0].misses, 0U);
}

// proves: X23 B26
TEST_F(RelayHealth, HurriesAfterAnUnreachableAndNeedsThreeMisses) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  const TimePoint error = kStart + seconds(4);
  unreachable(kRelay, error);
  EXPECT_EQ(probes.size(), 2U);
  EXPECT_EQ(state(), relay::State::alive);
  run_until(error + milliseconds(2999));
  EXPECT_EQ(probes.size(), 4U);
  EXPECT_EQ(state(), relay::State::alive);
  run_until(error + seconds(3));
  EXPECT_EQ(state(), relay::State::dead);
  EXPECT_EQ(health.next_deadline(), error + seconds(13));
}

// proves: X23
TEST_F(RelayHealth, StaysWithARelayThatAnswersAfterAnUnreachable) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  unreachable(kRelay, kStart + seconds(4));
  receive(reply_to(probes[1]), kStart + milliseconds(4020));
  EXPECT_EQ(state(), relay::State::alive);
  EXPECT_EQ(health.next_deadline(), kStart + seconds(14));
}

// proves: X23
TEST_F(RelayHealth, SendsOneProbeASecondHoweverManyUnreachablesCome) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart);
  for (int ms = 0; ms < 10000; ++ms) {
    const TimePoint now = kStart + milliseconds(ms);
    const std::size_t before = probes.size();
    unreachable(kRelay, now);
    run_until(now);
    if (probes.size() > before) receive(reply_to(probes.back()), now);
  }
  EXPECT_LE(probes.size(), 10U);
  EXPECT_EQ(state(), relay::State::alive);
}

TEST_F(RelayHealth, IgnoresUnreachablesAboutOthersAndAboutTheDead) {
  configure({kRelay});
  run_until(kStart + seconds(3));
  const auto before = health.next_deadline();
  unreachable(kRelay, kStart + seconds(5));
  unreachable(kSecond, kStart + seconds(5));
  EXPECT_EQ(health.next_deadline(), before);
}

TEST_F(RelayHealth, TakesAPauseAsOneMiss) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  run_until(kStart + seconds(10));
  health.on_timer(kStart + std::chrono::hours(9));
  EXPECT_EQ(health.relays()[0].misses, 1U);
  EXPECT_EQ(health.next_deadline(), kStart + std::chrono::hours(9) + seconds(10));
}

TEST_F(RelayHealth, HasItsNextDeadlineInTheFuture) {
  std::mt19937 random(3);
  configure({kRelay, kSecond});
  TimePoint now = kStart;
  for (int i = 0; i < 20000; ++i) {
    now += milliseconds(random() % 4000);
    if (random() % 5 == 0) unreachable(random() % 2 == 0 ? kRelay : kSecond, now);
    if (random() % 3 == 0) receive(reply_to(probes.back()), now);
    health.on_timer(now);
    collect();
    ASSERT_GT(health.next_deadline(), now);
  }
}

}  // namespace gate41::testing
