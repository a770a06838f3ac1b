// Probing and announcing: RFC 5227 §2.1, §2.3.
#include <gtest/gtest.h>

#include "tests/unit/acd/link.hpp"

namespace gate41::testing {
namespace {

using acd::State;

// The bytes of a request by our MAC for the address, from `sender`.
std::vector<uint8_t> request_bytes(Ipv4Address sender) {
  std::vector<uint8_t> bytes{0, 1, 8, 0, 6, 4, 0, 1, 0x02, 0, 0, 0, 0, 0x42};
  const uint32_t s = sender.host();
  for (unsigned shift = 32; shift > 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(s >> (shift - 8)));
  bytes.insert(bytes.end(), {0, 0, 0, 0, 0, 0, 11, 0, 0, 42});
  return bytes;
}

std::vector<uint8_t> bytes_of(const ArpPacket& packet) {
  std::vector<uint8_t> bytes(sizeof packet);
  std::memcpy(bytes.data(), &packet, sizeof packet);
  return bytes;
}

// proves: N1
TEST(AcdProbe, ClaimsNoAddress) {
  Link link;
  link.start();
  link.step();
  ASSERT_EQ(link.heard.size(), 1U);
  EXPECT_EQ(bytes_of(link.heard[0].packet), request_bytes(kNone));
}

// proves: N1
TEST(AcdProbe, WaitsUpToASecond) {
  Duration least = seconds(9);
  Duration most = seconds(0);
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Link link(seed);
    link.start();
    const Duration wait = *link.detector.next_deadline() - link.now;
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_GE(least, seconds(0));
  EXPECT_LT(least, milliseconds(50));
  EXPECT_GT(most, milliseconds(950));
  EXPECT_LE(most, seconds(1));
}

// proves: N1
TEST(AcdProbe, GoesOutThreeTimesOneToTwoSecondsApart) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Link link(seed);
    link.start();
    while (link.free.empty()) link.step();
    ASSERT_EQ(link.heard.size(), 4U);  // the announcement follows the verdict
    for (std::size_t i = 1; i < 3; ++i) {
      const Duration gap = link.heard[i].at - link.heard[i - 1].at;
      EXPECT_GE(gap, seconds(1));
      EXPECT_LE(gap, seconds(2));
    }
  }
}

// proves: N1
TEST(AcdProbe, FindsTheAddressFreeTwoSecondsAfterTheLastProbe) {
  Link link;
  link.start();
  while (link.free.empty()) link.step();
  EXPECT_EQ(link.free[0] - link.heard[2].at, seconds(2));
}

// proves: X14
TEST(AcdProbe, TakesFourToSevenSeconds) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Link link(seed);
    const TimePoint begin = link.now;
    link.start();
    while (link.free.empty()) link.step();
    EXPECT_GE(link.free[0] - begin, seconds(4));
    EXPECT_LE(link.free[0] - begin, seconds(7));
  }
}

// proves: N3
TEST(AcdAnnouncement, GoesOutTwiceTwoSecondsApart) {
  const Link link = settled_link();
  ASSERT_EQ(link.heard.size(), 5U);
  EXPECT_EQ(bytes_of(link.heard[3].packet), request_bytes(kAddress));
  EXPECT_EQ(bytes_of(link.heard[4].packet), request_bytes(kAddress));
  EXPECT_EQ(link.heard[3].at, link.free[0]);
  EXPECT_EQ(link.heard[4].at - link.heard[3].at, seconds(2));
}

TEST(AcdAnnouncement, IsTheLastTimer) {
  const Link link = settled_link();
  EXPECT_FALSE(link.detector.next_deadline());
}

TEST(AcdTimer, AlwaysMovesItsDeadlineAhead) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Link link(seed);
    link.start();
    link.run_to(State::defending);
    EXPECT_FALSE(link.stuck);
  }
}

struct Moment {
  std::string name;
  int steps;  // timers after start
};

class WhileProbing : public ::testing::TestWithParam<Moment> {
 protected:
  WhileProbing() {
    link.start();
    for (int i = 0; i < GetParam().steps; ++i) link.step();
  }
  Link link;
};

// proves: N2
TEST_P(WhileProbing, AReplyFromTheAddressIsAConflict) {
  link.receive(reply_of(kOtherMac));
  EXPECT_EQ(link.conflicts, std::vector{kOtherMac});
  EXPECT_EQ(link.detector.state(), State::conflict);
}

// proves: N2
TEST_P(WhileProbing, ARequestFromTheAddressIsAConflict) {
  link.receive(request_of(kOtherMac));
  EXPECT_EQ(link.conflicts, std::vector{kOtherMac});
}

// proves: N2
TEST_P(WhileProbing, AForeignProbeIsAConflict) {
  link.receive(probe_of(kOtherMac));
  EXPECT_EQ(link.conflicts, std::vector{kOtherMac});
}

// proves: N2
TEST_P(WhileProbing, TheOwnProbeIsNoConflict) {
  link.receive(probe_of(kOwnMac));
  EXPECT_TRUE(link.conflicts.empty());
}

TEST_P(WhileProbing, AQuestionForTheAddressIsNoConflict) {
  link.receive(arp(1, kOtherMac, kNeighbour, kAddress));
  EXPECT_TRUE(link.conflicts.empty());
}

TEST_P(WhileProbing, AProbeForAnotherAddressIsNoConflict) {
  link.receive(arp(1, kOtherMac, kNone, kNeighbour));
  EXPECT_TRUE(link.conflicts.empty());
}

TEST_P(WhileProbing, AReplyWithoutAnAddressIsNoProbe) {
  link.receive(arp(2, kOtherMac, kNone, kAddress));
  EXPECT_TRUE(link.conflicts.empty());
}

INSTANTIATE_TEST_SUITE_P(All, WhileProbing,
                         ::testing::Values(Moment{"before_the_first_probe", 0}, Moment{"after_one_probe", 1},
                                           Moment{"after_two_probes", 2}, Moment{"after_the_last_probe", 3}),
                         [](const auto& param_info) { return param_info.param.name; });

// proves: N7
TEST(AcdAlias, InAProbeIsNoConflict) {
  Link link(1, kAliasMac);
  link.start();
  link.step();
  link.receive(probe_of(kAliasMac));
  link.receive(reply_of(kAliasMac));
  EXPECT_TRUE(link.conflicts.empty());
}

// proves: N7
TEST(AcdAlias, OfNobodyIsAnyMac) {
  Link link;
  link.start();
  link.step();
  link.receive(probe_of(kAliasMac));
  EXPECT_EQ(link.conflicts, std::vector{kAliasMac});
}

TEST(AcdConflict, EndsTheProbing) {
  Link link;
  link.start();
  link.step();
  link.receive(reply_of(kOtherMac));
  EXPECT_FALSE(link.detector.next_deadline());
  EXPECT_TRUE(link.free.empty());
}

TEST(AcdConflict, IsReportedOnce) {
  Link link;
  link.start();
  link.receive(reply_of(kOtherMac));
  link.receive(reply_of(kOtherMac));
  EXPECT_EQ(link.conflicts.size(), 1U);
}

struct Malformed {
  std::string name;
  ArpPacket packet;
};

std::vector<Malformed> malformed() {
  ArpPacket hardware = reply_of(kOtherMac);
  hardware.hardware = Be16(6);
  ArpPacket protocol = reply_of(kOtherMac);
  protocol.protocol = Be16(0x86dd);
  ArpPacket mac_length = reply_of(kOtherMac);
  mac_length.hardware_length = 8;
  ArpPacket address_length = reply_of(kOtherMac);
  address_length.protocol_length = 16;
  return {{"hardware", hardware},
          {"protocol", protocol},
          {"mac_length", mac_length},
          {"address_length", address_length},
          {"operation", arp(3, kOtherMac, kAddress, kNeighbour)}};
}

class MalformedArp : public ::testing::TestWithParam<Malformed> {};

TEST_P(MalformedArp, IsIgnored) {
  Link link;
  link.start();
  link.receive(GetParam().packet);
  EXPECT_TRUE(link.conflicts.empty());
}

INSTANTIATE_TEST_SUITE_P(All, MalformedArp, ::testing::ValuesIn(malformed()),
                         [](const auto& param_info) { return param_info.param.name; });

TEST(AcdStop, EndsEverything) {
  Link link;
  link.start();
  link.step();
  link.detector.stop();
  link.receive(reply_of(kOtherMac));
  EXPECT_FALSE(link.detector.next_deadline());
  EXPECT_TRUE(link.conflicts.empty());
  EXPECT_EQ(link.detector.state(), State::idle);
}

}  // namespace
}  // namespace gate41::testing
