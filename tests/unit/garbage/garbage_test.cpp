// Mutated frames through the whole pipeline: nothing is read past an end, nothing is lost, and good packets
// pass afterwards. GATE41_GARBAGE_FRAMES and GATE41_GARBAGE_SEED change how many and which.
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

#include "dataplane/worker/stages.hpp"
#include "tests/unit/garbage/exact_buffer.hpp"
#include "tests/unit/garbage/mutator.hpp"
#include "tests/unit/garbage/seeds.hpp"
#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

uint64_t from_environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Half of the frames, for each of the two boxes.
uint64_t frames_each() { return from_environment("GATE41_GARBAGE_FRAMES", 200000) / 2; }

// Whole, with or without room in front for an outer header; or cut at random.
rte_mbuf* random_mbuf(Mutator& mutator, Harness& site, const Frame& frame) {
  constexpr std::size_t kRoom = 64;
  if (mutator.below(3) != 0) return exact_mbuf(site.pool(), frame, mutator.below(2) * kRoom);
  std::vector<std::size_t> cuts(1 + mutator.below(4));
  for (std::size_t& cut : cuts) cut = mutator.below(frame.size() + 1);
  std::ranges::sort(cuts);
  return exact_chain(site.pool(), frame, cuts);
}

void send_burst(Mutator& mutator, Harness& site, const std::vector<Seed>& seeds) {
  std::vector<rte_mbuf*> burst(1 + mutator.below(kBurst));
  const uint16_t device = mutator.below(2) == 0 ? kWanDevice : kLanDevice;
  for (rte_mbuf*& mbuf : burst) {
    const Seed* seed = nullptr;
    do seed = &seeds[mutator.below(seeds.size())];
    while (seed->device != device);
    mbuf = random_mbuf(mutator, site, mutator.mutate(seed->frame));
  }
  site.receive_mbufs(device, burst);
  site.now += std::chrono::milliseconds(mutator.below(20));
  site.pipeline->tick(site.now);
}

void send_garbage(Harness& site, const std::vector<Seed>& seeds, uint64_t salt) {
  const uint64_t seed = from_environment("GATE41_GARBAGE_SEED", 41) + salt;
  std::cout << "seed " << seed << ", " << frames_each() << " frames\n";
  Mutator mutator(seed);
  while (site.totals().rx < frames_each() && !::testing::Test::HasFailure()) send_burst(mutator, site, seeds);
}

// Garbage that is let through everywhere, or nowhere, would prove nothing.
void expect_some_of_each(const CounterTotals& totals) {
  EXPECT_GT(totals.tx, totals.rx / 50);
  EXPECT_GT(totals.dropped, totals.rx / 10);
  EXPECT_GT(totals.punted, 0U);
  unsigned reasons = 0;
  for (const uint64_t count : totals.drops)
    if (count > 0) ++reasons;
  EXPECT_GT(reasons, 20U);
}

// The frame behind the outer header, whose id is whatever it is by now.
Frame without_outer(const Frame& frame) { return {frame.begin() + 34, frame.end()}; }

// proves: D14 D28 K53 K54
TEST(Garbage, TheGatewaySurvivesItAndGoodPacketsPassAfterwards) {
  GatewaySite site;
  send_garbage(site, gateway_seeds(), 0);
  expect_some_of_each(site.totals());
  const auto good = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kHost, kServer).hop_limit(hop_limit).udp(50001, 9090).payload(20);
  };
  const Outcome outcome = site.host_sends(good(GatewaySite::from_host(), 64));
  ASSERT_EQ(outcome.sent.size(), 1U);
  EXPECT_EQ(hex(without_outer(outcome.sent.front().bytes)), hex(good({}, 63).build()));
  const auto answer = [](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kServer, kHost).hop_limit(hop_limit).udp(9090, 50001).payload(20);
  };
  expect_sent(site.wan_sends(answer(GatewaySite::from_wan(), 64)), kLanDevice,
              answer(GatewaySite::to_host(), 63));
}

// proves: D14 D28 B22
TEST(Garbage, TheRelaySurvivesItAndGoodPacketsPassAfterwards) {
  RelaySite site;
  send_garbage(site, relay_seeds(), 1);
  expect_some_of_each(site.totals());
  const Ipv6Address far = ip6("2600:42::80");
  const auto good = [&](PacketBuilder start, uint8_t hop_limit) {
    return start.ipv6(kSite, far).hop_limit(hop_limit).udp(1, 2).payload(20);
  };
  expect_sent(site.wan_sends(good(RelaySite::from_site(), 64)), kLanDevice, good(RelaySite::to_native(), 63));
}

TEST(Garbage, TheSameSeedMakesTheSameFrames) {
  Mutator one(7);
  Mutator other(7);
  for (const Seed& seed : gateway_seeds()) ASSERT_EQ(one.mutate(seed.frame), other.mutate(seed.frame));
}

#if defined(__SANITIZE_ADDRESS__)
// A stage as it must not be: it looks at the byte behind the frame.
uint8_t overreading_stage(const Packet& packet) {
  const Bytes bytes = bytes_from(packet, 0);
  return *(bytes.data() + bytes.size());
}

// Without this the silence of the tests above would prove nothing.
TEST(GarbageDeathTest, OneByteTooManyIsReported) {
  GatewaySite site;
  Packet packet;
  packet.mbuf = exact_mbuf(site.pool(), gateway_seeds().front().frame, 0);
  EXPECT_DEATH(
      {
        volatile const uint8_t byte = overreading_stage(packet);
        (void)byte;
      },
      "heap-buffer-overflow");
  rte_pktmbuf_free(packet.mbuf);
}
#endif

}  // namespace
}  // namespace gate41::testing
