#include "dataplane/net/flow_hash.hpp"

#include <gtest/gtest.h>
#include <set>

#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

constexpr HashSecret kSecret{0x1234567890abcdefULL, 0x0fedcba987654321ULL, 0x5555aaaa3333ccc1ULL};
constexpr HashSecret kOtherSecret{0x1234567890abcdedULL, 0x0fedcba987654321ULL, 0x5555aaaa3333ccc1ULL};

ParsedPacket hashed(const PacketBuilder& builder, const HashSecret& secret = kSecret) {
  ParsedPacket packet = parse_ipv6_packet(builder.build());
  EXPECT_TRUE(packet.ok());
  hash_flow(secret, packet);
  return packet;
}

const Ipv6Address kInside = ip6("2002:b00:2:1::10");
const Ipv6Address kOutside = ip6("2600:41::80");

Ipv6Address host(unsigned number) { return Ipv6Address::from_halves(kInside.high(), number); }

// How far counts are from even: the largest share over the mean one.
double imbalance(const std::vector<unsigned>& counts, unsigned total) {
  const unsigned most = *std::max_element(counts.begin(), counts.end());
  return double{1} * most * static_cast<double>(counts.size()) / total;
}

}  // namespace

// proves: K56
TEST(FlowHash, IsTheSameInBothDirections) {
  const ParsedPacket out = hashed(PacketBuilder().ipv6(kInside, kOutside).udp(5000, 53));
  const ParsedPacket back = hashed(PacketBuilder().ipv6(kOutside, kInside).udp(53, 5000));
  EXPECT_EQ(out.pair_hash, back.pair_hash);
  EXPECT_EQ(out.signature, back.signature);
}

// proves: K56
TEST(FlowHash, FragmentsHaveTheOwnerOfTheirFlow) {
  const ParsedPacket whole = hashed(PacketBuilder().ipv6(kInside, kOutside).udp(5000, 53));
  const ParsedPacket later =
      hashed(PacketBuilder().ipv6(kInside, kOutside).fragment(1232, false, 7).next_header(17).payload(20));
  EXPECT_EQ(later.pair_hash, whole.pair_hash);
}

// proves: K56
TEST(FlowHash, OwnerIsIndependentOfPortsAndProtocol) {
  const ParsedPacket udp = hashed(PacketBuilder().ipv6(kInside, kOutside).udp(5000, 53));
  const ParsedPacket tcp = hashed(PacketBuilder().ipv6(kInside, kOutside).tcp(5001, 443));
  EXPECT_EQ(udp.pair_hash, tcp.pair_hash);
  EXPECT_NE(udp.signature, tcp.signature);
}

// proves: K21
TEST(FlowHash, WhatIsBehindAnAuthenticationHeaderDoesNotTellPacketsOfAFlowApart) {
  ParsedPacket one = hashed(PacketBuilder().ipv6(kInside, kOutside).udp(5000, 53));
  ParsedPacket other = hashed(PacketBuilder().ipv6(kInside, kOutside).tcp(5001, 443));
  for (ParsedPacket* packet : {&one, &other}) {
    packet->v6.security = ip_proto::kAh;
    hash_flow(kSecret, *packet);
  }
  EXPECT_EQ(one.signature, other.signature);
}

TEST(FlowHash, SignatureTellsProtocolsAndPortsApart) {
  const uint64_t pair = pair_hash(kSecret, kInside, kOutside);
  std::set<uint64_t> seen;
  for (const uint8_t protocol : {ip_proto::kTcp, ip_proto::kUdp})
    for (unsigned port = 1; port <= 1000; ++port)
      seen.insert(flow_signature(kSecret, pair, protocol, static_cast<uint16_t>(port), 53));
  EXPECT_EQ(seen.size(), 2000U);
}

TEST(FlowHash, DependsOnTheSecret) {
  const ParsedPacket one = hashed(PacketBuilder().ipv6(kInside, kOutside).udp(5000, 53));
  const ParsedPacket other = hashed(PacketBuilder().ipv6(kInside, kOutside).udp(5000, 53), kOtherSecret);
  EXPECT_NE(one.pair_hash, other.pair_hash);
  EXPECT_NE(one.signature, other.signature);
}

// A difference moved from the one address to the other, which XOR and sums would not see.
TEST(FlowHash, CannotBeSteeredByMovingADifference) {
  std::set<uint64_t> seen;
  for (unsigned bits = 0; bits < 1000; ++bits) {
    const Ipv6Address a = Ipv6Address::from_halves(kInside.high(), 0x1000 ^ bits);
    const Ipv6Address b = Ipv6Address::from_halves(kOutside.high(), 0x2000 ^ bits);
    seen.insert(pair_hash(kSecret, a, b));
  }
  EXPECT_EQ(seen.size(), 1000U);
}

// Two keys that collide in the low bits under one secret do not under another: no affine hash.
TEST(FlowHash, CollisionsDoNotOutliveTheSecret) {
  unsigned kept = 0;
  unsigned collisions = 0;
  for (unsigned a = 0; a < 400; ++a)
    for (unsigned b = a + 1; b < 400; ++b) {
      const auto low = [&](const HashSecret& secret, unsigned n) {
        return pair_hash(secret, host(n), kOutside) >> 56U;
      };
      if (low(kSecret, a) != low(kSecret, b)) continue;
      ++collisions;
      if (low(kOtherSecret, a) == low(kOtherSecret, b)) ++kept;
    }
  ASSERT_GT(collisions, 100U);
  EXPECT_LT(kept, collisions / 10);
}

// proves: K56
TEST(OwnerOf, IsAWorkerAndSpreadsHosts) {
  for (const unsigned workers : {1U, 2U, 3U, 4U, 7U, 16U}) {
    std::vector<unsigned> counts(workers);
    for (unsigned i = 0; i < 8000; ++i) {
      const unsigned owner = owner_of(pair_hash(kSecret, host(i + 1), kOutside), workers);
      ASSERT_LT(owner, workers);
      ++counts[owner];
    }
    EXPECT_LT(imbalance(counts, 8000), 1.3) << workers;
  }
}

TEST(OwnerOf, StaysInRangeAtTheEnds) {
  EXPECT_EQ(owner_of(0, 4), 0U);
  EXPECT_EQ(owner_of(~uint64_t{0}, 4), 3U);
}

// proves: K56
// Within one worker's share the signature still uses all buckets: it does not follow from the owner's bits.
TEST(FlowHash, SignatureIsIndependentOfTheOwner) {
  std::vector<unsigned> buckets(64);
  unsigned total = 0;
  for (unsigned i = 0; i < 40000; ++i) {
    const uint64_t pair = pair_hash(kSecret, host(i + 1), kOutside);
    if (owner_of(pair, 4) != 0) continue;
    ++buckets[static_cast<uint32_t>(flow_signature(kSecret, pair, 6, 40000, 443)) % 64];
    ++total;
  }
  EXPECT_LT(imbalance(buckets, total), 1.5);
}

// proves: K56
TEST(FlowHash, SignatureSpreadsTheFlowsOfOnePair) {
  std::vector<unsigned> buckets(256);
  const uint64_t pair = pair_hash(kSecret, kInside, kOutside);
  for (unsigned port = 1024; port < 34000; ++port)
    ++buckets[static_cast<uint32_t>(flow_signature(kSecret, pair, 6, static_cast<uint16_t>(port), 443)) %
              256];
  EXPECT_LT(imbalance(buckets, 34000 - 1024), 1.6);
}

}  // namespace gate41::testing
