// Neighbour discovery and router advertisements of one link, as far as they depend on each other.
#include "control/daemon/lan_engines.hpp"

#include "tests/unit/daemon/early_bench.hpp"

namespace gate41::testing {
namespace {

struct Side {
  TimePoint now{seconds(1000)};
  LanEngines engines = engines_of(kFoundMac);
  std::vector<Frame> sent;

  Side() { engines.ra->set_content(one_prefix(), now); }
  void collect() {
    for (Frame& frame : engines.take_frames(now)) sent.push_back(std::move(frame));
  }
  void pass(Duration time) {
    const TimePoint end = now + time;
    while (engines.next_deadline() && *engines.next_deadline() <= end) {
      now = std::max(now, *engines.next_deadline());
      engines.on_timer(now);
      collect();
      ASSERT_TRUE(!engines.next_deadline() || *engines.next_deadline() > now)
          << "a timer that does not move on";
    }
    now = end;
  }
};

TEST(LanEngines, AdvertiseWithinTwoSeconds) {
  Side side;
  side.engines.start(side.now);
  side.pass(seconds(2));
  EXPECT_EQ(count(side.sent, kRouterAdvertisement), 1U);
}

// However late the first probe was.
// proves: H27
TEST(LanEngines, DoNotAdvertiseBeforeTheirAddressHasPassedDetection) {
  Side side;
  side.engines.start(side.now);
  side.now += seconds(5);
  side.engines.on_timer(side.now);
  side.collect();
  ASSERT_EQ(count(side.sent, kNeighbourSolicitation), 1U);
  side.pass(milliseconds(999));
  EXPECT_EQ(count(side.sent, kRouterAdvertisement), 0U);
  side.pass(milliseconds(1));
  EXPECT_EQ(count(side.sent, kRouterAdvertisement), 1U);
}

// RFC 4862 §5.4.5
// proves: H27
TEST(LanEngines, DoNotAdvertiseFromAnAddressOfSomebodyElse) {
  Side side;
  side.engines.start(side.now);
  side.engines.on_frame(claim_of_rival(), side.now);
  side.pass(seconds(60));
  EXPECT_EQ(count(side.sent, kRouterAdvertisement), 0U);
}

TEST(LanEngines, GoOnWhenTheyAreStartedAgain) {
  Side side;
  side.engines.start(side.now);
  side.pass(milliseconds(900));
  side.engines.start(side.now);
  side.pass(seconds(5));
  EXPECT_EQ(count(side.sent, kRouterSolicitation), 2U);
  EXPECT_EQ(count(side.sent, kNeighbourSolicitation), 1U);
}

// proves: H15
TEST(LanEngines, KnowTheHostThatHasSolicited) {
  Side side;
  side.engines.start(side.now);
  side.engines.on_frame(Solicitation{}.build(), side.now);
  side.collect();
  EXPECT_EQ(side.engines.nd.neighbours().size(), 1U);
}

TEST(LanEngines, KeepWhatIsNoFrameUntilItIsAskedFor) {
  Side side;
  side.engines.start(side.now);
  side.engines.on_frame(Solicitation{}.build(), side.now);
  side.pass(seconds(2));
  const std::vector<nd::Output> outputs = side.engines.take_outputs(side.now);
  EXPECT_EQ(all<nd::SendFrame>(outputs).size(), 0U);
  EXPECT_EQ(all<nd::NeighbourUsable>(outputs).size(), 1U);
  EXPECT_EQ(all<nd::AddressReady>(outputs).size(), 1U);
}

TEST(LanEngines, HaveNoAdvertiserOnTheNativeSideOfARelay) {
  LanEngines native({kFoundMac}, nullptr, 1480, 41);
  native.start(TimePoint{seconds(1000)});
  EXPECT_EQ(native.ra, nullptr);
  EXPECT_TRUE(native.next_deadline().has_value());
}

}  // namespace
}  // namespace gate41::testing
