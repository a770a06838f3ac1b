#include "dataplane/net/reassembler.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>
#include <tuple>
#include <vector>

#include "dataplane/net/fragment.hpp"
#include "dataplane/net/parse.hpp"
#include "tests/support/ipv4_fragments.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using State = Reassembler::State;
using Result = Reassembler::Result;

constexpr TimePoint kStart{std::chrono::seconds(1000)};
const Ipv4Address kPeer = ip4("11.0.3.99");
const Ipv4Address kFlooder = ip4("11.66.6.6");
const Ipv4Address kOwn = ip4("11.0.0.2");

Packet4 packet_of(std::size_t payload, uint16_t id = 7, Ipv4Address source = kPeer, Ipv4Address to = kOwn) {
  std::vector<uint8_t> bytes(payload);
  for (std::size_t i = 0; i < payload; ++i) bytes[i] = static_cast<uint8_t>(i * 7 + i / 251 + id);
  return PacketBuilder().ipv4(source, to).id(id).next_header(ip_proto::kIpv6).payload(bytes).build();
}
Packet4 copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// A reassembler, and the balance of what went in.
struct Bench {
  explicit Bench(std::size_t buckets = 2) : reassembler(HashSecret{}, buckets) {}

  Result add(const Packet4& fragment) {
    const ParsedPacket parsed = parse_ipv4_packet(fragment);
    EXPECT_TRUE(parsed.ok());
    return add(parsed.v4, fragment);
  }
  Result add(const Ipv4Fields& fields, const Packet4& fragment) {
    Result result = reassembler.add(fragment_of(fields, fragment), now);
    if (result.state == State::whole) result.packet = make_whole_ipv4(result.packet, result.marked);
    ++in;
    if (result.state == State::refused) ++out;
    if (result.state == State::whole) out += result.parts + 1;
    out += result.lost.fragments;
    lost += result.lost.fragments;
    EXPECT_EQ(reassembler.held(), in - out);
    return result;
  }
  void expect_held(const Packet4& fragment) { EXPECT_EQ(add(fragment).state, State::held); }
  void expect_whole(const Packet4& fragment, const Packet4& whole) {
    const Result result = add(fragment);
    ASSERT_EQ(result.state, State::whole);
    EXPECT_EQ(copy(result.packet), whole);
  }
  void expect_refused(const Packet4& fragment, DropReason reason) {
    const Result result = add(fragment);
    ASSERT_EQ(result.state, State::refused);
    EXPECT_EQ(text_of(result.reason).name, text_of(reason).name);
  }
  uint32_t expire() {
    const uint32_t fragments = reassembler.expire(now);
    out += fragments;
    return fragments;
  }
  // As the worker does in every turn.
  uint32_t pass(Duration time) {
    constexpr Duration kTurn = std::chrono::milliseconds(20);
    uint32_t expired = 0;
    for (const TimePoint end = now + time; now < end;) {
      now += std::min(kTurn, end - now);
      expired += expire();
    }
    return expired;
  }

  Reassembler reassembler;
  TimePoint now = kStart;
  uint64_t in = 0, out = 0, lost = 0;
};

// proves: D24 D26
TEST(Reassembler, EveryOrderOfTheFragmentsGivesThePacket) {
  const Packet4 whole = packet_of(1013);
  const std::vector<Packet4> fragments = ipv4_fragments(whole, {8, 400, 1008});
  std::vector<std::size_t> order = {0, 1, 2, 3};
  Bench bench;
  do {
    for (std::size_t i = 0; i < 3; ++i) bench.expect_held(fragments[order[i]]);
    bench.expect_whole(fragments[order[3]], whole);
    EXPECT_EQ(bench.reassembler.datagrams(), 0U);
  } while (std::ranges::next_permutation(order).found);
}

std::vector<std::size_t> random_cuts(std::mt19937_64& random, std::size_t payload) {
  std::vector<std::size_t> cuts;
  const std::size_t often = 1 + random() % 40;
  for (std::size_t at = 8; at < payload; at += 8)
    if (random() % often == 0) cuts.push_back(at);
  return cuts;
}

// proves: D24 D26
TEST(Reassembler, RandomCutsInRandomOrderWithDuplicatesGiveThePacket) {
  std::mt19937_64 random(41);
  Bench bench;
  for (uint16_t round = 0; round < 2000; ++round) {
    const Packet4 whole = packet_of(1 + random() % kMaxReassembled, round);
    std::vector<Packet4> fragments = ipv4_fragments(whole, random_cuts(random, whole.size() - 20));
    if (fragments.size() == 1) continue;
    std::ranges::shuffle(fragments, random);
    for (std::size_t i = 0; i + 1 < fragments.size(); ++i) {
      bench.expect_held(fragments[i]);
      bench.expect_refused(fragments[random() % (i + 1)], DropReason::fragment_duplicate);
    }
    bench.expect_whole(fragments.back(), whole);
  }
}

// proves: D26
TEST(Reassembler, TheSmallestFragmentsAreTaken) {
  const Packet4 whole = packet_of(kMaxReassembled);
  Bench bench;
  for (std::size_t at = 0; at + 8 < kMaxReassembled; at += 8)
    bench.expect_held(ipv4_fragment(whole, at, 8, true));
  bench.expect_whole(ipv4_fragment(whole, kMaxReassembled - 8, 8, false), whole);
}

// proves: D23 D24 D25
TEST(Reassembler, ThereIsRoomForAnIpv6PacketOf1500BytesAndMore) {
  static_assert(kMaxReassembled >= 1500);
  const Packet4 longest = packet_of(kMaxReassembled);
  Bench bench;
  bench.expect_held(ipv4_fragment(longest, 0, 1480, true));
  bench.expect_whole(ipv4_fragment(longest, 1480, kMaxReassembled - 1480, false), longest);
}

// proves: D26
TEST(Reassembler, WhatEndsPastTheLongestPacketIsRefusedAlone) {
  const Packet4 too_long = packet_of(kMaxReassembled + 1);
  const Packet4 longest = packet_of(kMaxReassembled);
  Bench bench;
  bench.expect_held(ipv4_fragment(longest, 0, 1480, true));
  bench.expect_refused(ipv4_fragment(too_long, 1480, kMaxReassembled + 1 - 1480, false),
                       DropReason::fragment_too_long);
  bench.expect_whole(ipv4_fragment(longest, 1480, kMaxReassembled - 1480, false), longest);
}

// proves: D26
TEST(Reassembler, MalformedFragmentsHarmNoDatagram) {
  const Packet4 whole = packet_of(100);
  Bench bench;
  bench.expect_held(ipv4_fragment(whole, 0, 48, true));
  bench.expect_refused(ipv4_fragment(whole, 48, 0, false), DropReason::fragment_malformed);
  bench.expect_refused(ipv4_fragment(whole, 48, 0, true), DropReason::fragment_malformed);
  bench.expect_refused(ipv4_fragment(whole, 48, 12, true), DropReason::fragment_malformed);
  bench.expect_whole(ipv4_fragment(whole, 48, 52, false), whole);
}

// proves: D26
TEST(Reassembler, TheSameBytesAgainAreADuplicateHoweverTheyAreCut) {
  const Packet4 whole = packet_of(61);
  Bench bench;
  bench.expect_held(ipv4_fragment(whole, 32, 29, false));
  bench.expect_held(ipv4_fragment(whole, 8, 16, true));
  for (const auto& [offset, length, more] :
       {std::tuple{8U, 16U, true}, {8U, 8U, true}, {16U, 8U, true}, {32U, 29U, false}, {40U, 21U, false}})
    bench.expect_refused(ipv4_fragment(whole, offset, length, more), DropReason::fragment_duplicate);
  bench.expect_held(ipv4_fragment(whole, 0, 8, true));
  bench.expect_whole(ipv4_fragment(whole, 24, 8, true), whole);
}

struct Contradiction {
  const char* what;
  std::vector<Packet4> held;
  Packet4 last;
};

std::vector<Contradiction> contradictions() {
  const Packet4 a = packet_of(64);
  Packet4 b = a;
  b[20 + 20] ^= 1U;  // payload byte 20
  return {
      {"begins inside", {ipv4_fragment(a, 0, 24, true)}, ipv4_fragment(a, 16, 48, false)},
      {"ends inside", {ipv4_fragment(a, 32, 16, true)}, ipv4_fragment(a, 24, 16, true)},
      {"covers", {ipv4_fragment(a, 16, 8, true)}, ipv4_fragment(a, 8, 24, true)},
      {"fills a gap and more",
       {ipv4_fragment(a, 0, 8, true), ipv4_fragment(a, 16, 8, true)},
       ipv4_fragment(a, 0, 24, true)},
      {"other bytes", {ipv4_fragment(a, 16, 8, true)}, ipv4_fragment(b, 16, 8, true)},
      {"other bytes, contained", {ipv4_fragment(a, 0, 32, true)}, ipv4_fragment(b, 16, 8, true)},
      {"the last one was not", {ipv4_fragment(a, 16, 8, true)}, ipv4_fragment(a, 16, 8, false)},
      {"past the end", {ipv4_fragment(a, 16, 8, false)}, ipv4_fragment(a, 24, 8, true)},
      {"a later end", {ipv4_fragment(a, 16, 8, false)}, ipv4_fragment(a, 24, 8, false)},
      {"an earlier end", {ipv4_fragment(a, 16, 16, false)}, ipv4_fragment(a, 8, 8, false)},
      {"an end within the last block", {ipv4_fragment(a, 16, 7, false)}, ipv4_fragment(a, 16, 8, true)},
      {"an end before what came", {ipv4_fragment(a, 32, 8, true)}, ipv4_fragment(a, 8, 8, false)},
  };
}

// proves: D26
TEST(Reassembler, WhatContradictsEndsTheDatagramAndAllThatIsToComeOfIt) {
  for (const Contradiction& one : contradictions()) {
    SCOPED_TRACE(one.what);
    Bench bench;
    for (const Packet4& fragment : one.held) bench.expect_held(fragment);
    const Result result = bench.add(one.last);
    EXPECT_EQ(result.state, State::refused);
    EXPECT_EQ(text_of(result.reason).name, "fragment_overlap");
    EXPECT_EQ(result.lost.fragments, one.held.size());
    EXPECT_EQ(text_of(result.lost.reason).name, "fragment_overlap");
    const Packet4 whole = packet_of(64);
    bench.expect_refused(ipv4_fragment(whole, 0, 32, true), DropReason::fragment_overlap);
    EXPECT_EQ(bench.pass(kReassemblyTime + Reassembler::kExpiryRound), 0U);
    EXPECT_EQ(bench.reassembler.datagrams(), 0U);
    bench.expect_held(ipv4_fragment(whole, 0, 32, true));
    bench.expect_whole(ipv4_fragment(whole, 32, 32, false), whole);
  }
}

// RFC 3168 §5.3: CE marks the whole; Not-ECT goes with nothing else.
// proves: D26
TEST(Reassembler, TheCongestionMarksOfAllFragmentsDecideInAll64Cases) {
  constexpr uint8_t kCe = 3;
  Bench bench;
  for (unsigned cell = 0; cell < 64; ++cell) {
    const std::array<uint8_t, 3> ecn = {static_cast<uint8_t>(cell & 3U),
                                        static_cast<uint8_t>(cell >> 2U & 3U),
                                        static_cast<uint8_t>(cell >> 4U)};
    const Packet4 whole =
        with_tos(packet_of(24, static_cast<uint16_t>(cell)), static_cast<uint8_t>(0xb8 | ecn[0]));
    const std::vector<Packet4> fragments = ipv4_fragments(whole, {8, 16});
    const auto not_capable = std::ranges::count(ecn, 0);
    const bool mixed = not_capable != 0 && not_capable != 3;
    const uint8_t expected = std::ranges::count(ecn, kCe) > 0 ? kCe : ecn[0];
    Result result;
    for (std::size_t i : {2U, 1U, 0U})
      result = bench.add(with_tos(fragments[i], static_cast<uint8_t>((i == 0 ? 0xb8 : 0) | ecn[i])));
    ASSERT_EQ(result.state, mixed ? State::refused : State::whole) << cell;
    if (mixed)
      EXPECT_EQ(text_of(result.reason).name, "fragment_ecn_mixed");
    else
      EXPECT_EQ(copy(result.packet), with_tos(whole, static_cast<uint8_t>(0xb8 | expected))) << cell;
  }
}

TEST(Reassembler, TheHeaderIsThatOfTheFirstFragmentWithItsOptions) {
  const std::vector<uint8_t> payload(40, 0xaa);
  const Packet4 whole =
      PacketBuilder().ipv4(kPeer, kOwn).id(3).ttl(9).ipv4_options({1, 1, 1, 0}).payload(payload).build();
  const Packet4 without_options = PacketBuilder().ipv4(kPeer, kOwn).id(3).ttl(200).payload(payload).build();
  Bench bench;
  bench.expect_held(ipv4_fragment(without_options, 16, 24, false));
  bench.expect_whole(ipv4_fragment(whole, 0, 16, true), whole);
}

// proves: D26
TEST(Reassembler, OnlyFragmentsOfOnePacketMeet) {
  const Packet4 whole = packet_of(64);
  Bench bench;
  bench.expect_held(ipv4_fragment(whole, 0, 32, true));
  bench.expect_held(ipv4_fragment(packet_of(64, 8), 32, 32, false));
  bench.expect_held(ipv4_fragment(packet_of(64, 7, ip4("11.0.3.98")), 32, 32, false));
  bench.expect_held(ipv4_fragment(packet_of(64, 7, kPeer, ip4("11.0.0.3")), 32, 32, false));
  bench.expect_whole(ipv4_fragment(whole, 32, 32, false), whole);
}

// proves: D26
TEST(Reassembler, ADatagramThatIsNotWholeAfterThirtySecondsIsGivenUp) {
  const Packet4 whole = packet_of(64);
  Bench bench;
  bench.expect_held(ipv4_fragment(whole, 0, 8, true));
  bench.pass(std::chrono::seconds(20));
  bench.expect_held(ipv4_fragment(whole, 8, 8, true));  // prolongs nothing
  EXPECT_EQ(bench.pass(std::chrono::milliseconds(9900)), 0U);
  EXPECT_EQ(bench.pass(std::chrono::milliseconds(100) + Reassembler::kExpiryRound), 2U);
  EXPECT_EQ(bench.reassembler.datagrams(), 0U);
}

// proves: D26
TEST(Reassembler, WhatComesAfterThirtySecondsJoinsNothing) {
  const Packet4 whole = packet_of(64);
  Bench bench;
  bench.expect_held(ipv4_fragment(whole, 0, 32, true));
  bench.now += kReassemblyTime;
  const Result result = bench.add(ipv4_fragment(whole, 32, 32, false));
  EXPECT_EQ(result.state, State::held);
  EXPECT_EQ(result.lost.fragments, 1U);
  EXPECT_EQ(text_of(result.lost.reason).name, "fragment_timeout");
}

// First fragments of eight bytes, each of another packet.
class Flood {
 public:
  explicit Flood(Bench& bench) : bench_(bench), fields_(parse_ipv4_packet(fragment_).v4) {}
  void send(Ipv4Address source, uint32_t id) {
    fields_.source = source;
    fields_.id = static_cast<uint16_t>(id);
    bench_.add(fields_, fragment_);
  }

 private:
  Bench& bench_;
  Packet4 fragment_ = ipv4_fragment(packet_of(16), 0, 8, true);
  Ipv4Fields fields_;
};

// proves: D26
TEST(Reassembler, OneCallOfExpiryDoesABoundedAmountOfWork) {
  Bench bench(8);
  Flood flood(bench);
  for (uint32_t i = 0; i < 4096; ++i) flood.send(Ipv4Address(Be32(0x0b000000U + i)), 1);
  ASSERT_EQ(bench.reassembler.datagrams(), bench.reassembler.capacity());
  bench.now += std::chrono::hours(1);
  for (std::size_t left = bench.reassembler.capacity(); left > 0; left -= Reassembler::kExpirySlice)
    ASSERT_EQ(bench.expire(), Reassembler::kExpirySlice);
  EXPECT_EQ(bench.reassembler.datagrams(), 0U);
}

// proves: D26
TEST(Reassembler, ASourceHasHalfOfABucketAndItsOwnOldestGoesFirst) {
  Bench bench(1);
  const auto first_of = [](std::size_t id) {
    return ipv4_fragment(packet_of(64, static_cast<uint16_t>(id)), 0, 32, true);
  };
  for (std::size_t id = 0; id < Reassembler::kShare; ++id) {
    bench.expect_held(first_of(id));
    bench.now += std::chrono::milliseconds(1);
  }
  const Result result = bench.add(first_of(Reassembler::kShare));
  EXPECT_EQ(result.state, State::held);
  EXPECT_EQ(result.lost.fragments, 1U);
  EXPECT_EQ(text_of(result.lost.reason).name, "fragment_evicted");
  EXPECT_EQ(bench.reassembler.datagrams(), Reassembler::kShare);
  bench.expect_whole(ipv4_fragment(packet_of(64, 1), 32, 32, false), packet_of(64, 1));
  bench.expect_held(ipv4_fragment(packet_of(64, 0), 32, 32, false));
}

// In one bucket with the flooder, which is the worst place to be.
// proves: D26
TEST(Reassembler, AFloodOfAMillionFirstFragmentsFromOneSourceHarmsNoOther) {
  Bench bench(1);
  Flood flood(bench);
  const Packet4 early = packet_of(64, 1);
  const Packet4 late = packet_of(64, 2);
  bench.expect_held(ipv4_fragment(early, 0, 32, true));
  for (uint32_t i = 0; i < 1'000'000; ++i) {
    flood.send(kFlooder, i);
    if (i == 999'990) bench.expect_held(ipv4_fragment(late, 32, 32, false));
    if (i % 1000 == 0) bench.now += std::chrono::milliseconds(1);
    ASSERT_LE(bench.reassembler.held(), Reassembler::kShare + 2);
  }
  bench.expect_whole(ipv4_fragment(early, 32, 32, false), early);
  bench.expect_whole(ipv4_fragment(late, 0, 32, true), late);
}

// proves: D26
TEST(Reassembler, InAFloodFromAMillionSourcesPartsThatComeCloseTogetherStillMeet) {
  Bench bench(Reassembler::kBuckets);
  Flood flood(bench);
  for (uint32_t i = 0; i < 1'000'000; ++i) {
    const bool good = i % 1000 == 0;
    const Packet4 whole = good ? packet_of(64, static_cast<uint16_t>(i)) : Packet4{};
    if (good) bench.expect_held(ipv4_fragment(whole, 0, 32, true));
    flood.send(Ipv4Address(Be32(0x0c000000U + i)), 1);
    if (good) bench.expect_whole(ipv4_fragment(whole, 32, 32, false), whole);
    if (i % 100 == 0) bench.now += std::chrono::milliseconds(1);
    bench.expire();
    ASSERT_LE(bench.reassembler.held(), bench.reassembler.capacity());
  }
}

}  // namespace
}  // namespace gate41::testing
