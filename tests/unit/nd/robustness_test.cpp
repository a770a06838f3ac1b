// Whatever arrives in whatever order: nothing breaks, nothing grows, what is invalid changes nothing.
#include <map>
#include <random>

#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

std::vector<Frame> valid_frames() {
  const Nd question{.ether_source = kHost,
                    .ether_destination = kOwn,
                    .source = kHostGlobal,
                    .destination = kOwnGlobal,
                    .target = kOwnGlobal,
                    .options = sllao(kOther)};
  const Nd answer{.ether_source = kHost,
                  .ether_destination = kOwn,
                  .source = kHostGlobal,
                  .destination = kOwnLinkLocal,
                  .target = kHostGlobal,
                  .options = tllao(kOther),
                  .flags = kS | kO};
  return {solicitation(question), advertisement(answer),
          mld_query({.ether_source = kOther, .source = ip6("fe80::9"), .max_response = 100})};
}

bool same(const nd::NeighbourInfo& a, const nd::NeighbourInfo& b) {
  return a.address == b.address && a.mac == b.mac && a.state == b.state && a.is_router == b.is_router;
}

// One bit of a frame that the checksum covers, or of its IPv6 header's version and lengths, flipped: no
// longer valid. proves: H24 H25
TEST(Robustness, OneFlippedBitInAMessageMakesItInvalid) {
  for (const Frame& valid : valid_frames()) {
    const std::size_t message = valid[14 + 6] == 0 ? 14 + 40 + 8 : 14 + 40;
    for (std::size_t bit = message * 8; bit < valid.size() * 8; ++bit) {
      ReadyLink link;
      link.make_reachable(kHostGlobal, kHost);
      Frame frame = valid;
      frame[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
      link.receive(frame);
      ASSERT_EQ(link.engine.invalid(), 1U) << bit;
      ASSERT_TRUE(link.outputs.empty()) << bit;
      ASSERT_EQ(link.neighbour(kHostGlobal)->mac, kHost) << bit;
    }
  }
}

// proves: H24 H25
TEST(Robustness, ACutOffFrameIsInvalid) {
  for (const Frame& valid : valid_frames()) {
    ReadyLink link;
    link.make_reachable(kHostGlobal, kHost);
    for (std::size_t size = 0; size < valid.size(); ++size)
      link.receive({valid.begin(), valid.begin() + static_cast<std::ptrdiff_t>(size)});
    EXPECT_EQ(link.engine.invalid(), valid.size());
    EXPECT_TRUE(link.outputs.empty());
  }
}

Frame mutated(Frame frame, std::mt19937_64& random) {
  const std::size_t changes = 1 + random() % 4;
  for (std::size_t i = 0; i < changes; ++i) frame[random() % frame.size()] = static_cast<uint8_t>(random());
  if (random() % 4 == 0) frame.resize(random() % (frame.size() + 1));
  if (random() % 8 == 0) frame.resize(frame.size() + random() % 64, static_cast<uint8_t>(random()));
  return frame;
}

// proves: H24 H25
TEST(Robustness, WhatIsCountedAsInvalidChangesNothing) {
  std::mt19937_64 random(24);
  const auto valid = valid_frames();
  std::size_t invalid = 0;
  for (int i = 0; i < 20000; ++i) {
    ReadyLink link({}, 7);
    if (i % 100 == 0) link.make_reachable(kHostGlobal, kHost);
    link.make_reachable(kHostGlobal, kHost);
    const auto before = link.engine.neighbours();
    const auto deadline = link.engine.next_deadline();
    link.receive(mutated(valid[random() % valid.size()], random));
    if (link.engine.invalid() == 0) continue;
    ++invalid;
    const auto after = link.engine.neighbours();
    ASSERT_TRUE(std::ranges::equal(before, after, same));
    ASSERT_EQ(deadline, link.engine.next_deadline());
    ASSERT_TRUE(link.outputs.empty());
  }
  EXPECT_GT(invalid, 15000U);
}

// Random traffic of a few neighbours in all configurations, with time: bounds hold, timers always move on
// (advance() asserts it), and each packet comes back once.
class Traffic {
 public:
  Traffic(nd::LladdrSource source, uint64_t seed)
      : link_({.lladdr_source = source, .max_neighbours = 12, .max_incomplete = 4}, seed), random_(seed) {}

  void step() {
    switch (random_() % 8) {
      case 0:
        return link_.packet(address(), ++packets_);
      case 1:
        return link_.used(address());
      case 2:
        return link_.solicited_by(address(), any_mac(), any_mac());
      case 3:
        return link_.answered_by(address(), any_mac(), static_cast<uint32_t>(random_() & 7U) << 29U,
                                 any_mac());
      case 4:
        return link_.engine.on_router_solicitation(address(), any_mac(), any_mac(), link_.now);
      case 5:
        return own_addresses();
      case 6:
        return link_.receive(mutated(valid_frames()[random_() % 3], random_));
      default:
        return link_.advance(std::chrono::milliseconds(random_() % 5000));
    }
  }
  void check() {
    link_.collect();
    ASSERT_LE(link_.engine.neighbours().size(), 12U);
    const auto incomplete = std::ranges::count_if(
        link_.engine.neighbours(), [](const auto& n) { return n.state == nd::NeighbourState::incomplete; });
    ASSERT_LE(incomplete, 4);
  }
  void finish() {
    link_.engine.flush();
    link_.collect();
    ASSERT_EQ(link_.all<nd::Resume>().size() + link_.all<nd::Discard>().size(), packets_);
  }

 private:
  Ipv6Address address() { return Ipv6Address::from_halves(kOwnGlobal.high(), random_() % 24); }
  MacAddress any_mac() { return MacAddress{{0x02, 0, 0, 0, 0, static_cast<uint8_t>(random_() % 5)}}; }
  void own_addresses() {
    const Ipv6Address own = address();
    if (random_() % 2 == 0) return link_.engine.add_address(own, random_() % 4 == 0, link_.now);
    if (own != kOwnGlobal) link_.engine.remove_address(own, link_.now);
  }
  ReadyLink link_;
  std::mt19937_64 random_;
  std::size_t packets_ = 0;
};

// proves: H33
TEST(Robustness, RandomTrafficKeepsBoundsTimersAndPackets) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Traffic traffic(static_cast<nd::LladdrSource>(seed % 3), seed);
    for (int i = 0; i < 1000; ++i) {
      traffic.step();
      traffic.check();
      if (HasFatalFailure()) FAIL() << "seed " << seed << " step " << i;
    }
    traffic.finish();
  }
}

// Every usable neighbour of the engine is one that the dataplane was told of, with that MAC.
TEST(Robustness, UsableAndGoneTellWhatTheTableHolds) {
  ReadyLink link({.max_neighbours = 8});
  std::mt19937_64 random(5);
  std::map<Ipv6Address, MacAddress> told;
  for (int i = 0; i < 20000; ++i) {
    const auto address = Ipv6Address::from_halves(kOwnGlobal.high(), 0x100 + random() % 16);
    const MacAddress option{{0x02, 0, 0, 0, 1, static_cast<uint8_t>(random() % 3)}};
    const MacAddress ether{{0x02, 0, 0, 0, 1, static_cast<uint8_t>(random() % 3)}};
    if (random() % 2 == 0) link.solicited_by(address, option, ether);
    if (random() % 2 == 0)
      link.answered_by(address, option, static_cast<uint32_t>(random() & 7U) << 29U, ether);
    link.used(address);
    link.advance(std::chrono::milliseconds(random() % 2000));
    for (const auto& output : link.outputs) {
      if (const auto* usable = std::get_if<nd::NeighbourUsable>(&output)) told[usable->address] = usable->mac;
      const auto* gone = std::get_if<nd::NeighbourGone>(&output);
      ASSERT_TRUE(gone == nullptr || told.erase(gone->address) == 1);
    }
    link.forget();
    std::map<Ipv6Address, MacAddress> held;
    for (const auto& info : link.engine.neighbours()) held[info.address] = info.mac;
    ASSERT_EQ(told, held) << i;
  }
}

}  // namespace
}  // namespace gate41::testing
