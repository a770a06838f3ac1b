// Packets that wait for a neighbour, and the bounds of the neighbour table (RFC 4861 §7.2.2, RFC 6583).
#include <random>

#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

std::vector<std::uintptr_t> resumed(const Link& link) {
  std::vector<std::uintptr_t> numbers;
  for (const auto& one : link.all<nd::Resume>()) numbers.push_back(number(one.packet));
  return numbers;
}

std::vector<std::uintptr_t> discarded(const Link& link, bool unreachable) {
  std::vector<std::uintptr_t> numbers;
  for (const auto& one : link.all<nd::Discard>())
    if (one.address_unreachable == unreachable) numbers.push_back(number(one.packet));
  return numbers;
}

using Numbers = std::vector<std::uintptr_t>;

// proves: H26 Q12
TEST(Resolution, SolicitsTheSolicitedNodeGroup) {
  ReadyLink link;
  link.packet(ip6("2600:41:1:1::12:3456"), 1);
  ASSERT_EQ(link.solicitations().size(), 1U);
  EXPECT_EQ(link.solicitations()[0], solicitation({.ether_source = kOwn,
                                                   .ether_destination = mac("33:33:ff:12:34:56"),
                                                   .source = kOwnLinkLocal,
                                                   .destination = ip6("ff02::1:ff12:3456"),
                                                   .target = ip6("2600:41:1:1::12:3456"),
                                                   .options = sllao(kOwn)}));
}

// proves: H26 W6
TEST(Resolution, ThreeSolicitationsOneSecondApartThenUnreachable) {
  ReadyLink link;
  link.packet(kHostGlobal, 1);
  link.packet(kHostGlobal, 2);
  link.advance(999ms);
  EXPECT_EQ(link.solicitations().size(), 1U);
  link.advance(1ms);
  EXPECT_EQ(link.solicitations().size(), 2U);
  link.advance(1s);
  EXPECT_EQ(link.solicitations().size(), 3U);
  link.advance(999ms);
  EXPECT_TRUE(link.all<nd::Discard>().empty());
  link.advance(1ms);
  EXPECT_EQ(discarded(link, true), (Numbers{1, 2}));
  EXPECT_EQ(link.state(kHostGlobal), "none");
  EXPECT_TRUE(link.all<nd::NeighbourGone>().empty());  // it never was usable
  EXPECT_EQ(link.solicitations().size(), 3U);
}

// proves: H26 W6
TEST(Resolution, TheAnswerReleasesWhatWaitsInOrderAfterTheMacIsKnown) {
  ReadyLink link;
  link.packet(kHostGlobal, 1);
  link.packet(kHostGlobal, 2);
  link.forget();
  link.answered_by(kHostGlobal, kHost, kS | kO);
  ASSERT_EQ(link.outputs.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<nd::NeighbourUsable>(link.outputs[0]));
  EXPECT_EQ(resumed(link), (Numbers{1, 2}));
}

// proves: H26
TEST(Resolution, TheOldestGoesWhenTheQueueIsFull) {
  ReadyLink link({.queue_per_neighbour = 3});
  for (std::uintptr_t i = 1; i <= 5; ++i) link.packet(kHostGlobal, i);
  EXPECT_EQ(discarded(link, false), (Numbers{1, 2}));
  link.answered_by(kHostGlobal, kHost, kS | kO);
  EXPECT_EQ(resumed(link), (Numbers{3, 4, 5}));
}

TEST(Resolution, WithoutAQueueThePacketGoesAndTheNeighbourIsStillAskedFor) {
  ReadyLink link({.queue_per_neighbour = 0});
  link.packet(kHostGlobal, 1);
  EXPECT_EQ(discarded(link, false), (Numbers{1}));
  EXPECT_EQ(link.solicitations().size(), 1U);
}

// proves: H26
TEST(Resolution, ASolicitationFromTheNeighbourReleasesToo) {
  ReadyLink link;
  link.packet(kHostGlobal, 1);
  link.solicited_by(kHostGlobal, kHost, kHost);
  EXPECT_EQ(resumed(link), (Numbers{1}));
  EXPECT_EQ(link.state(kHostGlobal), "stale");
}

TEST(Resolution, APacketForAUsableNeighbourComesStraightBack) {
  ReadyLink link;
  link.solicited_by(kHostGlobal, kHost, kHost);
  link.packet(kHostGlobal, 1);
  EXPECT_EQ(resumed(link), (Numbers{1}));
  EXPECT_EQ(link.state(kHostGlobal), "delay");
}

TEST(Resolution, OwnAndGroupAddressesAreNotAskedFor) {
  ReadyLink link;
  link.packet(kOwnGlobal, 1);
  link.packet(ip6("ff02::1"), 2);
  link.packet({}, 3);
  EXPECT_EQ(discarded(link, false), (Numbers{1, 2, 3}));
  EXPECT_TRUE(link.solicitations().empty());
}

TEST(Resolution, WithoutAReadyAddressNothingIsSentFromTheUnspecifiedOne) {
  Link link;
  link.packet(kHostGlobal, 1);
  link.advance(3s);
  EXPECT_TRUE(link.solicitations().empty());
  EXPECT_EQ(discarded(link, true), (Numbers{1}));
}

TEST(Resolution, FlushGivesEveryPacketBackAndForgetsAll) {
  ReadyLink link;
  link.make_reachable(kHostGlobal, kHost);
  link.packet(kOtherGlobal, 1);
  link.forget();
  link.engine.flush();
  link.collect();
  EXPECT_EQ(discarded(link, false), (Numbers{1}));
  ASSERT_EQ(link.all<nd::NeighbourGone>().size(), 1U);
  EXPECT_TRUE(link.engine.neighbours().empty());
  EXPECT_EQ(link.engine.next_deadline(), std::nullopt);
}

Ipv6Address in_lan(uint64_t id) { return Ipv6Address::from_halves(kOwnGlobal.high(), id); }

// proves: H33
TEST(Resolution, NeighboursSurviveASweepOfTheirPrefix) {
  ReadyLink link({.max_neighbours = 512});
  for (uint64_t i = 0; i < 512; ++i) link.make_reachable(in_lan(0xa000000 + i), kHost);
  link.advance(60s);  // and are stale
  ASSERT_EQ(link.engine.neighbours().size(), 512U);
  std::mt19937_64 random(33);
  for (std::uintptr_t i = 1; i <= 65536; ++i) {
    link.packet(in_lan(random() | (uint64_t{1} << 63U)), i);
    if (i % 100 == 0) link.advance(10ms);
    ASSERT_LE(link.engine.neighbours().size(), 512U);
    link.forget();
  }
  for (uint64_t i = 0; i < 512; ++i) ASSERT_TRUE(link.neighbour(in_lan(0xa000000 + i)).has_value()) << i;
}

// proves: H33
TEST(Resolution, ASweepFindsOnlySoManyIncompleteAtOnce) {
  ReadyLink link({.max_incomplete = 40});
  for (std::uintptr_t i = 1; i <= 65536; ++i) link.engine.on_packet(in_lan(0x100000 + i), nullptr, link.now);
  EXPECT_EQ(link.engine.neighbours().size(), 40U);
}

// 65536 addresses in 6.5 s: 100 at once and 100 a second may start, each with at most three solicitations.
// proves: H33
TEST(Resolution, ASweepIsSolicitedForAtALimitedRate) {
  ReadyLink link;
  for (std::uintptr_t i = 1; i <= 65536; ++i) {
    link.packet(in_lan(0x100000 + i), i);
    if (i % 10 == 0) link.advance(1ms);
  }
  EXPECT_LE(link.solicitations().size(), 3U * (100 + 656));
  EXPECT_GE(link.solicitations().size(), 500U);
  EXPECT_LE(link.engine.neighbours().size(), 256U);
}

// proves: H33
TEST(Resolution, EveryPacketOfASweepComesBackOnce) {
  ReadyLink link;
  for (std::uintptr_t i = 1; i <= 5000; ++i) {
    link.packet(in_lan(0x100000 + i % 700), i);
    if (i % 10 == 0) link.advance(5ms);
  }
  link.advance(10s);
  std::vector<std::uintptr_t> back = resumed(link);
  for (const auto& one : link.all<nd::Discard>()) back.push_back(number(one.packet));
  std::ranges::sort(back);
  ASSERT_EQ(back.size(), 5000U);
  for (std::uintptr_t i = 0; i < 5000; ++i) ASSERT_EQ(back[i], i + 1);
}

// proves: H33
TEST(Resolution, AFullTableForgetsThoseThatNobodyNeededFirst) {
  ReadyLink link({.max_neighbours = 3});
  link.make_reachable(in_lan(1 << 20), kHost);
  link.solicited_by(in_lan(2 << 20), kHost, kHost);
  link.advance(1s);
  link.solicited_by(in_lan(3 << 20), kHost, kHost);
  link.advance(60s);  // all stale
  link.solicited_by(in_lan(4 << 20), kHost, kHost);
  EXPECT_EQ(link.state(in_lan(1 << 20)), "stale");
  EXPECT_EQ(link.state(in_lan(2 << 20)), "none");
  EXPECT_EQ(link.state(in_lan(3 << 20)), "stale");
  ASSERT_EQ(link.all<nd::NeighbourGone>().size(), 1U);
  EXPECT_EQ(link.all<nd::NeighbourGone>()[0].address, in_lan(2 << 20));
}

// proves: H33
TEST(Resolution, AFullTableOfReachableOnesTakesNoMore) {
  ReadyLink link({.max_neighbours = 2});
  link.make_reachable(in_lan(1 << 20), kHost);
  link.make_reachable(in_lan(2 << 20), kHost);
  link.solicited_by(in_lan(3 << 20), kHost, kHost);
  EXPECT_EQ(link.state(in_lan(3 << 20)), "none");
  EXPECT_EQ(link.advertisements().size(), 1U);  // answered all the same
}

// proves: H33
TEST(Resolution, ALongIdleNeighbourMakesRoomForAPacket) {
  ReadyLink link({.max_neighbours = 1});
  link.make_reachable(in_lan(1 << 20), kHost);
  link.advance(9min);
  link.packet(in_lan(2 << 20), 1);
  EXPECT_EQ(link.state(in_lan(1 << 20)), "stale");
  link.advance(1min);
  link.packet(in_lan(2 << 20), 2);
  EXPECT_EQ(link.state(in_lan(2 << 20)), "incomplete");
}

}  // namespace
}  // namespace gate41::testing
