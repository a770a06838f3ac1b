// What an operator reads.
#include "tests/unit/broker/bench.hpp"

namespace gate41::testing {
namespace {

TEST(BrokerSentence, Waiting) {
  EXPECT_EQ(Bench().sentence(), "the broker tb.example is told once our address is known");
}

TEST(BrokerSentence, Asking) {
  Bench bench;
  bench.place(kDirect);
  EXPECT_EQ(bench.sentence(), "telling the broker tb.example: 11.0.0.2 for 123456");
}

TEST(BrokerSentence, Due) {
  Bench bench = told_bench();
  bench.now += seconds(1);
  bench.place(kElsewhere);
  EXPECT_EQ(bench.sentence(), "the broker tb.example is told our address in 59 s");
}

// proves: U1
TEST(BrokerSentence, Updated) {
  EXPECT_EQ(told_bench().sentence(),
            "the broker tb.example has 11.0.0.2 for 123456 (good 11.0.0.2), told again in 24 h");
}

// proves: U2
TEST(BrokerSentence, UpdatedWithoutAnAddress) {
  Bench bench;
  bench.place(kBehindNat);
  bench.answer("nochg");
  EXPECT_EQ(bench.sentence(),
            "the broker tb.example has the address that it sees for 123456 (nochg), told again in 24 h");
}

// proves: U1
TEST(BrokerSentence, Failed) {
  Bench bench;
  bench.place(kDirect);
  bench.answer("<html>\x1b[2J");
  bench.now = *bench.updater.next_deadline() - seconds(45);
  EXPECT_EQ(bench.sentence(),
            "the broker tb.example was not told 11.0.0.2 for 123456: its answer is none of a broker: "
            "\"<html>?[2J\"; again in 45 s");
}

// proves: U1
TEST(BrokerSentence, Refused) {
  Bench bench;
  bench.place(kDirect);
  bench.answer("nohost");
  EXPECT_EQ(
      bench.sentence(),
      "the broker tb.example refuses 11.0.0.2 for 123456: the account has no such host (nohost); not asked "
      "again until the address or the configuration changes");
}

TEST(BrokerSentence, NamesTheHostOfTheUrlAlone) {
  broker::Settings settings = usual_settings();
  for (const char* url :
       {"https://b.example", "https://b.example/", "https://b.example:8443/x", "http://b.example?x"}) {
    settings.url = url;
    EXPECT_EQ(Bench(settings).sentence(), "the broker b.example is told once our address is known");
  }
}

TEST(BrokerStateName, IsTheWordOfMetrics) { EXPECT_STREQ(broker::name_of(State::refused), "refused"); }

}  // namespace
}  // namespace gate41::testing
