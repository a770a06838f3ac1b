// Several clients at once: whose an answer is, and how many there may be.
#include <gmock/gmock.h>

#include "tests/unit/ping/bench.hpp"

namespace gate41::testing {
namespace {

using ping::Answered;
using ping::Pinger;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PingerRuns : public Pinging {};

TEST_F(PingerRuns, AnAnswerGoesToTheRunThatAsked) {
  const auto first = ping();
  const auto second = ping();
  EXPECT_NE(identifier_of(packets[0]), identifier_of(packets[1]));
  receive(reply_to(packets[1]));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].run, second);
  receive(error_about(packets[0], 1, 3));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].run, first);
}

TEST_F(PingerRuns, OthersAnswersAreNotTaken) {
  EXPECT_FALSE(receive(PacketBuilder().ipv6(kServer, kOwn).echo_reply(1, 1).build()));
  ping();
  const uint16_t id = identifier_of(packets[0]);
  const uint16_t sequence = sequence_of(packets[0]);
  const auto reply = [](const Ipv6Address& to, int i, int s) {
    return PacketBuilder()
        .ipv6(kServer, to)
        .echo_reply(static_cast<uint16_t>(i), static_cast<uint16_t>(s))
        .payload(56)
        .build();
  };
  EXPECT_FALSE(receive(reply(kOwn, id + 1, sequence)));
  EXPECT_FALSE(receive(reply(kOwn, id, sequence + 1)));  // not sent yet
  EXPECT_FALSE(receive(reply(kOwn, id, sequence - 1)));
  EXPECT_FALSE(receive(reply(ip6("2002:b00:2a::2"), id, sequence)));
  const Packet other = PacketBuilder().ipv6(kOwn, kRouter).echo_request(id, sequence).build();
  EXPECT_FALSE(receive(error_about(other, 1, 0)));
  EXPECT_FALSE(pinger.on_dropped(other, DropReason::no_route, 0, now));
  EXPECT_THAT(rows, IsEmpty());
  EXPECT_TRUE(receive(reply(kOwn, id, sequence)));
}

// Who does not see a request cannot answer it but by luck, one in 2^32.
TEST_F(PingerRuns, IdentifiersAndFirstSequencesAreDrawnAnew) {
  std::vector<uint16_t> identifiers;
  std::vector<uint16_t> sequences;
  for (int i = 0; i < 50; ++i) {
    pinger.end(ping(), now);
    turn();
    identifiers.push_back(identifier_of(packets.back()));
    sequences.push_back(sequence_of(packets.back()));
  }
  const auto different = [](std::vector<uint16_t>& values) {
    std::ranges::sort(values);
    return std::unique(values.begin(), values.end()) - values.begin();
  };
  EXPECT_GE(different(identifiers), 48);
  EXPECT_GE(different(sequences), 48);
}

TEST_F(PingerRuns, EightRunAtOnceAndTheNinthIsRefusedUntilOneEnds) {
  const auto first = ping();
  for (std::size_t i = 1; i < Pinger::kMaxRuns; ++i) i % 2 == 0 ? ping() : trace();
  const auto ninth = pinger.start(ping::PingSettings{.ends = {kOwn, kServer}}, now);
  ASSERT_FALSE(ninth);
  EXPECT_THAT(ninth.error().message, HasSubstr("8 pings and traceroutes are under way"));
  pinger.end(first, now);
  turn();
  EXPECT_TRUE(pinger.start(ping::PingSettings{.ends = {kOwn, kServer}}, now));
}

TEST_F(PingerRuns, TheNextDeadlineIsTheFirstOfAll) {
  EXPECT_FALSE(pinger.next_deadline());
  ping({.interval = seconds(60)});
  EXPECT_EQ(pinger.next_deadline(), kStart + seconds(60));
  ping({.interval = seconds(1)});
  EXPECT_EQ(pinger.next_deadline(), kStart + seconds(1));
}

TEST_F(PingerRuns, NothingIsLeftOfARunAfterItsLastEvent) {
  ping({.count = 1});
  receive(reply_to(packets[0]));
  EXPECT_EQ(rows.size(), 2U);
  EXPECT_FALSE(receive(reply_to(packets[0])));
  run_until(kStart + seconds(100));
  EXPECT_EQ(rows.size(), 2U);
  EXPECT_EQ(packets.size(), 1U);
}

}  // namespace
}  // namespace gate41::testing
