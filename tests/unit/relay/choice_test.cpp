// Which relay is used, changes of the configuration, and the sentence.
#include "tests/unit/relay/bench.hpp"

namespace gate41::testing {

using Choices = std::vector<std::optional<Ipv4Address>>;

TEST_F(RelayHealth, UsesTheFirstThatAnswersUntilABetterOneDoes) {
  configure({kRelay, kSecond});
  receive(reply_to(probes[1]), kStart + milliseconds(10));
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  EXPECT_EQ(choices, (Choices{kSecond, kRelay}));
}

TEST_F(RelayHealth, SaysNothingWhenTheChoiceStays) {
  configure({kRelay, kSecond});
  run_until(kStart + seconds(100), {kRelayTarget, kSecondTarget});
  EXPECT_EQ(choices, (Choices{kRelay}));
}

TEST_F(RelayHealth, FailsOverToTheNextAliveAndBack) {
  configure({kRelay, kSecond});
  run_until(kStart + seconds(20), {kRelayTarget, kSecondTarget});
  run_until(kStart + seconds(80), {kSecondTarget});
  run_until(kStart + seconds(120), {kRelayTarget, kSecondTarget});
  EXPECT_EQ(choices, (Choices{kRelay, kSecond, kRelay}));
}

// proves: S29
TEST_F(RelayHealth, SaysThatNoneIsAliveWhenTheLastOneDies) {
  configure({kRelay});
  run_until(kStart + seconds(20), {kRelayTarget});
  run_until(kStart + seconds(80));
  EXPECT_EQ(choices, (Choices{kRelay, std::nullopt}));
}

TEST_F(RelayHealth, KeepsTheVerdictAndScheduleOfRelaysThatStay) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  configure({kSecond, kRelay}, kStart + seconds(5));
  EXPECT_EQ(state(0), relay::State::unknown);
  EXPECT_EQ(state(1), relay::State::alive);
  ASSERT_EQ(probes.size(), 2U);
  EXPECT_EQ(target_of(probes[1]), kSecondTarget);
  EXPECT_EQ(choices, (Choices{kRelay}));
}

TEST_F(RelayHealth, LeavesARelayThatIsConfiguredNoLonger) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart);
  configure({kSecond}, kStart + seconds(5));
  EXPECT_EQ(choices, (Choices{kRelay, std::nullopt}));
}

TEST_F(RelayHealth, ProbesFromANewAddressAtOnceWithoutAMiss) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart);
  run_until(kStart + seconds(10));
  health.configure({.own = ip6("2002:b00:2b::1"), .relays = {kRelay}, .interval = seconds(10), .misses = 3},
                   kStart + seconds(11));
  collect();
  ASSERT_EQ(probes.size(), 3U);
  EXPECT_EQ(address_at(probes[2], 8), ip6("2002:b00:2b::1"));
  EXPECT_EQ(state(), relay::State::alive);
  EXPECT_EQ(health.relays()[0].misses, 0U);
}

TEST_F(RelayHealth, TakesAShorterIntervalAtOnce) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart);
  health.configure({.own = kOwn, .relays = {kRelay}, .interval = seconds(2), .misses = 3},
                   kStart + seconds(1));
  EXPECT_EQ(health.next_deadline(), kStart + seconds(2));
}

TEST_F(RelayHealth, StopsAndUsesNone) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart);
  health.stop();
  collect();
  EXPECT_FALSE(health.next_deadline());
  EXPECT_EQ(choices, (Choices{kRelay, std::nullopt}));
  receive(reply_to(probes[0]), kStart);
  EXPECT_EQ(choices.size(), 2U);
}

TEST_F(RelayHealth, SaysHowItStands) {
  EXPECT_EQ(health.sentence(kStart), "no relay to probe");
  configure({kRelay, kSecond});
  EXPECT_EQ(health.sentence(kStart),
            "no relay is alive: 192.88.99.1 has not answered yet (0 of 3 misses), "
            "11.0.0.9 has not answered yet (0 of 3 misses); next probe in 1 s");
  run_until(kStart + seconds(5), {kSecondTarget});
  EXPECT_EQ(health.sentence(kStart + seconds(5)),
            "using relay 11.0.0.9: 192.88.99.1 is dead (3 probes unanswered), 11.0.0.9 is alive (20.0 ms); "
            "next probe in 6 s");
}

TEST_F(RelayHealth, NamesItsOnlyRelayOnce) {
  configure({kRelay});
  run_until(kStart + seconds(5), {kRelayTarget});
  EXPECT_EQ(health.sentence(kStart + seconds(5)), "relay 192.88.99.1 is alive (20.0 ms); next probe in 6 s");
}

}  // namespace gate41::testing
