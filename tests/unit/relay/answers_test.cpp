// What a probe looks like and what counts as an answer to it.
#include <random>

#include "tests/unit/relay/bench.hpp"

namespace gate41::testing {

// proves: B19
TEST_F(RelayHealth, SendsAnEchoRequestWithHopLimitOneToTheRelaysOwnForm) {
  configure({kRelay});
  ASSERT_EQ(probes.size(), 1U);
  const Packet& probe = probes[0];
  const Packet expected = PacketBuilder()
                              .ipv6(kOwn, kRelayTarget)
                              .hop_limit(1)
                              .echo_request(u16_at(probe, 44), u16_at(probe, 46))
                              .build();
  EXPECT_EQ(probe, expected);
}

TEST_F(RelayHealth, DrawsIdentifierAndSequenceAnewForEachProbe) {
  configure({kRelay});
  run_until(kStart + seconds(200));
  ASSERT_GE(probes.size(), 20U);
  std::vector<uint16_t> identifiers;
  std::vector<uint16_t> sequences;
  for (const Packet& probe : probes) {
    identifiers.push_back(u16_at(probe, 44));
    sequences.push_back(u16_at(probe, 46));
  }
  const auto different = [](std::vector<uint16_t>& values) {
    std::sort(values.begin(), values.end());
    return std::unique(values.begin(), values.end()) - values.begin();
  };
  EXPECT_GE(different(identifiers), 18);
  EXPECT_GE(different(sequences), 18);
}

// proves: B19
TEST_F(RelayHealth, TakesAnEchoReplyAsLife) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart + milliseconds(37));
  EXPECT_EQ(state(), relay::State::alive);
  EXPECT_EQ(health.relays()[0].rtt, milliseconds(37));
}

// proves: B19
TEST_F(RelayHealth, TakesTimeExceededThatQuotesTheProbeAsLife) {
  configure({kRelay});
  receive(time_exceeded_about(probes[0]), kStart + milliseconds(5));
  EXPECT_EQ(state(), relay::State::alive);
}

TEST_F(RelayHealth, TakesAnAnswerFromAnotherAddressOfTheRelay) {
  configure({kRelay});
  receive(PacketBuilder()
              .ipv6(ip6("2600:41::9"), kOwn)
              .echo_reply(u16_at(probes[0], 44), u16_at(probes[0], 46))
              .build(),
          kStart);
  EXPECT_EQ(state(), relay::State::alive);
}

TEST_F(RelayHealth, TakesASlowAnswerToAnEarlierProbe) {
  configure({kRelay});
  run_until(kStart + seconds(2));
  ASSERT_EQ(probes.size(), 3U);
  receive(reply_to(probes[0]), kStart + milliseconds(2500));
  EXPECT_EQ(state(), relay::State::alive);
  EXPECT_EQ(health.relays()[0].rtt, milliseconds(2500));
}

TEST_F(RelayHealth, IgnoresAnAnswerToAProbeBeforeTheLastThree) {
  configure({kRelay});
  run_until(kStart + seconds(3));
  ASSERT_EQ(probes.size(), 4U);
  receive(reply_to(probes[0]), kStart + milliseconds(3100));
  EXPECT_EQ(state(), relay::State::dead);
}

TEST_F(RelayHealth, IgnoresAnAnswerThatComesTwice) {
  configure({kRelay});
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  receive(reply_to(probes[0]), kStart + milliseconds(900));
  EXPECT_EQ(health.relays()[0].rtt, milliseconds(20));
}

TEST_F(RelayHealth, LooksAtTheAnswersToken) {
  configure({kRelay});
  const uint16_t id = u16_at(probes[0], 44);
  const uint16_t sequence = u16_at(probes[0], 46);
  const auto reply = [](uint16_t i, uint16_t s) {
    return PacketBuilder().ipv6(kRelayTarget, kOwn).echo_reply(i, s).build();
  };
  receive(reply(static_cast<uint16_t>(id + 1), sequence), kStart);
  receive(reply(id, static_cast<uint16_t>(sequence + 1)), kStart);
  EXPECT_EQ(state(), relay::State::unknown);
}

TEST_F(RelayHealth, LooksAtTheQuotesTokenTargetAndSource) {
  configure({kRelay});
  const uint16_t id = u16_at(probes[0], 44);
  const uint16_t sequence = u16_at(probes[0], 46);
  const auto quote = [&](const Ipv6Address& source, const Ipv6Address& target, int wrong) {
    return PacketBuilder()
        .ipv6(source, target)
        .echo_request(id, static_cast<uint16_t>(sequence + wrong))
        .build();
  };
  receive(time_exceeded_about(quote(kOwn, kRelayTarget, 1)), kStart);
  receive(time_exceeded_about(quote(kOwn, kSecondTarget, 0)), kStart);
  receive(time_exceeded_about(quote(ip6("2002:b00:2a::2"), kRelayTarget, 0)), kStart);
  EXPECT_EQ(state(), relay::State::unknown);
}

TEST_F(RelayHealth, IgnoresOtherMessagesThatQuoteTheProbe) {
  configure({kRelay});
  const auto about = [&](uint8_t type, uint8_t code) {
    return PacketBuilder().ipv6(kRelayTarget, kOwn).icmpv6(type, code).payload(probes[0]).build();
  };
  receive(about(1, 0), kStart);
  receive(about(3, 1), kStart);
  receive(about(4, 0), kStart);
  EXPECT_EQ(state(), relay::State::unknown);
}

TEST_F(RelayHealth, IgnoresAnAnswerForAnotherAddressOrWithABadChecksum) {
  configure({kRelay});
  const uint16_t id = u16_at(probes[0], 44);
  const uint16_t sequence = u16_at(probes[0], 46);
  receive(PacketBuilder().ipv6(kRelayTarget, ip6("2002:b00:2a::2")).echo_reply(id, sequence).build(), kStart);
  Packet spoiled = reply_to(probes[0]);
  spoiled[42] ^= 1U;
  receive(spoiled, kStart);
  EXPECT_EQ(state(), relay::State::unknown);
}

TEST_F(RelayHealth, GivesAnAnswerToTheRelayThatWasAsked) {
  configure({kRelay, kSecond});
  ASSERT_EQ(probes.size(), 2U);
  receive(reply_to(probes[1]), kStart);
  EXPECT_EQ(state(0), relay::State::unknown);
  EXPECT_EQ(state(1), relay::State::alive);
}

// Every byte of an answer is covered by a check: one that is changed anywhere but in the fields that do not
// matter (traffic class, flow label, hop limit) is no answer.
TEST_F(RelayHealth, IsNotMovedByMutatedAnswers) {
  std::mt19937 random(7);
  configure({kRelay});
  for (int i = 0; i < 20000; ++i) {
    Packet packet = i % 2 == 0 ? reply_to(probes[0]) : time_exceeded_about(probes[0]);
    const std::size_t at = 4 + random() % (packet.size() - 4);
    if (at == 7) continue;
    packet[at] = static_cast<uint8_t>(packet[at] ^ (1U + random() % 255U));
    if (random() % 4 == 0) packet.resize(random() % packet.size());
    health.on_packet(packet, kStart);
    ASSERT_EQ(state(), relay::State::unknown) << "byte " << at;
  }
}

}  // namespace gate41::testing
