// Echoes: how many must agree, what counts as an answer, when they are asked again.
#include "tests/unit/address/bench.hpp"

namespace gate41::testing {
namespace {

using address::Fetch;
using address::State;

// A site behind a NAT that has just asked its three echoes.
struct EchoSite : Bench {
  explicit EchoSite(const address::Settings& settings = three_echoes()) : Bench(settings) {
    discovery.on_interface(kPrivate);
    questions = take<Fetch>();
  }
  uint64_t id(std::size_t i) const { return questions.at(i).id; }
  std::vector<Fetch> questions;
};

TEST(AddressEchoes, AreAskedOnceEach) {
  const EchoSite site;
  ASSERT_EQ(site.questions.size(), 3U);
  EXPECT_EQ(site.questions[0].url, "http://a/");
  EXPECT_EQ(site.questions[1].url, "http://b/");
  EXPECT_EQ(site.questions[2].url, "http://c/");
  EXPECT_EQ(site.discovery.state(), State::asking);
}

// proves: S36
TEST(AddressEchoes, MustAgree) {
  EchoSite site;
  site.answer(site.id(0), "11.0.0.42");
  EXPECT_EQ(site.verdict(), kNothingSaid);
  site.answer(site.id(1), "11.0.0.43");
  EXPECT_EQ(site.verdict(), kNothingSaid);
  site.answer(site.id(2), "11.0.0.42");
  EXPECT_EQ(site.verdict(), is(kPublic));
}

TEST(AddressEchoes, AreNotWaitedForOnceEnoughAgree) {
  EchoSite site;
  site.answer(site.id(2), "11.0.0.42");
  site.answer(site.id(0), "11.0.0.42");
  EXPECT_EQ(site.verdict(), is(kPublic));
  site.answer(site.id(1), "11.0.0.43");
  EXPECT_EQ(site.verdict(), kNothingSaid);
}

TEST(AddressEchoes, AreNotCountedTwice) {
  EchoSite site;
  site.answer(site.id(0), "11.0.0.42");
  site.answer(site.id(0), "11.0.0.42");
  EXPECT_EQ(site.verdict(), kNothingSaid);
}

TEST(AddressEchoes, OneIsEnoughWhereSoConfigured) {
  EchoSite site(echoes({"http://a/"}, 1));
  site.answer(site.id(0), "11.0.0.42");
  EXPECT_EQ(site.verdict(), is(kPublic));
}

class AddressEchoAnswer : public ::testing::TestWithParam<const char*> {};

// proves: S36
TEST_P(AddressEchoAnswer, IsNone) {
  EchoSite site;
  for (std::size_t i = 0; i < 3; ++i) site.answer(site.id(i), GetParam());
  EXPECT_EQ(site.verdict(), kNone);
  EXPECT_EQ(site.discovery.state(), State::failed);
}
INSTANTIATE_TEST_SUITE_P(Lines, AddressEchoAnswer,
                         ::testing::Values("", "11.0.0", "11.0.0.042", "11.0.0.42 ", "11.0.0.256", "<html>",
                                           "::1", "10.0.0.1", "192.168.1.5", "127.0.0.1", "224.0.0.1"));

TEST(AddressEchoes, FailWhenTheLastOneHasFailed) {
  EchoSite site;
  site.fail_answer(site.id(0));
  site.fail_answer(site.id(1));
  EXPECT_EQ(site.discovery.state(), State::asking);
  site.fail_answer(site.id(2));
  EXPECT_EQ(site.discovery.state(), State::failed);
  EXPECT_EQ(site.discovery.sentence(site.now),
            "no external address: fewer than 2 address echoes agree on a usable address, asked again in 5 s");
}

// 5, 10, 20, ... s, never longer than the period of 600 s.
TEST(AddressEchoes, AreAskedAgainWithBackOff) {
  EchoSite site;
  for (const int wait : {5, 10, 20, 40, 80, 160, 320, 600, 600}) {
    for (const Fetch& question : site.questions) site.fail_answer(question.id);
    ASSERT_EQ(site.discovery.next_deadline(), site.now + seconds(wait));
    site.at(site.now + seconds(wait) - std::chrono::milliseconds(1));
    ASSERT_TRUE(site.take<Fetch>().empty());
    site.at(site.now + std::chrono::milliseconds(1));
    site.questions = site.take<Fetch>();
    ASSERT_EQ(site.questions.size(), 3U);
  }
}

TEST(AddressEchoes, ThatFailTheSameWayAreToldOnce) {
  EchoSite site;
  for (const Fetch& question : site.questions) site.fail_answer(question.id);
  EXPECT_EQ(site.take<address::Lost>().size(), 1U);
  site.at(site.now + seconds(5));
  for (const Fetch& question : site.take<Fetch>()) site.fail_answer(question.id);
  EXPECT_TRUE(site.take<address::Lost>().empty());
}

struct FoundSite : EchoSite {
  explicit FoundSite(const address::Settings& settings = three_echoes()) : EchoSite(settings) {
    answer(id(0), "11.0.0.42");
    answer(id(1), "11.0.0.42");
    (void)verdict();
  }
};

// proves: S36
TEST(AddressEchoes, AreAskedAgainAfterThePeriod) {
  FoundSite site;
  EXPECT_EQ(site.discovery.next_deadline(), kStart + seconds(600));
  site.at(kStart + seconds(600));
  EXPECT_EQ(site.take<Fetch>().size(), 3U);
}

TEST(AddressEchoes, ThatConfirmChangeNothing) {
  FoundSite site;
  site.at(kStart + seconds(600));
  for (const Fetch& question : site.take<Fetch>()) site.answer(question.id, "11.0.0.42");
  EXPECT_EQ(site.verdict(), kNothingSaid);
  EXPECT_EQ(site.discovery.next_deadline(), kStart + seconds(1200));
}

TEST(AddressEchoes, ThatSeeAnotherAddressMoveTheSite) {
  FoundSite site;
  site.at(kStart + seconds(600));
  for (const Fetch& question : site.take<Fetch>()) site.answer(question.id, "11.0.0.43");
  EXPECT_EQ(site.verdict(), is(kOtherPublic));
}

TEST(AddressEchoes, ThatAreAwayTakeNothingAway) {
  FoundSite site;
  site.at(kStart + seconds(600));
  for (const Fetch& question : site.take<Fetch>()) site.fail_answer(question.id);
  EXPECT_EQ(site.verdict(), kNothingSaid);
  EXPECT_EQ(site.discovery.state(), State::found);
  EXPECT_EQ(site.discovery.next_deadline(), kStart + seconds(605));
}

TEST(AddressEchoes, ThatAgreeOnAnImpossibleAddressTakeNothingAway) {
  FoundSite site;
  site.at(kStart + seconds(600));
  for (const Fetch& question : site.take<Fetch>()) site.answer(question.id, "10.0.0.1");
  EXPECT_EQ(site.verdict(), kNothingSaid);
}

// proves: M25
TEST(AddressEchoes, AreAskedAnewWhenTheInterfacesAddressChanges) {
  FoundSite site;
  site.discovery.on_interface(ip4("192.168.1.6"));
  const auto outputs = site.discovery.take_outputs();
  ASSERT_EQ(outputs.size(), 4U);
  EXPECT_TRUE(std::holds_alternative<address::Lost>(outputs[0]));
  EXPECT_TRUE(std::holds_alternative<Fetch>(outputs[3]));
  EXPECT_EQ(site.discovery.state(), State::asking);
}

TEST(AddressEchoes, OfThePastAreIgnored) {
  EchoSite site;
  site.answer(site.id(0), "11.0.0.42");
  site.discovery.on_interface(ip4("192.168.1.6"));
  site.answer(site.id(1), "11.0.0.42");
  site.answer(site.id(2), "11.0.0.42");
  EXPECT_TRUE(site.take<address::Found>().empty());
}

address::Settings echoes_first() {
  address::Settings settings = three_echoes();
  settings.from = {address::Source::http, address::Source::interface};
  return settings;
}

// proves: S41
TEST(AddressEchoes, LeaveTheInterfaceWhenTheyAreAway) {
  Bench bench(echoes_first());
  bench.discovery.on_interface(kPublic);
  const auto questions = bench.take<Fetch>();
  ASSERT_EQ(questions.size(), 3U);
  for (const Fetch& question : questions) bench.fail_answer(question.id);
  EXPECT_EQ(bench.verdict(), is(kPublic));
  EXPECT_EQ(bench.discovery.next_deadline(), kStart + seconds(5));  // they may come back
}

TEST(AddressEchoes, ComeBeforeTheInterfaceWhereSoConfigured) {
  Bench bench(echoes_first());
  bench.discovery.on_interface(kPublic);
  for (const Fetch& question : bench.take<Fetch>()) bench.answer(question.id, "11.0.0.43");
  EXPECT_EQ(bench.verdict(), is(kOtherPublic));
}

TEST(AddressEchoes, LeaveNoDeadlineInThePast) {
  EchoSite site;
  for (const Fetch& question : site.questions) site.fail_answer(question.id);
  site.at(kStart + seconds(3600));
  const auto deadline = site.discovery.next_deadline();
  EXPECT_TRUE(!deadline || *deadline > site.now);
}

}  // namespace
}  // namespace gate41::testing
