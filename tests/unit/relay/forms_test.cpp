// Probes of 6rd border relays and of 6in4 peers, and what answers them.
#include "tests/unit/relay/bench.hpp"

namespace gate41::testing {
namespace {

const Ipv4Address kBorder = ip4("10.9.9.9");
const Ipv6Address kPeer = ip6("2600:41:0:2::1");

class ProbeForms : public RelayHealth {
 protected:
  void watch(relay::ProbeForm form) {
    health.configure({.form = form, .own = kOwn, .peer = kPeer, .relays = {kBorder}}, kStart);
    collect();
  }
};

Packet echo(const Ipv6Address& source, const Ipv6Address& destination, const Packet& probe,
            uint8_t hop_limit) {
  return PacketBuilder()
      .ipv6(source, destination)
      .hop_limit(hop_limit)
      .echo_request(u16_at(probe, 44), u16_at(probe, 46))
      .build();
}

}  // namespace

// proves: E19
TEST_F(ProbeForms, ABorderRelayIsAskedToReturnAPacketFromUsToUs) {
  watch(relay::ProbeForm::returned);
  ASSERT_EQ(probes.size(), 1U);
  EXPECT_EQ(probes[0], echo(kOwn, kOwn, probes[0], 64));
}

// The keep-alive is the probe's packet. It reaches relay or peer and no one else; what the border relay
// returns it must forward. proves: S26
TEST(KeepalivePacket, GoesNoFartherThanToWhomItIsFor) {
  const auto packet = [](relay::ProbeForm form) {
    return relay::build_keepalive(form, kOwn, relay::probe_target(form, kOwn, kPeer, kBorder), 0x01020304);
  };
  const auto request = [](const Ipv6Address& target, uint8_t hop_limit) {
    return PacketBuilder().ipv6(kOwn, target).hop_limit(hop_limit).echo_request(0x0102, 0x0304).build();
  };
  EXPECT_EQ(packet(relay::ProbeForm::relay_form), request(ip6("2002:a09:909::"), 1));
  EXPECT_EQ(packet(relay::ProbeForm::peer), request(kPeer, 1));
  EXPECT_EQ(packet(relay::ProbeForm::returned), request(kOwn, 64));
}

// proves: E19 E20
TEST_F(ProbeForms, ABorderRelayLivesWhenTheProbeComesBack) {
  watch(relay::ProbeForm::returned);
  receive(echo(kOwn, kOwn, probes[0], 63), kStart + milliseconds(20));
  EXPECT_EQ(choices, std::vector{std::optional(kBorder)});
}

// proves: E19
TEST_F(ProbeForms, NobodyElsesEchoIsAReturnedProbe) {
  watch(relay::ProbeForm::returned);
  receive(echo(ip6("2600:99::1"), kOwn, probes[0], 63), kStart + milliseconds(20));
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  EXPECT_TRUE(choices.empty());
}

// 10.9.9.9 of 10.0.0.0/8 in 2600:41::/32.
const Ipv6Address kAnycast = ip6("2600:41:909:900::");

// Linux drops what comes from an address to itself. proves: E21
TEST_F(ProbeForms, ABorderRelayThatReturnsNothingIsAskedAtItsAnycastAddress) {
  health.configure({.form = relay::ProbeForm::returned,
                    .own = kOwn,
                    .relays = {kBorder},
                    .second = {relay::Question{relay::ProbeForm::relay_form, kAnycast}},
                    .interval = seconds(1)},
                   kStart);
  collect();
  run_until(kStart + seconds(1));
  ASSERT_EQ(probes.size(), 2U);
  EXPECT_EQ(probes[1], echo(kOwn, kAnycast, probes[1], 1));
  receive(time_exceeded_about(probes[1]), kStart + milliseconds(1020));
  EXPECT_EQ(choices, std::vector{std::optional(kBorder)});
  run_until(kStart + seconds(2));
  EXPECT_EQ(target_of(probes.at(2)), kAnycast) << "the form that is answered stays";
}

// proves: D33
TEST_F(ProbeForms, APeerIsPingedAtItsAddressOnTheTunnel) {
  watch(relay::ProbeForm::peer);
  EXPECT_EQ(probes.at(0), echo(kOwn, kPeer, probes.at(0), 64));
  receive(reply_to(probes[0]), kStart + milliseconds(20));
  EXPECT_EQ(choices, std::vector{std::optional(kBorder)});
}

// RFC 4861 §4.3 and §4.4.
Packet solicitation() {
  return PacketBuilder()
      .ipv6(kOwn, kPeer)
      .hop_limit(255)
      .icmpv6(135, 0)
      .payload(Packet(kPeer.bytes.begin(), kPeer.bytes.end()))
      .build();
}
constexpr uint32_t kSolicited = 0x40000000;
PacketBuilder advertisement(uint32_t flags, const Ipv6Address& target = kPeer,
                            const Ipv6Address& destination = kOwn) {
  return PacketBuilder()
      .ipv6(kPeer, destination)
      .hop_limit(255)
      .icmpv6(136, 0, flags)
      .payload(Packet(target.bytes.begin(), target.bytes.end()));
}

// A peer that may be asked as a neighbour, once a second.
class PeerAsNeighbour : public ProbeForms {
 protected:
  PeerAsNeighbour() {
    health.configure({.form = relay::ProbeForm::peer,
                      .own = kOwn,
                      .peer = kPeer,
                      .relays = {kBorder},
                      .second = {relay::Question{relay::ProbeForm::neighbour, kPeer}},
                      .interval = seconds(1)},
                     kStart);
    collect();
  }
  void expect_no_answer(const Packet& packet) {
    EXPECT_FALSE(health.on_packet(packet, kStart + milliseconds(1020)));
    EXPECT_EQ(state(), relay::State::unknown);
  }
};

// Without link-layer options. proves: D33 D34
TEST_F(PeerAsNeighbour, ThatAnswersNoEchoIsSolicited) {
  EXPECT_EQ(probes.at(0), echo(kOwn, kPeer, probes.at(0), 64));
  run_until(kStart + seconds(1));
  ASSERT_EQ(probes.size(), 2U);
  EXPECT_EQ(probes[1], solicitation());
}

// proves: D33
TEST_F(PeerAsNeighbour, LivesWhenItConfirmsItsAddress) {
  run_until(kStart + seconds(1));
  EXPECT_TRUE(health.on_packet(advertisement(kSolicited).build(), kStart + milliseconds(1020)));
  collect();
  EXPECT_EQ(choices, std::vector{std::optional(kBorder)});
  run_until(kStart + seconds(2));
  EXPECT_EQ(probes.at(2), solicitation()) << "the form that is answered stays";
}

// The way that the link-layer option of an Ethernet would be. proves: D34
TEST_F(PeerAsNeighbour, LivesWhateverLinkLayerAddressItNames) {
  run_until(kStart + seconds(1));
  const Packet option{2, 1, 2, 0, 0, 0, 0, 1};
  EXPECT_TRUE(
      health.on_packet(advertisement(kSolicited).payload(option).build(), kStart + milliseconds(1020)));
  EXPECT_EQ(state(), relay::State::alive);
}

TEST_F(PeerAsNeighbour, IsAskedByTurns) {
  run_until(kStart + seconds(2));
  ASSERT_EQ(probes.size(), 3U);
  EXPECT_EQ(probes[2], echo(kOwn, kPeer, probes[2], 64));
}

TEST_F(PeerAsNeighbour, StillLivesByAnEchoReplyThatComesLate) {
  run_until(kStart + seconds(1));
  receive(reply_to(probes.at(0)), kStart + milliseconds(1020));
  EXPECT_EQ(choices, std::vector{std::optional(kBorder)});
}

// Nor is any advertisement one that was not asked for. proves: D33
TEST_F(PeerAsNeighbour, IsNotProvedAliveByAnythingElse) {
  expect_no_answer(advertisement(kSolicited).build());
  run_until(kStart + seconds(1));
  expect_no_answer(advertisement(0).build());
  expect_no_answer(advertisement(kSolicited, ip6("2600:41:0:2::7")).build());
  expect_no_answer(advertisement(kSolicited, kPeer, ip6("fe80::b00:2a")).build());
  Packet spoiled = advertisement(kSolicited).build();
  spoiled[42] ^= 1U;  // the checksum
  expect_no_answer(spoiled);
  expect_no_answer(advertisement(kSolicited).payload(Packet{2, 0, 2, 0, 0, 0, 0, 1}).build());
}

// proves: D33
TEST_F(PeerAsNeighbour, IsDeadWhenItAnswersNeither) {
  run_until(kStart + seconds(3));
  EXPECT_EQ(state(), relay::State::dead);
}

TEST_F(PeerAsNeighbour, IsPingedAgainOnceItMayNotBeSolicited) {
  run_until(kStart + seconds(1));
  watch(relay::ProbeForm::peer);
  run_until(kStart + seconds(2));
  EXPECT_EQ(probes.back(), echo(kOwn, kPeer, probes.back(), 64));
}

TEST_F(ProbeForms, WhatIsNoAnswerIsForSomebodyElse) {
  watch(relay::ProbeForm::peer);
  EXPECT_FALSE(health.on_packet(PacketBuilder().ipv6(kPeer, kOwn).echo_reply(1, 1).build(), kStart));
  EXPECT_TRUE(health.on_packet(reply_to(probes.at(0)), kStart + milliseconds(1)));
}

}  // namespace gate41::testing
