// What follows a failure.
#include "tests/unit/broker/bench.hpp"

namespace gate41::testing {
namespace {

// Asks and fails `count` times: the waits between.
template <typename Fail>
std::vector<Duration> waits(Bench& bench, int count, Fail fail_once) {
  bench.place(kDirect);
  std::vector<Duration> result;
  for (int i = 0; i < count; ++i) {
    fail_once();
    result.push_back(bench.step());
  }
  return result;
}

// proves: U1
TEST(BrokerRetry, ComesLaterAfterEachFailure) {
  const std::vector<int> least{1, 2, 4, 8, 16, 32, 64, 120, 120, 120};  // minutes
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Bench bench(usual_settings(), seed);
    const auto taken = waits(bench, 10, [&] { bench.fail("no answer"); });
    for (std::size_t i = 0; i < least.size(); ++i) {
      EXPECT_GE(taken[i], minutes(least[i]));
      EXPECT_LE(taken[i], seconds(90) * least[i]);
    }
  }
}

TEST(BrokerRetry, OfManySitesIsSpread) {
  Duration shortest = hours(1);
  Duration longest{};
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Bench bench(usual_settings(), seed);
    const Duration wait = waits(bench, 1, [&] { bench.fail("no answer"); })[0];
    shortest = std::min(shortest, wait);
    longest = std::max(longest, wait);
  }
  EXPECT_LT(shortest, seconds(63));
  EXPECT_GT(longest, seconds(87));
}

// proves: U1
TEST(BrokerRetry, LeavesABrokerInTroubleAloneForHalfAnHour) {
  for (const char* line : {"911", "dnserr"}) {
    Bench bench;
    for (const Duration wait : waits(bench, 10, [&] { bench.answer(line); })) EXPECT_GE(wait, minutes(30));
  }
}

TEST(BrokerRetry, GrowsForABrokerInTroubleToo) {
  Bench bench;
  const auto taken = waits(bench, 8, [&] { bench.answer("911"); });
  EXPECT_GE(taken[7], hours(2));
}

// proves: U1
TEST(BrokerRetry, FollowsAnAnswerThatMakesNoSense) {
  Bench bench;
  bench.place(kDirect);
  bench.answer("<html>");
  EXPECT_EQ(bench.updater.state(), State::failed);
  EXPECT_LE(bench.step(), seconds(90));
  EXPECT_EQ(bench.requests.size(), 2U);
}

TEST(BrokerRetry, BeginsAnewAfterASuccess) {
  Bench bench;
  waits(bench, 6, [&] { bench.fail("no answer"); });
  bench.answer("good");
  bench.step();
  bench.fail("no answer");
  EXPECT_LE(bench.step(), seconds(90));
}

TEST(BrokerRetry, BeginsAnewWithANewAddress) {
  Bench bench;
  waits(bench, 6, [&] { bench.fail("no answer"); });
  bench.run_for(minutes(2));
  bench.place(kElsewhere);
  bench.fail("no answer");
  EXPECT_LE(bench.step(), seconds(90));
}

TEST(BrokerRetry, IsHastenedByAReload) {
  Bench bench;
  waits(bench, 6, [&] { bench.fail("no answer"); });
  bench.fail("no answer");
  bench.now += minutes(2);
  const std::size_t before = bench.requests.size();
  bench.configure(usual_settings());
  EXPECT_EQ(bench.requests.size(), before + 1);
}

class BrokerRefusal : public ::testing::TestWithParam<const char*> {};

// proves: U1
TEST_P(BrokerRefusal, IsFinal) {
  Bench bench;
  bench.place(kDirect);
  bench.answer(GetParam());
  EXPECT_EQ(bench.updater.state(), State::refused);
  EXPECT_FALSE(bench.updater.next_deadline());
  bench.place(kDirect);
  bench.run_for(hours(24 * 365));
  EXPECT_EQ(bench.requests.size(), 1U);
}

TEST_P(BrokerRefusal, IsOverWithAnotherAddress) {
  Bench bench;
  bench.place(kDirect);
  bench.answer(GetParam());
  bench.now += hours(1);
  bench.place(kElsewhere);
  EXPECT_EQ(bench.requests.size(), 2U);
}

TEST_P(BrokerRefusal, IsOverWithAReload) {
  Bench bench;
  bench.place(kDirect);
  bench.answer(GetParam());
  bench.now += hours(1);
  bench.configure(usual_settings());  // the credentials file may have been mended
  EXPECT_EQ(bench.requests.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(All, BrokerRefusal,
                         ::testing::Values("badauth", "!donator", "notfqdn", "nohost", "!yours", "numhost",
                                           "abuse", "badagent", "good 127.0.0.1"));

}  // namespace
}  // namespace gate41::testing
