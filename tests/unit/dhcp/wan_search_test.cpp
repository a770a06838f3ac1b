// Two links, a server on neither, one or both: which is the WAN.
#include "control/dhcp/wan_search.hpp"

#include <gtest/gtest.h>

#include "tests/unit/dhcp/scripted_server.hpp"

namespace gate41::testing {
namespace {

using dhcp::WanSearch;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Verdict = WanSearch::Verdict;

const MacAddress kSecondMac{{0x02, 0, 0, 0, 0, 0x43}};
const std::array<std::string, 2> kNames{"A", "B"};

struct TwoLinks {
  TimePoint now{seconds(1000)};
  WanSearch search{{dhcp::Settings{kClientMac, kClientId, "gate", false},
                    dhcp::Settings{kSecondMac, kClientId, "gate", false}},
                   7};
  std::array<std::vector<Asked>, 2> asked;

  TwoLinks() {
    search.start(now);
    collect();
  }
  void collect() {
    for (const WanSearch::Question& question : search.take_questions())
      asked.at(question.link).emplace_back(dhcp::SendMessage{question.payload, kNone, kEverybody}, now);
  }
  void pass(Duration time) {
    const TimePoint end = now + time;
    while (search.next_deadline() <= end) {
      now = search.next_deadline();
      search.on_timer(now);
      collect();
    }
    now = end;
  }
  Answer offer(std::size_t link, Ipv4Address server = kServer) const {
    Answer answer = answer_to(asked.at(link).back(), kOffer, 3600, server);
    answer.mac = link == 0 ? kClientMac : kSecondMac;
    return answer;
  }
  void receive(std::size_t link, const Answer& answer) {
    search.on_packet(link, answer.bytes(), now);
    collect();
  }
  std::string sentence() const { return search.sentence(kNames, now); }
};

TEST(WanSearch, AsksOnBothAsTheClientWould) {
  const TwoLinks links;
  for (const std::size_t link : {0U, 1U}) {
    ASSERT_EQ(links.asked.at(link).size(), 1U);
    EXPECT_EQ(links.asked.at(link)[0].type, kDiscover);
    EXPECT_EQ(links.asked.at(link)[0].options.at(61), kClientId);
  }
  EXPECT_EQ(links.asked[0][0].hardware_address, Octets(kClientMac.bytes.begin(), kClientMac.bytes.end()));
  EXPECT_EQ(links.asked[1][0].hardware_address, Octets(kSecondMac.bytes.begin(), kSecondMac.bytes.end()));
  EXPECT_NE(links.asked[0][0].xid, links.asked[1][0].xid);
}

TEST(WanSearch, TakesTheLinkThatAnswersOnceTheOtherHasBeenSilentLongEnough) {
  for (const std::size_t wan : {0U, 1U}) {
    TwoLinks links;
    links.receive(wan, links.offer(wan));
    EXPECT_EQ(links.search.verdict(), Verdict::one_answers);
    links.pass(WanSearch::kSlowServer - milliseconds(1));
    EXPECT_EQ(links.search.wan(), std::nullopt);
    links.pass(milliseconds(1));
    EXPECT_EQ(links.search.wan(), wan);
  }
}

TEST(WanSearch, TakesALateAnswerAtOnce) {
  TwoLinks links;
  links.pass(milliseconds(3600));
  links.receive(1, links.offer(1));
  EXPECT_EQ(links.search.wan(), 1U);
}

TEST(WanSearch, DoesNotChooseWhereBothAnswer) {
  TwoLinks links;
  links.receive(0, links.offer(0));
  links.receive(1, links.offer(1, kOtherServer));
  for (int i = 0; i < 5; ++i) {
    links.pass(links.search.next_deadline() - links.now);
    links.receive(0, links.offer(0));
    links.receive(1, links.offer(1, kOtherServer));
  }
  EXPECT_EQ(links.search.verdict(), Verdict::both_answer);
  EXPECT_EQ(links.search.wan(), std::nullopt);
  EXPECT_EQ(links.sentence(),
            "DHCP servers answer on A (11.0.0.1) and on B (11.0.0.2), so which is the WAN can't be told");
}

TEST(WanSearch, TellsTwoLinksOfOneNetwork) {
  TwoLinks links;
  links.receive(0, links.offer(0));
  links.receive(1, links.offer(1));
  EXPECT_EQ(links.sentence(),
            "the same DHCP server, 11.0.0.1, answers on A and on B: both are on one network");
}

TEST(WanSearch, ChoosesWhenOneOfBothHasFallenSilent) {
  TwoLinks links;
  links.receive(0, links.offer(0));
  links.receive(1, links.offer(1, kOtherServer));
  links.pass(seconds(6));
  ASSERT_EQ(links.asked[0].size(), 2U);
  links.receive(1, links.offer(1, kOtherServer));
  EXPECT_EQ(links.search.verdict(), Verdict::both_answer);
  links.pass(seconds(4));
  EXPECT_EQ(links.search.wan(), 1U);
}

TEST(WanSearch, PresumesTheOneThatAnswersAsLongAsTheOtherDoesNot) {
  TwoLinks links;
  EXPECT_EQ(links.search.likely_wan(), std::nullopt);
  links.receive(1, links.offer(1));
  EXPECT_EQ(links.search.likely_wan(), 1U);
  links.pass(milliseconds(3000));
  links.receive(0, links.offer(0, kOtherServer));
  EXPECT_EQ(links.search.likely_wan(), std::nullopt);
}

TEST(WanSearch, PresumesWhatItHasFound) {
  TwoLinks links;
  links.receive(1, links.offer(1));
  links.pass(seconds(4));
  EXPECT_EQ(links.search.likely_wan(), 1U);
}

TEST(WanSearch, PresumesNothingOnceALinkHasComeUp) {
  TwoLinks links;
  links.receive(1, links.offer(1));
  links.search.on_link_up(links.now);
  EXPECT_EQ(links.search.likely_wan(), std::nullopt);
}

TEST(WanSearch, AsksOnFourEightThenSixteenSecondsApart) {
  TwoLinks links;
  links.pass(seconds(120));
  const std::vector<Asked>& asked = links.asked[0];
  ASSERT_GE(asked.size(), 7U);
  for (std::size_t i = 1; i < 7; ++i) {
    const Duration usual = seconds(std::min(4 << (i - 1), 16));
    EXPECT_GE(asked[i].at - asked[i - 1].at, usual - seconds(1)) << i;
    EXPECT_LE(asked[i].at - asked[i - 1].at, usual + seconds(1)) << i;
  }
}

TEST(WanSearch, AsksAtOnceWhenALinkComesUp) {
  TwoLinks links;
  links.now += milliseconds(500);
  links.search.on_link_up(links.now);
  links.collect();
  EXPECT_EQ(links.asked[0].size(), 2U);
  EXPECT_EQ(links.asked[1].size(), 2U);
}

TEST(WanSearch, AnswersToOthersDoNotCount) {
  TwoLinks links;
  Answer strange = links.offer(0);
  ++strange.xid;
  links.receive(0, strange);
  Answer of_another = links.offer(0);
  of_another.mac = kSecondMac;
  links.receive(0, of_another);
  links.receive(1, links.offer(0));
  links.receive(0, links.offer(0).replaced(53, {kAck}));
  EXPECT_EQ(links.search.verdict(), Verdict::silence);
}

TEST(WanSearch, SaysNothingMoreOnceItIsFound) {
  TwoLinks links;
  links.receive(0, links.offer(0));
  links.pass(seconds(60));
  links.search.on_link_up(links.now);
  links.collect();
  EXPECT_EQ(links.asked[0].size(), 1U);
  EXPECT_EQ(links.search.next_deadline(), TimePoint::max());
}

TEST(WanSearch, SaysWhatItWaitsFor) {
  TwoLinks links;
  EXPECT_TRUE(links.sentence().starts_with(
      "no DHCP server answers on A or B yet, so which is the WAN is not known (1 try, next in "));
  links.receive(1, links.offer(1));
  EXPECT_EQ(links.sentence(), "DHCP is answered on B; A has 4 s more to answer too");
  links.pass(seconds(4));
  EXPECT_EQ(links.sentence(), "B is the WAN: DHCP is answered there, and not on A");
}

}  // namespace
}  // namespace gate41::testing
