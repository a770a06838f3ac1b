// When the broker is told, and what.
#include "tests/unit/broker/bench.hpp"

namespace gate41::testing {
namespace {

// proves: U1
TEST(BrokerUpdate, GoesOutOnceTheAddressIsKnown) {
  Bench bench;
  EXPECT_FALSE(bench.updater.next_deadline());
  bench.place(kDirect);
  ASSERT_EQ(bench.requests.size(), 1U);
  EXPECT_EQ(bench.requests[0].url, "https://tb.example/nic/update?hostname=123456&myip=11.0.0.2");
}

TEST(BrokerUpdate, AddsToAQueryThatTheUrlHasAlready) {
  broker::Settings settings = usual_settings();
  settings.url = "https://tb.example/update?system=x";
  Bench bench(settings);
  bench.place(kDirect);
  EXPECT_EQ(bench.requests[0].url, "https://tb.example/update?system=x&hostname=123456&myip=11.0.0.2");
}

TEST(BrokerUpdate, EscapesTheHost) {
  broker::Settings settings = usual_settings();
  settings.host = "a&myip=1 b/%\xc3\xa9.Z-_~";
  Bench bench(settings);
  bench.place(kDirect);
  EXPECT_EQ(bench.requests[0].url,
            "https://tb.example/nic/update?hostname=a%26myip%3D1%20b%2F%25%C3%A9.Z-_~&myip=11.0.0.2");
}

struct Sending {
  broker::SendAddress send;
  broker::Place place;
  std::string expected;  // after the host
};

class BrokerSends : public ::testing::TestWithParam<Sending> {};

// proves: U2
TEST_P(BrokerSends, TheAddressOrLeavesItOut) {
  broker::Settings settings = usual_settings();
  settings.send_address = GetParam().send;
  Bench bench(settings);
  bench.place(GetParam().place);
  EXPECT_EQ(bench.requests.at(0).url, "https://tb.example/nic/update?hostname=123456" + GetParam().expected);
}

constexpr auto kAutomatic = broker::SendAddress::automatic;
constexpr auto kYes = broker::SendAddress::yes;
constexpr auto kNo = broker::SendAddress::no;
INSTANTIATE_TEST_SUITE_P(
    All, BrokerSends,
    ::testing::Values(Sending{kAutomatic, kDirect, "&myip=11.0.0.2"}, Sending{kAutomatic, kBehindNat, ""},
                      Sending{kAutomatic, kUnknown, ""}, Sending{kYes, kDirect, "&myip=11.0.0.2"},
                      Sending{kYes, kBehindNat, "&myip=11.0.0.2"}, Sending{kYes, kUnknown, ""},
                      Sending{kNo, kDirect, ""}, Sending{kNo, kBehindNat, ""}, Sending{kNo, kUnknown, ""}));

// proves: U1
TEST(BrokerUpdate, IsRepeatedOnceAPeriod) {
  Bench bench = told_bench();
  EXPECT_EQ(bench.step(), hours(24));
  EXPECT_EQ(bench.requests.size(), 2U);
  bench.answer("nochg 11.0.0.2");
  EXPECT_EQ(bench.updater.state(), State::updated);
  EXPECT_EQ(bench.step(), hours(24));
}

TEST(BrokerUpdate, IsNotRepeatedForAnAddressThatStays) {
  Bench bench = told_bench();
  bench.now += hours(1);
  bench.place(kDirect);
  EXPECT_EQ(bench.requests.size(), 1U);
}

// proves: U1 U2
TEST(BrokerUpdate, FollowsANewAddressAtOnce) {
  Bench bench = told_bench();
  bench.now += hours(1);
  bench.place(kElsewhere);
  ASSERT_EQ(bench.requests.size(), 2U);
  EXPECT_TRUE(bench.requests[1].url.ends_with("&myip=11.0.0.3"));
}

TEST(BrokerUpdate, FollowsAnAddressThatChangesBehindTheNat) {
  Bench bench;
  bench.place(kBehindNat);
  bench.answer("good");
  bench.now += hours(1);
  bench.place(broker::Place{kPrivate, kThere});
  EXPECT_EQ(bench.requests.size(), 2U);
}

TEST(BrokerUpdate, IsSentOnceAMinuteAtMostHoweverTheAddressFlaps) {
  Bench bench;
  for (int i = 0; i < 599; ++i) {  // ten minutes but a second
    bench.place(i % 2 == 0 ? kDirect : kElsewhere);
    bench.run_for(seconds(1));
  }
  EXPECT_EQ(bench.requests.size(), 10U);
}

TEST(BrokerUpdate, TellsTheLastAddressOfAFlap) {
  Bench bench = told_bench();
  bench.now += seconds(1);
  bench.place(kElsewhere);
  EXPECT_EQ(bench.updater.state(), State::due);
  bench.place(std::nullopt);
  bench.place(broker::Place{kPrivate, kThere});
  EXPECT_EQ(bench.step(), seconds(59));
  ASSERT_EQ(bench.requests.size(), 2U);
  EXPECT_EQ(bench.requests[1].url, "https://tb.example/nic/update?hostname=123456");
}

// A line that flaps makes no updates.
TEST(BrokerUpdate, IsNotRepeatedForAnAddressThatComesBack) {
  Bench bench;
  bench.place(kDirect);
  bench.answer("good 11.0.0.2");
  bench.run_for(hours(1));
  bench.place(std::nullopt);
  bench.run_for(hours(1));
  bench.place(kDirect);
  EXPECT_EQ(bench.updater.state(), State::updated);
  bench.run_for(hours(22) - seconds(1));
  EXPECT_EQ(bench.requests.size(), 1U);
  bench.run_for(seconds(2));
  EXPECT_EQ(bench.requests.size(), 2U);
}

TEST(BrokerUpdate, GoesOutAgainAfterAnotherAddressBetween) {
  Bench bench;
  bench.place(kDirect);
  bench.answer("good 11.0.0.2");
  bench.run_for(hours(1));
  bench.place(kElsewhere);
  bench.answer("good 11.0.0.3");
  bench.run_for(hours(1));
  bench.place(kDirect);
  EXPECT_EQ(bench.requests.size(), 3U);
}

TEST(BrokerUpdate, GoesToAnotherBrokerAlsoWhenTheAddressComesBack) {
  Bench bench;
  bench.place(kDirect);
  bench.answer("good 11.0.0.2");
  bench.run_for(hours(1));
  bench.place(std::nullopt);
  broker::Settings other = usual_settings();
  other.host = "654321";
  bench.configure(other);
  bench.place(kDirect);
  EXPECT_EQ(bench.requests.size(), 2U);
}

TEST(BrokerUpdate, WaitsWithoutAnAddress) {
  Bench bench = told_bench();
  bench.place(std::nullopt);
  EXPECT_EQ(bench.updater.state(), State::waiting);
  EXPECT_FALSE(bench.updater.next_deadline());
}

TEST(BrokerUpdate, HeedsNoAnswerToAnOlderRequest) {
  Bench bench;
  bench.place(kDirect);
  bench.run_for(minutes(5));
  bench.place(kElsewhere);
  bench.updater.on_answer(bench.requests[0].id, std::string("badauth"), bench.now);
  EXPECT_EQ(bench.updater.state(), State::asking);
}

TEST(BrokerUpdate, HeedsNoAnswerAfterTheAddressWent) {
  Bench bench;
  bench.place(kDirect);
  bench.place(std::nullopt);
  bench.answer("good");
  EXPECT_EQ(bench.updater.state(), State::waiting);
}

// ---- reload ----

TEST(BrokerReload, OfTheSameTellsNobody) {
  Bench bench = told_bench();
  bench.now += hours(1);
  bench.configure(usual_settings());
  EXPECT_EQ(bench.requests.size(), 1U);
  EXPECT_EQ(bench.updater.state(), State::updated);
}

TEST(BrokerReload, TellsAnotherBrokerAtOnce) {
  Bench bench = told_bench();
  bench.now += hours(1);
  broker::Settings other = usual_settings();
  other.url = "https://other.example/";
  bench.configure(other);
  ASSERT_EQ(bench.requests.size(), 2U);
  EXPECT_TRUE(bench.requests[1].url.starts_with("https://other.example/?"));
}

TEST(BrokerReload, WaitsForAnAddressAsBefore) {
  Bench bench;
  broker::Settings other = usual_settings();
  other.host = "9";
  bench.configure(other);
  EXPECT_TRUE(bench.requests.empty());
  bench.place(kDirect);
  EXPECT_EQ(bench.requests.at(0).url, "https://tb.example/nic/update?hostname=9&myip=11.0.0.2");
}

TEST(BrokerReload, DoesNotBreakTheGapBetweenTwoRequests) {
  Bench bench;
  bench.place(kDirect);
  bench.answer("badauth");
  for (int i = 0; i < 5; ++i) bench.configure(usual_settings());
  EXPECT_EQ(bench.requests.size(), 1U);
  EXPECT_EQ(bench.step(), broker::kMinGap);
  EXPECT_EQ(bench.requests.size(), 2U);
}

}  // namespace
}  // namespace gate41::testing
