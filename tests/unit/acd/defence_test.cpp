// Defence of an address in use, and the limit on new attempts: RFC 5227 §2.1.1, §2.4.
#include <gtest/gtest.h>

#include "tests/unit/acd/link.hpp"

namespace gate41::testing {
namespace {

using acd::State;

// Packets since the two announcements.
std::size_t defences(const Link& link) { return link.heard.size() - 5; }

// proves: N4
TEST(AcdDefence, AnswersAConflictWithAnAnnouncement) {
  Link link = settled_link();
  link.receive(reply_of(kOtherMac));
  ASSERT_EQ(defences(link), 1U);
  EXPECT_EQ(link.heard.back().packet.sender_ip, kAddress);
  EXPECT_EQ(link.heard.back().packet.target_ip, kAddress);
  EXPECT_TRUE(link.conflicts.empty());
}

// proves: N4
TEST(AcdDefence, GivesUpAtASecondConflictWithin10Seconds) {
  Link link = settled_link();
  link.receive(reply_of(kOtherMac));
  link.now += milliseconds(9999);
  link.receive(reply_of(kOtherMac));
  EXPECT_EQ(link.conflicts, std::vector{kOtherMac});
  EXPECT_EQ(defences(link), 1U);
}

// proves: N4
TEST(AcdDefence, GoesOnWhenConflictsAre10SecondsApart) {
  Link link = settled_link();
  for (int i = 0; i < 20; ++i) {
    link.receive(reply_of(kOtherMac));
    link.now += seconds(10);
  }
  EXPECT_TRUE(link.conflicts.empty());
  EXPECT_EQ(defences(link), 20U);
}

// proves: N4
TEST(AcdDefence, OfAStaticAddressNeverEnds) {
  Link link = settled_link(true);
  for (int i = 0; i < 1000; ++i) {
    link.receive(reply_of(kOtherMac));
    link.now += milliseconds(100);
  }
  EXPECT_TRUE(link.conflicts.empty());
  EXPECT_EQ(link.detector.state(), State::defending);
}

// proves: N4
TEST(AcdDefence, OfAStaticAddressIsSentOnceIn10Seconds) {
  Link link = settled_link(true);
  for (int i = 0; i < 1000; ++i) {
    link.receive(reply_of(kOtherMac));
    link.now += milliseconds(100);
  }
  EXPECT_EQ(defences(link), 10U);  // 100 s
}

// proves: N4
TEST(AcdDefence, BeginsWithTheFirstAnnouncement) {
  Link link;
  link.start();
  link.run_to(State::announcing);
  link.receive(reply_of(kOtherMac));
  link.run_to(State::defending);
  EXPECT_EQ(link.heard.size(), 3U + 2U + 1U);
}

// proves: N4
TEST(AcdDefence, BeginsAnewWithEveryStart) {
  Link link = settled_link();
  link.receive(reply_of(kOtherMac));
  link.start();
  link.run_to(State::announcing);  // within 7 s
  link.receive(reply_of(kOtherMac));
  EXPECT_TRUE(link.conflicts.empty());
}

TEST(AcdDefence, LeavesAForeignProbeToArp) {
  Link link = settled_link();
  link.receive(probe_of(kOtherMac));
  EXPECT_EQ(defences(link), 0U);
}

TEST(AcdDefence, IgnoresTheOwnAnnouncement) {
  Link link = settled_link();
  link.receive(arp(1, kOwnMac, kAddress, kAddress));
  EXPECT_EQ(defences(link), 0U);
}

// proves: N7
TEST(AcdDefence, IgnoresTheOwnAnnouncementByTheAlias) {
  Link link = settled_link(false, kAliasMac);
  link.receive(arp(1, kAliasMac, kAddress, kAddress));
  EXPECT_EQ(defences(link), 0U);
}

// proves: N6
TEST(AcdStatic, IsProbedAndReportedLikeAnyOther) {
  Link link;
  link.start(true);
  link.step();
  link.receive(reply_of(kOtherMac));
  EXPECT_EQ(link.conflicts, std::vector{kOtherMac});
}

// As many attempts that end in a conflict at once.
void conflict_times(Link& link, int count) {
  for (int i = 0; i < count; ++i) {
    link.start();
    link.step();
    link.receive(reply_of(kOtherMac));
  }
}

// proves: N5
TEST(AcdRateLimit, LetsTenConflictsPass) {
  Link link;
  conflict_times(link, 9);
  link.start();
  EXPECT_LE(*link.detector.next_deadline() - link.now, seconds(1));
}

// proves: N5
TEST(AcdRateLimit, AllowsOneAttemptAMinuteAfterTenConflicts) {
  Link link;
  conflict_times(link, 10);
  for (int i = 0; i < 5; ++i) {
    const TimePoint before = link.heard.back().at;
    conflict_times(link, 1);
    EXPECT_GE(link.heard.back().at - before, seconds(60));
  }
}

// proves: N5
TEST(AcdRateLimit, CountsConflictsOfAddressesInUse) {
  Link link;
  conflict_times(link, 9);
  link.start();
  link.run_to(State::defending);
  link.receive(reply_of(kOtherMac));
  link.receive(reply_of(kOtherMac));
  ASSERT_EQ(link.conflicts.size(), 10U);
  const TimePoint first_probe = link.heard[9].at;
  link.start();
  EXPECT_GE(*link.detector.next_deadline() - first_probe, seconds(60));
}

TEST(AcdRateLimit, ForgetsConflictsAfterAMinuteInUse) {
  Link link;
  conflict_times(link, 10);
  link.start();
  link.run_to(State::defending);
  link.now += seconds(60);
  link.receive(reply_of(kOtherMac));
  link.receive(reply_of(kOtherMac));
  link.start();
  EXPECT_LE(*link.detector.next_deadline() - link.now, seconds(1));
}

TEST(AcdSentence, OfEveryState) {
  Link link;
  const auto sentence = [&] { return link.detector.sentence(link.now); };
  EXPECT_EQ(sentence(), "no address to check for conflicts");
  link.start();
  EXPECT_EQ(sentence(), "about to check whether 11.0.0.42 is free, first probe in 1 s");
  link.run_to(State::probing);
  EXPECT_EQ(sentence(), "checking whether 11.0.0.42 is free (1 of 3 probes sent, next step in 2 s)");
  link.run_to(State::announcing);
  EXPECT_EQ(sentence(), "announcing 11.0.0.42 (1 of 2 announcements sent, next in 2 s)");
  link.run_to(State::defending);
  EXPECT_EQ(sentence(), "11.0.0.42 is ours, watching for conflicts");
  link.receive(reply_of(kOtherMac));
  link.receive(reply_of(kOtherMac));
  EXPECT_EQ(sentence(), "11.0.0.42 is in use by 02:00:00:00:00:13");
}

TEST(AcdStateName, IsTheWordOfMetrics) { EXPECT_STREQ(acd::name_of(State::announcing), "announcing"); }

}  // namespace
}  // namespace gate41::testing
