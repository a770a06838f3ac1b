// When whom is asked.
#include "tests/unit/sntp/bench.hpp"

namespace gate41::testing {
namespace {

TEST(SntpSchedule, NobodyIsAskedWithoutALease) {
  Bench bench;
  bench.name(std::nullopt);
  EXPECT_FALSE(bench.client.next_deadline());
}

TEST(SntpSchedule, NobodyIsAskedWhereTheLeaseNamesNone) {
  Bench bench = asking({});
  EXPECT_FALSE(bench.client.next_deadline());
  EXPECT_EQ(bench.client.state(), State::unnamed);
}

TEST(SntpSchedule, ALostLeaseEndsTheQuestions) {
  Bench bench = asking();
  bench.name(std::nullopt);
  EXPECT_FALSE(bench.client.next_deadline());
}

TEST(SntpSchedule, ALeaseWithTheSameServersAsksNotAgain) {
  Bench bench = asking();
  bench.answer(answer_to(bench.asked.back()));
  bench.name(std::vector{kFirst});
  EXPECT_EQ(bench.asked.size(), 1U);
}

TEST(SntpSchedule, WhoAnsweredIsAskedAgainAfterAnHourOrALittleMore) {
  Bench bench = asking();
  bench.answer(answer_to(bench.asked.back()));
  const Duration wait = bench.step();
  EXPECT_GE(wait, hours(1));
  EXPECT_LE(wait, std::chrono::minutes(66));
  EXPECT_EQ(bench.asked.size(), 2U);
}

TEST(SntpSchedule, WhoIsSilentLeavesTheTurnToTheNext) {
  Bench bench = asking({kFirst, kSecond});
  EXPECT_EQ(bench.step(), sntp::kSilence);
  EXPECT_EQ(bench.asked.back().server, kSecond);
}

TEST(SntpSchedule, TheFirstIsFirstInEveryRound) {
  Bench bench = asking({kFirst, kSecond});
  bench.step();
  bench.answer(answer_to(bench.asked.back()));
  bench.step();
  EXPECT_EQ(bench.asked.back().server, kFirst);
}

// RFC 4330 §10: never faster than every 15 s, and slower and slower.
TEST(SntpSchedule, SilenceOfAllIsWaitedOutLongerAndLongerUpToAnHour) {
  Bench bench = asking();
  Duration before = sntp::kFirstRetry / 2;
  for (int round = 0; round < 12; ++round) {
    bench.step();  // silent
    const Duration wait = bench.step();
    EXPECT_GE(wait, std::min<Duration>(before * 9 / 5, hours(1)));
    EXPECT_LE(wait, std::chrono::minutes(66));
    before = wait;
  }
}

TEST(SntpSchedule, AnAnswerEndsTheLongerWaits) {
  Bench bench = asking();
  for (int i = 0; i < 10; ++i) bench.step();
  bench.answer(answer_to(bench.asked.back()));
  bench.step();
  bench.step();  // silent again
  EXPECT_LE(bench.step(), sntp::kFirstRetry * 11 / 10);
}

}  // namespace
}  // namespace gate41::testing
