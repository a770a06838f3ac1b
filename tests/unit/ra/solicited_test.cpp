// Router solicitations and the answers to them.
#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {
namespace {

Solicitation from_unspecified() { return {kHostMac, ip6("::"), {}}; }

}  // namespace

// proves: H9 H12 H16 H17
TEST_F(RaAdvertiser, AnswersAKnownHostAloneWithinHalfASecond) {
  settle();
  const TimePoint asked = now;
  receive(Solicitation{}.build());
  run_for(milliseconds(500));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_GE(sent[0].at, asked);
  EXPECT_EQ(last().destination, kHost);
  EXPECT_EQ(last().to, kHostMac);
  EXPECT_EQ(last().ip_hop_limit, 255);
  EXPECT_EQ(last().lifetime, 2700);
  EXPECT_EQ(last().prefixes.size(), 1U);
  EXPECT_EQ(last().routes.size(), 1U);
}

// proves: H12
TEST_F(RaAdvertiser, DrawsTheDelayOfAnswersBetweenZeroAndHalfASecond) {
  settle();
  Duration shortest = Duration::max();
  Duration longest{};
  for (int i = 0; i < 500; ++i) {
    const TimePoint asked = now;
    sent.clear();
    receive(Solicitation{}.build());
    run_for(seconds(1));
    ASSERT_GE(sent.size(), 1U);
    if (sent[0].multicast()) continue;
    shortest = std::min(shortest, sent[0].at - asked);
    longest = std::max(longest, sent[0].at - asked);
  }
  EXPECT_LT(shortest, milliseconds(20));
  EXPECT_GT(longest, milliseconds(480));
  EXPECT_LE(longest, milliseconds(500));
}

// proves: H12
TEST_F(RaAdvertiser, AnswersAHostWithoutAddressByMulticast) {
  settle();
  receive(from_unspecified().build());
  run_for(milliseconds(500));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(last().destination, ip6("ff02::1"));
}

TEST_F(RaAdvertiser, AnswersByMulticastWhenTheFrameCameFromAnotherMacThanItSays) {
  settle();
  Solicitation bridged;
  bridged.ether_source = mac("02:00:00:00:00:78");
  receive(bridged.build());
  run_for(milliseconds(500));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(last().destination, ip6("ff02::1"));
}

// proves: H12
TEST_F(RaAdvertiser, AnswersManyWithOneMulticast) {
  settle();
  for (int i = 0; i < 50; ++i) receive(from_unspecified().build());
  run_for(seconds(10));
  EXPECT_EQ(sent.size(), 1U);
}

TEST_F(RaAdvertiser, AnswersACrowdOfKnownHostsWithAMulticastToo) {
  settle();
  for (uint16_t i = 0; i < 1000; ++i) {
    Solicitation one;
    one.source = Ipv6Address::of({0xfe80, 0, 0, 0, 0, 0, 1, i});
    receive(one.build());
  }
  run_for(seconds(10));
  EXPECT_LE(sent.size(), 17U);
  EXPECT_EQ(std::count_if(sent.begin(), sent.end(), [](const Sent& one) { return one.multicast(); }), 1);
}

TEST_F(RaAdvertiser, AnswersAHostThatAsksTwiceOnce) {
  settle();
  receive(Solicitation{}.build());
  receive(Solicitation{}.build());
  run_for(seconds(1));
  EXPECT_EQ(sent.size(), 1U);
}

// proves: H12
TEST_F(RaAdvertiser, DelaysAMulticastAnswerUntilThreeSecondsAfterTheLast) {
  settle();
  receive(from_unspecified().build());
  run_for(seconds(1));
  const TimePoint first = sent.at(0).at;
  receive(from_unspecified().build());
  run_for(seconds(3));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[1].at, first + seconds(3));
}

// proves: H14
TEST_F(RaAdvertiser, StartsTheIntervalAnewAfterAMulticastAnswer) {
  settle();
  receive(from_unspecified().build());
  run_for(seconds(1));
  const TimePoint answer = sent.at(0).at;
  run_for(seconds(601));
  EXPECT_GE(sent.at(1).at - answer, seconds(450));
  EXPECT_LE(sent.at(1).at - answer, seconds(600));
}

// proves: H15
TEST_F(RaAdvertiser, ReportsAHostThatSaysItsMac) {
  settle();
  receive(Solicitation{}.build());
  ASSERT_EQ(outputs.size(), 1U);
  const auto& by = std::get<ra::SolicitedBy>(outputs[0]);
  EXPECT_EQ(by.source, kHost);
  EXPECT_EQ(by.sllao, kHostMac);
  EXPECT_EQ(by.ether_source, kHostMac);
}

// proves: H15
TEST_F(RaAdvertiser, ReportsNothingOfAHostWithoutAddressOrMac) {
  settle();
  receive(from_unspecified().build());
  receive(Solicitation{kHostMac, kHost, {}}.build());
  EXPECT_TRUE(outputs.empty());
}

// proves: H11
TEST_F(RaAdvertiser, DropsSolicitationsThatBreakARule) {
  settle();
  const Solicitation good;
  std::vector<Frame> bad{good.packet(254).build(), good.packet(255, 1).build()};
  Frame wrong_checksum = good.build();
  wrong_checksum[56] ^= 1U;
  bad.push_back(wrong_checksum);
  bad.push_back(Solicitation{kHostMac, ip6("::"), lladdr_option(kHostMac)}.build());
  bad.push_back(Solicitation{kHostMac, kHost, {1, 0, 2, 0, 0, 0, 0, 0x77}}.build());
  bad.push_back(Solicitation{kHostMac, kHost, {1, 2, 2, 0, 0, 0, 0, 0x77}}.build());
  bad.push_back(PacketBuilder()
                    .ethernet(mac("33:33:00:00:00:02"), kHostMac)
                    .ipv6(kHost, ip6("ff02::2"))
                    .hop_limit(255)
                    .fragment(0, false, 1)
                    .icmpv6(133, 0)
                    .build());
  for (const Frame& frame : bad) receive(frame);
  EXPECT_EQ(advertiser.invalid(), bad.size());
  run_for(seconds(10));
  EXPECT_TRUE(sent.empty());
  EXPECT_TRUE(outputs.empty());
}

TEST_F(RaAdvertiser, IgnoresFramesThatAreNeitherSolicitationsNorAdvertisements) {
  settle();
  const PacketBuilder other = PacketBuilder().ethernet().ipv6(kHost, ip6("ff02::16"));
  receive(PacketBuilder(other).hop_limit(1).hop_by_hop().icmpv6(143, 0).build());
  receive(PacketBuilder(other).hop_limit(64).icmpv6(135, 0).payload(16).build());
  Frame cut = Solicitation{}.build();
  cut.resize(14 + 40 + 7);
  receive(cut);
  EXPECT_EQ(advertiser.invalid(), 0U);
  EXPECT_TRUE(outputs.empty());
}

// proves: H11
TEST_F(RaAdvertiser, AnswersASolicitationWithUnknownOptions) {
  settle();
  Frame options{200, 1, 1, 2, 3, 4, 5, 6};
  const Frame lladdr = lladdr_option(kHostMac);
  options.insert(options.end(), lladdr.begin(), lladdr.end());
  receive(Solicitation{kHostMac, kHost, options}.build());
  run_for(seconds(1));
  EXPECT_EQ(sent.size(), 1U);
}

TEST_F(RaAdvertiser, IgnoresItsOwnSolicitation) {
  start_advertising();
  run_for(seconds(40));
  sent.clear();
  receive(solicitations.at(0).second);
  run_for(seconds(10));
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(advertiser.invalid(), 0U);
}

}  // namespace gate41::testing
