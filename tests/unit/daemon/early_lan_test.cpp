// A LAN that begins on a guess, and what becomes of it.
#include "control/daemon/early_lan.hpp"

#include "tests/support/packet_builder.hpp"
#include "tests/unit/daemon/early_bench.hpp"

namespace gate41::testing {
namespace {

const std::array<MacAddress, 2> kMacs{mac("02:41:00:00:00:00"), kFoundMac};

struct Guess {
  TimePoint now{seconds(1000)};
  unsigned made = 0;
  EarlyLan lan{[this](std::size_t link) {
    ++made;
    return std::optional(engines_of(kMacs.at(link)));
  }};
  std::vector<Frame> sent;

  void presume(std::optional<std::size_t> link) {
    lan.presume(link, now);
    collect();
  }
  void collect() {
    for (Frame& frame : lan.take_frames(now)) sent.push_back(std::move(frame));
  }
  void pass(Duration time) {
    for (const TimePoint end = now + time; now < end;) {
      now += milliseconds(20);
      lan.on_timer(now);
      collect();
    }
  }
  LanEngines taken() { return std::move(lan.take().value()); }
};

TEST(EarlyLan, SaysNothingWithoutAGuess) {
  Guess guess;
  guess.pass(seconds(5));
  EXPECT_TRUE(guess.sent.empty());
  EXPECT_FALSE(guess.lan.take().has_value());
}

TEST(EarlyLan, SolicitsRoutersAndProbesItsAddress) {
  Guess guess;
  guess.presume(1);
  guess.pass(milliseconds(3500));
  EXPECT_EQ(count(guess.sent, kRouterSolicitation), 2U);
  EXPECT_EQ(count(guess.sent, kNeighbourSolicitation), 1U);
}

TEST(EarlyLan, AdvertisesNothingHoweverLongItTakes) {
  Guess guess;
  guess.presume(1);
  guess.pass(seconds(120));
  guess.lan.on_frame(1, Solicitation{}.build(), guess.now);
  guess.pass(seconds(5));
  EXPECT_EQ(count(guess.sent, kRouterAdvertisement), 0U);
}

TEST(EarlyLan, HandsOverALanThatSpeaksAtOnce) {
  Guess guess;
  guess.presume(1);
  guess.pass(milliseconds(3500));
  LanEngines engines = guess.taken();
  engines.start(guess.now);
  engines.ra->set_content(one_prefix(), guess.now);
  engines.on_timer(guess.now);
  EXPECT_EQ(count(engines.take_frames(guess.now), kRouterAdvertisement), 1U);
}

TEST(EarlyLan, HandsOverThatItsAddressIsReady) {
  Guess guess;
  guess.presume(1);
  guess.pass(milliseconds(3500));
  const auto ready = all<nd::AddressReady>(guess.taken().take_outputs(guess.now));
  ASSERT_EQ(ready.size(), 1U);
  EXPECT_EQ(ready[0].address, kFoundLinkLocal);
}

TEST(EarlyLan, HandsOverThatSomebodyElseHasItsAddress) {
  Guess guess;
  guess.presume(1);
  guess.pass(milliseconds(500));
  guess.lan.on_frame(1, claim_of_rival(), guess.now);
  guess.pass(seconds(3));
  const auto duplicate = all<nd::AddressDuplicate>(guess.taken().take_outputs(guess.now));
  ASSERT_EQ(duplicate.size(), 1U);
  EXPECT_EQ(duplicate[0].other, kRival);
}

// proves: H30
TEST(EarlyLan, HandsOverARouterThatItHasHeard) {
  Guess guess;
  guess.presume(1);
  guess.lan.on_frame(1, Announcement{}.build(), guess.now);
  guess.pass(milliseconds(3500));
  LanEngines engines = guess.taken();
  EXPECT_EQ(engines.ra->state(), ra::State::held);
  const auto events = all<nd::Event>(engines.take_outputs(guess.now));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].text, "other router fe80::1: advertises itself as default router");
}

TEST(EarlyLan, IsDeafToTheOtherLink) {
  Guess guess;
  guess.presume(1);
  guess.lan.on_frame(0, Announcement{}.build(), guess.now);
  EXPECT_TRUE(guess.taken().ra->other_routers().empty());
}

TEST(EarlyLan, PassesByWhatIsNotOfTheLink) {
  Guess guess;
  guess.presume(1);
  const PacketBuilder echo =
      PacketBuilder().ethernet(kFoundMac, kRival).ipv6(ip6("fe80::1"), kFoundLinkLocal).icmpv6(128, 0);
  guess.lan.on_frame(1, echo.build(), guess.now);
  guess.lan.on_frame(1, Frame(60), guess.now);
  EXPECT_EQ(guess.taken().nd.invalid(), 0U);
}

// proves: H30 S2
TEST(EarlyLan, ForgetsAGuessThatProvedWrong) {
  Guess guess;
  guess.presume(1);
  guess.lan.on_frame(1, Announcement{}.build(), guess.now);
  guess.pass(seconds(3));
  guess.presume(std::nullopt);
  EXPECT_FALSE(guess.lan.take().has_value());
  guess.presume(1);
  LanEngines engines = guess.taken();
  EXPECT_TRUE(engines.ra->other_routers().empty());
  EXPECT_FALSE(engines.nd.is_ready(kFoundLinkLocal));
}

TEST(EarlyLan, BeginsAnewOnTheOtherLinkWhenTheGuessTurnsRound) {
  Guess guess;
  guess.presume(1);
  guess.presume(0);
  EXPECT_EQ(guess.taken().port.mac, kMacs[0]);
}

TEST(EarlyLan, GoesOnWhileTheGuessStays) {
  Guess guess;
  guess.presume(1);
  guess.pass(seconds(1));
  guess.presume(1);
  EXPECT_EQ(guess.made, 1U);
}

}  // namespace
}  // namespace gate41::testing
