// RFC 5905 §7.4: a server with stratum 0 says why it gives no time.
#include "tests/unit/sntp/bench.hpp"

namespace gate41::testing {
namespace {

std::vector<uint8_t> kiss(const Bench& bench, const std::string& code) {
  auto bytes = altered(bench, 12, {code.begin(), code.end()});
  bytes[1] = 0;
  return bytes;
}

// How often a server is asked within this time that answers so.
std::size_t questions_within(Duration time, const std::string& code) {
  Bench bench = asking();
  const TimePoint end = bench.now + time;
  while (bench.now < end) {
    if (bench.client.state() == State::asking) bench.answer(kiss(bench, code));
    bench.step();
  }
  return bench.asked.size();
}

class SntpFarewell : public ::testing::TestWithParam<const char*> {};

TEST_P(SntpFarewell, IsForGood) { EXPECT_EQ(questions_within(hours(100), GetParam()), 1U); }

INSTANTIATE_TEST_SUITE_P(Kisses, SntpFarewell, ::testing::Values("DENY", "RSTR"));

TEST(SntpKiss, RateSparesTheServerForHours) {
  EXPECT_EQ(questions_within(hours(3), "RATE"), 1U);
  EXPECT_GT(questions_within(hours(100), "RATE"), 10U);
}

TEST(SntpKiss, OfOtherKindsIsAFailureLikeAnother) { EXPECT_GT(questions_within(hours(1), "INIT"), 2U); }

TEST(SntpKiss, LeavesTheTurnToTheNextServer) {
  Bench bench = asking({kFirst, kSecond});
  bench.answer(kiss(bench, "DENY"));
  EXPECT_EQ(bench.asked.back().server, kSecond);
}

TEST(SntpKiss, OfWhoHasNotSeenTheRequestIsNone) {
  Bench bench = asking();
  auto forged = kiss(bench, "DENY");
  forged[24] ^= 1U;
  bench.answer(forged);
  EXPECT_EQ(bench.client.state(), State::asking);
}

TEST(SntpKiss, IsForgottenWhenTheLeaseNamesOtherServers) {
  Bench bench = asking();
  bench.answer(kiss(bench, "DENY"));
  bench.name(std::vector{kFirst, kSecond});
  EXPECT_EQ(bench.asked.back().server, kFirst);
}

}  // namespace
}  // namespace gate41::testing
