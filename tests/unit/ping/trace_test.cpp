// A traceroute: hop limits, rows in order, and the ways in which it ends.
#include <gmock/gmock.h>

#include "tests/unit/ping/bench.hpp"

namespace gate41::testing {
namespace {

using ping::Hop;
using ping::TraceEnd;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TraceRun : public Pinging {
 protected:
  // Answers each request that has been sent and not been answered: routers up to `hops`, then the server.
  void answer(std::size_t hops) {
    for (; answered_ < packets.size(); ++answered_) {
      const Packet request = packets[answered_];
      if (hop_limit_of(request) > hops)
        receive(reply_to(request));
      else
        receive(time_exceeded(request, hop_limit_of(request) == 1 ? kRelay : kRouter));
    }
  }
  void run_answered(std::size_t hops) {
    answer(hops);
    while (const auto due = pinger.next_deadline()) {
      run_until(*due);
      answer(hops);
    }
  }
  TraceEnd::Why why() const {
    const auto ends = told<TraceEnd>();
    EXPECT_EQ(ends.size(), 1U);
    return ends.empty() ? TraceEnd::Why::interrupted : ends.front().why;
  }

 private:
  std::size_t answered_ = 0;
};

std::vector<Ipv6Address> who(const Hop& hop) {
  std::vector<Ipv6Address> from;
  for (const auto& probe : hop.probes) from.push_back(probe ? probe->from : Ipv6Address{});
  return from;
}

// proves: S86
TEST_F(TraceRun, TellsOfEachHopAndEndsAtTheDestination) {
  trace();
  run_answered(2);
  const auto hops = told<Hop>();
  ASSERT_EQ(hops.size(), 3U);
  EXPECT_THAT(who(hops[0]), ElementsAre(kRelay, kRelay, kRelay));
  EXPECT_THAT(who(hops[1]), ElementsAre(kRouter, kRouter, kRouter));
  EXPECT_THAT(who(hops[2]), ElementsAre(kServer, kServer, kServer));
  EXPECT_EQ(hops[2].number, 3);
  EXPECT_EQ(why(), TraceEnd::Why::reached);
}

// proves: S86
TEST_F(TraceRun, HopLimitsRiseFromOneWithSoManyRequestsEach) {
  trace({.probes = 2});
  run_until(kStart + milliseconds(100));
  ASSERT_GE(packets.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(hop_limit_of(packets[i]), i / 2 + 1);
}

TEST_F(TraceRun, RequestsAreTwentyMillisecondsApartAndOfFourHopsAtOnce) {
  trace();
  run_until(kStart + milliseconds(19));
  EXPECT_EQ(packets.size(), 1U);
  run_until(kStart + milliseconds(999));
  EXPECT_EQ(packets.size(), 12U);
  EXPECT_EQ(hop_limit_of(packets.back()), 4);
}

TEST_F(TraceRun, AnAnswerIsWaitedForOneSecond) {
  trace({.max_hops = 1, .probes = 2});
  run_until(kStart + milliseconds(999));
  receive(time_exceeded(packets[0]));
  run_until(kStart + milliseconds(1019));
  EXPECT_THAT(told<Hop>(), IsEmpty());
  run_until(kStart + milliseconds(1020));
  ASSERT_EQ(told<Hop>().size(), 1U);
  const Hop hop = told<Hop>().front();
  ASSERT_TRUE(hop.probes[0]);
  EXPECT_EQ(hop.probes[0]->time, milliseconds(999));
  EXPECT_FALSE(hop.probes[1]);
}

// proves: S86
TEST_F(TraceRun, EndsAtTheGreatestNumberOfHops) {
  trace({.max_hops = 6});
  run_until(kStart + seconds(60));
  EXPECT_EQ(told<Hop>().size(), 6U);
  EXPECT_EQ(packets.size(), 18U);
  EXPECT_EQ(why(), TraceEnd::Why::max_hops);
}

// proves: S86
TEST_F(TraceRun, EndsWhereARouterKnowsNoWayOn) {
  trace({.probes = 1});
  receive(time_exceeded(packets[0], kRelay));
  run_until(kStart + milliseconds(20));
  receive(error_about(packets[1], 1, 0));
  EXPECT_EQ(told<Hop>().size(), 2U);
  EXPECT_EQ(why(), TraceEnd::Why::refused);
}

TEST_F(TraceRun, AnswersThatOvertakeEachOtherAreToldInOrder) {
  trace({.probes = 1});
  run_until(kStart + milliseconds(60));
  ASSERT_EQ(packets.size(), 4U);
  receive(time_exceeded(packets[1]));
  receive(time_exceeded(packets[2]));
  EXPECT_THAT(told<Hop>(), IsEmpty());
  receive(time_exceeded(packets[0], kRelay));
  const auto hops = told<Hop>();
  ASSERT_EQ(hops.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(hops[i].number, i + 1);
}

TEST_F(TraceRun, BeyondTheDestinationNothingMoreIsSent) {
  trace({.probes = 1});
  run_until(kStart + milliseconds(20));
  receive(reply_to(packets[1]));
  run_until(kStart + milliseconds(900));
  EXPECT_EQ(packets.size(), 2U);
  run_until(kStart + seconds(2));
  EXPECT_EQ(told<Hop>().size(), 2U);
  EXPECT_EQ(why(), TraceEnd::Why::reached);
}

TEST_F(TraceRun, AnAnswerThatComesTwiceCountsOnce) {
  trace({.max_hops = 1, .probes = 1});
  now += milliseconds(5);
  receive(time_exceeded(packets[0], kRelay));
  EXPECT_FALSE(receive(time_exceeded(packets[0], kRouter)));
  EXPECT_THAT(who(told<Hop>().at(0)), ElementsAre(kRelay));
}

// proves: S86
TEST_F(TraceRun, EndsWithWhatThisBoxHasDropped) {
  trace();
  EXPECT_TRUE(pinger.on_dropped(packets[0], DropReason::relay_down, 0, now));
  turn();
  ASSERT_EQ(told<ping::Dropped>().size(), 1U);
  EXPECT_EQ(told<ping::Dropped>()[0].number, 1);
  EXPECT_EQ(told<ping::Dropped>()[0].reason, DropReason::relay_down);
  EXPECT_EQ(why(), TraceEnd::Why::dropped);
  EXPECT_FALSE(pinger.next_deadline());
}

TEST_F(TraceRun, EndsWhenItsClientWantsNoMore) {
  const auto run = trace();
  pinger.end(run, now);
  turn();
  EXPECT_EQ(why(), TraceEnd::Why::interrupted);
}

TEST_F(TraceRun, TakesTheLargestSettings) {
  trace({.max_hops = 255, .probes = 10});
  run_answered(255);
  EXPECT_EQ(told<Hop>().size(), 255U);
  EXPECT_EQ(hop_limit_of(packets.back()), 255);
  EXPECT_EQ(why(), TraceEnd::Why::max_hops);
}

}  // namespace
}  // namespace gate41::testing
