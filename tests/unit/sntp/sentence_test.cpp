// What an operator reads.
#include "tests/unit/sntp/bench.hpp"

namespace gate41::testing {
namespace {

TEST(SntpSentence, Waiting) {
  EXPECT_EQ(Bench().sentence(), "waiting for a DHCP lease that names time servers");
}

TEST(SntpSentence, Unnamed) {
  EXPECT_EQ(asking({}).sentence(),
            "the DHCP server names no time server (option 42): the clock is the machine's own");
}

TEST(SntpSentence, Asking) { EXPECT_EQ(asking().sentence(), "asking 11.0.0.1 for the time"); }

TEST(SntpSentence, Set) {
  Bench bench = asking();
  bench.answer(answer_to(bench.asked.back()));
  const Duration wait = *bench.client.next_deadline() - bench.now;
  bench.pass(std::chrono::minutes(12));
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(wait).count() - 12;
  EXPECT_EQ(bench.sentence(), "the clock was set by 11.0.0.1 (stratum 2) 12 min ago, again in " +
                                  std::to_string(minutes) + " min");
}

TEST(SntpSentence, FailedSaysWhyTheLastOneDid) {
  Bench bench = asking();
  bench.step();
  EXPECT_EQ(bench.sentence().find("no time server gives the time (11.0.0.1: it is silent); again in "), 0U);
}

TEST(SntpSentence, FailedWhereAllHaveSaidFarewell) {
  Bench bench = asking();
  auto bytes = altered(bench, 12, {'D', 'E', 'N', 'Y'});
  bytes[1] = 0;
  bench.answer(bytes);
  bench.step();
  EXPECT_EQ(bench.sentence().find("no time server gives the time (none wants to be asked); again in "), 0U);
}

}  // namespace
}  // namespace gate41::testing
