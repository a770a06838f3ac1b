// What is believed, and what is not.
#include "tests/unit/sntp/bench.hpp"

namespace gate41::testing {
namespace {

TEST(SntpClient, AsksWhenALeaseNamesAServer) {
  Bench bench;
  bench.name(std::vector{kFirst});
  ASSERT_EQ(bench.asked.size(), 1U);
  EXPECT_EQ(bench.asked[0].server, kFirst);
}

TEST(SntpClient, StepsAClockThatIsWrong) {
  Bench bench = asking();
  bench.wall -= hours(10'000);
  bench.answer(answer_to(bench.asked.back()));
  ASSERT_EQ(bench.steps.size(), 1U);
  EXPECT_EQ(bench.steps[0].by, hours(10'000));
}

TEST(SntpClient, StepsAClockThatIsFastBack) {
  Bench bench = asking();
  bench.wall += seconds(60);
  bench.answer(answer_to(bench.asked.back()));
  ASSERT_EQ(bench.steps.size(), 1U);
  EXPECT_EQ(bench.steps[0].by, -seconds(60));
}

TEST(SntpClient, LetsAClockBeThatIsRightButForJitter) {
  Bench bench = asking();
  bench.wall += milliseconds(90);
  bench.answer(answer_to(bench.asked.back()));
  EXPECT_TRUE(bench.steps.empty());
  EXPECT_EQ(bench.client.state(), State::set);
}

TEST(SntpClient, AddsHalfOfWhatThePacketsWereUnderWay) {
  Bench bench = asking();
  bench.pass(seconds(4));
  bench.answer(answer_to(bench.asked.back()));  // two seconds ago
  ASSERT_EQ(bench.steps.size(), 1U);
  EXPECT_EQ(bench.steps[0].by, -seconds(2));
}

TEST(SntpClient, DoesNotCountHowLongTheServerHeldTheRequest) {
  Bench bench = asking();
  bench.pass(seconds(4));
  auto bytes = answer_to(bench.asked.back());
  put_u64(bytes, 32, kNtp << 32U);        // received then
  put_u64(bytes, 40, (kNtp + 4) << 32U);  // sent now
  bench.answer(bytes);
  EXPECT_TRUE(bench.steps.empty());
}

TEST(SntpClient, TakesNoAnswerFromAnotherAddress) {
  Bench bench = asking();
  bench.answer_from(kSecond, answer_to(bench.asked.back()));
  EXPECT_EQ(bench.client.state(), State::asking);
}

TEST(SntpClient, TakesNoAnswerToAnotherRequest) {
  Bench bench = asking();
  bench.answer(altered(bench, 24, {1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(bench.client.state(), State::asking);
}

TEST(SntpClient, MarksEveryRequestAnew) {
  Bench bench = asking();
  const auto old = answer_to(bench.asked.back());
  bench.step();
  bench.step();
  bench.answer(old);
  EXPECT_EQ(bench.client.state(), State::asking);
}

TEST(SntpClient, TakesOneAnswerToARequest) {
  Bench bench = asking();
  bench.answer(answer_to(bench.asked.back()));
  bench.answer(answer_to(bench.asked.back(), (kNtp + 9999) << 32U));
  EXPECT_TRUE(bench.steps.empty());
}

struct Fault {
  const char* name;
  std::size_t at;
  std::vector<uint8_t> values;
};

class SntpIgnored : public ::testing::TestWithParam<Fault> {};

// The true answer may follow.
TEST_P(SntpIgnored, ChangesNothing) {
  Bench bench = asking();
  bench.answer(altered(bench, GetParam().at, GetParam().values));
  EXPECT_EQ(bench.client.state(), State::asking);
}

INSTANTIATE_TEST_SUITE_P(SntpAnswers, SntpIgnored,
                         ::testing::Values(Fault{"Version2", 0, {0x14}}, Fault{"Version5", 0, {0x2c}},
                                           Fault{"ClientMode", 0, {0x23}}, Fault{"BroadcastMode", 0, {0x25}}),
                         [](const auto& param) { return param.param.name; });

class SntpRefused : public ::testing::TestWithParam<Fault> {};

TEST_P(SntpRefused, SetsNoClock) {
  Bench bench = asking();
  bench.answer(altered(bench, GetParam().at, GetParam().values));
  EXPECT_EQ(bench.client.state(), State::failed);
}

INSTANTIATE_TEST_SUITE_P(SntpAnswers, SntpRefused,
                         ::testing::Values(Fault{"Leap3", 0, {0xe4}}, Fault{"Stratum16", 1, {16}},
                                           Fault{"Stratum255", 1, {255}},
                                           Fault{"NoTransmitTime", 40, {0, 0, 0, 0, 0, 0, 0, 0}},
                                           Fault{"NoReceiveTime", 32, {0, 0, 0, 0, 0, 0, 0, 0}},
                                           Fault{"RootDelayOf32Seconds", 4, {0, 32, 0, 0}},
                                           Fault{"RootDispersionOf16Seconds", 8, {0, 16, 0, 0}},
                                           Fault{"SentBeforeItCame", 40, {0xee, 0, 0, 0, 0, 0, 0, 0}}),
                         [](const auto& param) { return param.param.name; });

TEST(SntpClient, TakesVersion3) {
  Bench bench = asking();
  bench.answer(altered(bench, 0, {0x1c}));
  EXPECT_EQ(bench.client.state(), State::set);
}

}  // namespace
}  // namespace gate41::testing
