// Unsolicited advertisements (RFC 4861 §6.2.4).
#include <random>

#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {

// proves: H13
TEST_F(RaAdvertiser, SendsTheFirstThreeAtMostSixteenSecondsApart) {
  start_advertising();
  run_for(seconds(40));
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_LE(sent[1].at - sent[0].at, seconds(16));
  EXPECT_LE(sent[2].at - sent[1].at, seconds(16));
}

// proves: H2 H3 H14
TEST_F(RaAdvertiser, DrawsIntervalsUniformlyBetweenThreeQuartersAndTheWholeOfTenMinutes) {
  settle();
  run_for(std::chrono::hours(24 * 30));
  ASSERT_GT(sent.size(), 4000U);
  double sum = 0;
  Duration shortest = Duration::max();
  Duration longest{};
  for (std::size_t i = 1; i < sent.size(); ++i) {
    const Duration gap = sent[i].at - sent[i - 1].at;
    shortest = std::min(shortest, gap);
    longest = std::max(longest, gap);
    sum += std::chrono::duration<double>(gap).count();
  }
  EXPECT_GE(shortest, seconds(450));
  EXPECT_LE(shortest, seconds(453));
  EXPECT_GE(longest, seconds(597));
  EXPECT_LE(longest, seconds(600));
  // The mean of [450, 600] is 525; its standard deviation 43 over the square root of 4900 draws is 0.6.
  EXPECT_NEAR(sum / static_cast<double>(sent.size() - 1), 525, 4);
}

// proves: X17
TEST_F(RaAdvertiser, NeverLetsTheRouterLifetimeRunOut) {
  start_advertising();
  run_for(std::chrono::hours(24 * 10));
  for (std::size_t i = 1; i < sent.size(); ++i)
    ASSERT_LT(sent[i].at - sent[i - 1].at, seconds(sent[i - 1].ra.lifetime) / 3);
}

// proves: H16
TEST_F(RaAdvertiser, SendsAtMostSevenAnHourInSteadyState) {
  settle();
  run_for(std::chrono::hours(1000));
  EXPECT_LE(sent.size(), 7000U);
  EXPECT_GT(sent.size(), 6000U);  // 600 s apart at the most
}

// proves: H3
TEST_F(RaAdvertiser, HasOneIntervalOnlyBelowNineSeconds) {
  ra::Settings settings = lan_settings();
  settings.max_interval = seconds(4);
  advertiser.update_settings(settings, now);
  settle();
  run_for(seconds(100));
  for (std::size_t i = 1; i < sent.size(); ++i) EXPECT_EQ(sent[i].at - sent[i - 1].at, seconds(4));
}

// proves: H12
TEST_F(RaAdvertiser, KeepsMulticastsThreeSecondsApartWhateverHappens) {
  std::mt19937 random(11);
  start_advertising();
  for (int i = 0; i < 5000; ++i) {
    const bool any = random() % 2 == 0;
    if (any) receive(Solicitation{kHostMac, ip6("::"), {}}.build());
    if (random() % 7 == 0) advertiser.set_content({{{kPrefix}}, {}, random() % 2 == 0}, now);
    if (random() % 11 == 0) receive(Solicitation{}.build());
    run_for(milliseconds(random() % 2000));
  }
  std::vector<TimePoint> times;
  for (const Sent& one : sent)
    if (one.multicast()) times.push_back(one.at);
  ASSERT_GT(times.size(), 1000U);
  for (std::size_t i = 1; i < times.size(); ++i) ASSERT_GE(times[i] - times[i - 1], seconds(3));
}

}  // namespace gate41::testing
