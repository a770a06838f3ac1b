// The first seconds: listen, solicit, then speak.
#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {

// proves: H1 S2
TEST_F(RaAdvertiser, IsSilentUntilStarted) {
  advertiser.set_content(site_content(), now);
  receive(Solicitation{}.build());
  run_for(std::chrono::hours(1));
  EXPECT_EQ(advertiser.state(), ra::State::stopped);
  EXPECT_TRUE(sent.empty());
  EXPECT_TRUE(outputs.empty());
}

// proves: S84 H30
TEST_F(RaAdvertiser, SolicitsFirstWithoutAnAddress) {
  advertiser.start(now);
  run_for(seconds(4));
  ASSERT_EQ(solicitations.size(), 2U);
  EXPECT_EQ(solicitations[0].first, kStart);
  const Frame expected = PacketBuilder()
                             .ethernet(mac("33:33:00:00:00:02"), kMac)
                             .ipv6(ip6("::"), ip6("ff02::2"))
                             .hop_limit(255)
                             .icmpv6(133, 0)
                             .build();
  EXPECT_EQ(solicitations[0].second, expected);
}

// What asks last is answered within half a second (RFC 4861 §6.2.6).
// proves: S84 H30
TEST_F(RaAdvertiser, ListensLongEnoughForAnAnswerToItsLastSolicitation) {
  advertiser.start(now);
  run_for(seconds(4));
  EXPECT_LE(solicitations.back().first, kStart + milliseconds(1000 - 500));
}

// proves: S84 H30
TEST_F(RaAdvertiser, SpeaksAfterOneSecondOfListeningOrHalfAsLongAgain) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    ra::Advertiser one(lan_settings(), seed);
    one.set_content(site_content(), kStart);
    one.set_address_ready(true);
    one.start(kStart);
    TimePoint first = kStart;
    while (one.sent() == 0) one.on_timer(first = one.next_deadline().value());
    EXPECT_GE(first - kStart, milliseconds(1000));
    EXPECT_LE(first - kStart, milliseconds(1500));
  }
}

// proves: H27
TEST_F(RaAdvertiser, DoesNotSpeakBeforeItsAddressMayBeUsed) {
  advertiser.set_address_ready(false);
  advertiser.set_content(site_content(), now);
  advertiser.start(now);
  run_for(seconds(60));
  EXPECT_EQ(advertiser.state(), ra::State::listening);
  EXPECT_TRUE(sent.empty());
  advertiser.set_address_ready(true);
  run_for(milliseconds(1));
  EXPECT_EQ(sent.size(), 1U);
}

TEST_F(RaAdvertiser, DoesNotAnswerWhileListening) {
  advertiser.set_content(site_content(), now);
  advertiser.start(now);
  run_for(milliseconds(600));
  receive(Solicitation{}.build());
  run_for(milliseconds(600));
  EXPECT_TRUE(sent.empty());
}

TEST_F(RaAdvertiser, KeepsSilentAsLongAsThereIsNothingToSay) {
  advertiser.start(now);
  run_for(seconds(100));
  receive(Solicitation{}.build());
  run_for(seconds(100));
  EXPECT_EQ(advertiser.state(), ra::State::advertising);
  EXPECT_TRUE(sent.empty());
}

TEST_F(RaAdvertiser, SpeaksAtOnceWhenThePrefixComesLater) {
  advertiser.start(now);
  run_for(seconds(100));
  advertiser.set_content(site_content(), now);
  run_for(milliseconds(1));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(last().lifetime, 2700);
}

TEST_F(RaAdvertiser, StartsAgainAfterAStop) {
  settle();
  stop(1, false);
  sent.clear();
  run_for(seconds(10));
  EXPECT_TRUE(sent.empty());
  advertiser.start(now);
  run_for(seconds(4));
  EXPECT_EQ(sent.size(), 1U);
}

}  // namespace gate41::testing
