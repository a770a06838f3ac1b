// Frames that are broken or hostile, and deadlines over days.
#include <random>

#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {
namespace {

using Random = std::mt19937;

// One byte behind Ethernet header, traffic class and flow label, which no check covers. (Of two bytes, one
// may make up for the other in the checksum.)
Frame mutate(Frame frame, Random& random) {
  constexpr std::size_t kFrom = 14 + 4;
  frame[kFrom + random() % (frame.size() - kFrom)] = static_cast<uint8_t>(random());
  if (random() % 8 == 0) frame.resize(random() % frame.size());
  return frame;
}

// Options of any kind and shape, under a good checksum.
Frame random_options(Random& random) {
  Frame options(random() % 120);
  for (uint8_t& byte : options) byte = static_cast<uint8_t>(random());
  constexpr std::array<uint8_t, 7> kTypes{1, 3, 5, 24, 25, 31, 14};
  for (std::size_t at = 0; at + 2 <= options.size(); at += options[at + 1] * 8U) {
    options[at] = kTypes[random() % kTypes.size()];
    options[at + 1] = static_cast<uint8_t>(1 + random() % 4);
  }
  return options;
}

}  // namespace

TEST_F(RaAdvertiser, IsNotMovedByMutatedFrames) {
  Random random(5);
  settle();
  const Frame solicitation = Solicitation{}.build();
  Announcement router;
  router.options = prefix_option(kPrefix.address, 86400, 14400);
  const Frame announcement = router.build();
  for (int i = 0; i < 30000; ++i) {
    const Frame& good = i % 2 == 0 ? solicitation : announcement;
    const Frame bad = mutate(good, random);
    if (bad == good) continue;
    receive(bad);
    ASSERT_EQ(advertiser.state(), ra::State::advertising);
    ASSERT_TRUE(outputs.empty());
    ASSERT_TRUE(advertiser.other_routers().empty());
  }
  EXPECT_GT(advertiser.invalid(), 15000U);
  run_for(seconds(5));
  EXPECT_TRUE(sent.empty());
}

TEST_F(RaAdvertiser, SurvivesAnyOptions) {
  Random random(6);
  settle();
  for (int i = 0; i < 20000; ++i) {
    Announcement router;
    router.lifetime = 0;
    router.options = random_options(random);
    receive(router.build());
    receive(Solicitation{kHostMac, kHost, random_options(random)}.build());
    run_for(milliseconds(random() % 100));
    ASSERT_EQ(advertiser.state(), ra::State::advertising);
  }
}

TEST_F(RaAdvertiser, HasItsNextDeadlineInTheFuture) {
  Random random(9);
  start_advertising();
  for (int i = 0; i < 20000; ++i) {
    now += milliseconds(random() % 30000);
    switch (random() % 10) {
      case 0:
        advertiser.set_content({{{kPrefix, now + seconds(random() % 9000)}}, {}, random() % 2 == 0}, now);
        break;
      case 1:
        advertiser.add_stale({kOldPrefix, now + seconds(random() % 100)}, now);
        break;
      case 2:
        advertiser.on_frame(Solicitation{}.build(), now);
        break;
      case 3: {
        Announcement other;
        other.lifetime = static_cast<uint16_t>(random() % 3 * 30);
        advertiser.on_frame(other.build(), now);
        break;
      }
      case 4:
        if (random() % 10 == 0) advertiser.stop(3, true, now);
        break;
      case 5:
        if (random() % 5 == 0) advertiser.start(now);
        break;
      default:
        break;
    }
    advertiser.on_timer(now);
    collect();
    const auto next = advertiser.next_deadline();
    ASSERT_TRUE(!next || *next > now);
    ASSERT_EQ(next.has_value(), advertiser.state() != ra::State::stopped);
  }
}

}  // namespace gate41::testing
