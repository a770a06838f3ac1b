// A ping: when requests go out, what is told of each, and its statistics.
#include <gmock/gmock.h>

#include "tests/unit/ping/bench.hpp"

namespace gate41::testing {
namespace {

using ping::Answered;
using ping::Dropped;
using ping::Statistics;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PingRun : public Pinging {
 protected:
  Statistics statistics() const {
    const auto all = told<Statistics>();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Statistics{} : all.front();
  }
};

// proves: S86
TEST_F(PingRun, SendsTheFirstRequestAtOnceAndTheOthersAtTheInterval) {
  ping({.count = 3, .interval = milliseconds(250)});
  EXPECT_EQ(packets.size(), 1U);
  run_until(kStart + milliseconds(249));
  EXPECT_EQ(packets.size(), 1U);
  run_until(kStart + milliseconds(250));
  EXPECT_EQ(packets.size(), 2U);
  run_until(kStart + seconds(1));
  EXPECT_EQ(packets.size(), 3U);
}

TEST_F(PingRun, RequestsHaveTheSizeThatWasAskedForAndFollowEachOther) {
  ping({.count = 2, .interval = milliseconds(100), .size = 1000});
  run_until(kStart + milliseconds(100));
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(packets[0].size(), 1048U);
  EXPECT_EQ(hop_limit_of(packets[0]), 64);
  EXPECT_EQ(identifier_of(packets[1]), identifier_of(packets[0]));
  EXPECT_EQ(sequence_of(packets[1]), static_cast<uint16_t>(sequence_of(packets[0]) + 1));
}

// proves: S86
TEST_F(PingRun, TellsOfAReplyWithItsTimeAndEndsWithTheLastOne) {
  ping({.count = 1});
  now += milliseconds(12);
  EXPECT_TRUE(receive(reply_to(packets[0])));
  const auto answers = told<Answered>();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].number, 1);
  EXPECT_EQ(answers[0].from, kServer);
  EXPECT_EQ(answers[0].size, 56);
  EXPECT_EQ(answers[0].hop_limit, 57);
  EXPECT_EQ(answers[0].time, milliseconds(12));
  EXPECT_FALSE(answers[0].duplicate);
  EXPECT_EQ(statistics().received, 1);
  EXPECT_FALSE(pinger.next_deadline());
}

TEST_F(PingRun, StatisticsHaveTheLeastTheAverageAndTheMost) {
  ping({.count = 3, .interval = seconds(1)});
  for (const int time : {10, 40, 100}) {
    now += milliseconds(time);
    receive(reply_to(packets.back()));
    now -= milliseconds(time);
    run_until(now + seconds(1));
  }
  ASSERT_TRUE(statistics().times);
  EXPECT_EQ(statistics().times->least, milliseconds(10));
  EXPECT_EQ(statistics().times->average, milliseconds(50));
  EXPECT_EQ(statistics().times->most, milliseconds(100));
}

// proves: S86
TEST_F(PingRun, WaitsFourSecondsForTheLastAnswersAndNamesThoseThatDidNotCome) {
  ping({.count = 4, .interval = milliseconds(100)});
  run_until(kStart + milliseconds(300));
  receive(reply_to(packets[1]));
  run_until(kStart + milliseconds(4299));
  EXPECT_THAT(told<Statistics>(), IsEmpty());
  run_until(kStart + milliseconds(4300));
  EXPECT_EQ(statistics().sent, 4);
  EXPECT_EQ(statistics().received, 1);
  EXPECT_THAT(statistics().no_answer, ElementsAre(1, 3, 4));
}

TEST_F(PingRun, WithoutAnAnswerThereAreNoTimes) {
  ping({.count = 1});
  run_until(kStart + seconds(4));
  EXPECT_FALSE(statistics().times);
  EXPECT_THAT(statistics().no_answer, ElementsAre(1));
}

// proves: S86
TEST_F(PingRun, TellsOfAnErrorAndDoesNotCountItAsReceived) {
  ping({.count = 1});
  EXPECT_TRUE(receive(error_about(packets[0], 2, 0, 1280)));
  const auto answers = told<Answered>();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].from, kRouter);
  EXPECT_EQ(answers[0].verdict.mtu(), 1280U);
  EXPECT_EQ(statistics().received, 0);
  EXPECT_EQ(statistics().errors, 1);
  EXPECT_THAT(statistics().no_answer, IsEmpty());
}

// proves: S86
TEST_F(PingRun, TellsAtOnceWhatThisBoxHasDropped) {
  ping({.count = 1});
  EXPECT_TRUE(pinger.on_dropped(packets[0], DropReason::packet_too_big, 1280, now));
  turn();
  const auto drops = told<Dropped>();
  ASSERT_EQ(drops.size(), 1U);
  EXPECT_EQ(drops[0].number, 1);
  EXPECT_EQ(drops[0].reason, DropReason::packet_too_big);
  EXPECT_EQ(drops[0].mtu, 1280);
  EXPECT_EQ(statistics().dropped, 1);
  EXPECT_THAT(statistics().no_answer, IsEmpty());
}

TEST_F(PingRun, ASecondReplyIsADuplicateAndReceivedOnce) {
  ping({.count = 2});
  receive(reply_to(packets[0]));
  receive(reply_to(packets[0]));
  ASSERT_EQ(told<Answered>().size(), 2U);
  EXPECT_TRUE(told<Answered>()[1].duplicate);
  run_until(kStart + seconds(5));
  EXPECT_EQ(statistics().received, 1);
  EXPECT_EQ(statistics().duplicates, 1);
}

TEST_F(PingRun, AReplyAfterAnErrorIsReceived) {
  ping({.count = 2});
  receive(error_about(packets[0], 1, 3));
  receive(reply_to(packets[0]));
  run_until(kStart + seconds(5));
  EXPECT_EQ(statistics().received, 1);
  EXPECT_EQ(statistics().errors, 0);
}

TEST_F(PingRun, EndsWithItsStatisticsWhenItsClientWantsNoMore) {
  const auto run = ping({.count = 1000});
  run_until(kStart + milliseconds(2500));
  pinger.end(run, now);
  pinger.end(run, now);
  turn();
  EXPECT_EQ(statistics().sent, 3);
  pinger.end(run, now);
  turn();
  EXPECT_EQ(packets.size(), 3U);
  EXPECT_FALSE(receive(reply_to(packets[0])));
}

TEST_F(PingRun, AThousandRequestsWrapTheSequenceAndAreAllKnown) {
  ping({.count = 1000, .interval = milliseconds(100)});
  while (pinger.next_deadline()) {
    receive(reply_to(packets.back()));
    if (const auto due = pinger.next_deadline()) run_until(*due);
  }
  EXPECT_EQ(statistics().received, 1000);
}

}  // namespace
}  // namespace gate41::testing
