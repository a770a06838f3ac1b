#include "dataplane/net/checksum.hpp"

#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using Buffer = std::vector<uint8_t>;

// RFC 1071 §4.1: byte pairs, a missing last byte is zero; folded by taking 65535 away.
unsigned one_complement_sum(const Buffer& bytes) {
  unsigned long long sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256U : bytes[i];
  while (sum > 0xffff) sum -= 0xffff;
  return static_cast<unsigned>(sum);
}

Buffer random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Buffer bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

}  // namespace

// RFC 1071 §3
TEST(Checksum, SumsTheExampleOfRfc1071) {
  const Buffer example = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(checksum(example), 0xffff - 0xddf2);
}

TEST(Checksum, OfNothingIsAllOnes) { EXPECT_EQ(checksum(Buffer{}), 0xffff); }

TEST(Checksum, PadsAnOddByteWithZero) {
  EXPECT_EQ(checksum(Buffer{0x12}), 0xffff - 0x1200);
  EXPECT_EQ(checksum(Buffer{0x12, 0x34, 0x56}), 0xffff - (0x1234 + 0x5600));
}

TEST(Checksum, AgreesWithTheFormulaAtEveryLengthAndAlignment) {
  for (unsigned size = 0; size <= 300; ++size)
    for (unsigned shift = 0; shift < 4; ++shift) {
      const Buffer bytes = random_bytes(size + shift, size);
      const Buffer covered(bytes.begin() + shift, bytes.end());
      EXPECT_EQ(checksum(Bytes(bytes).subspan(shift)), 0xffff - one_complement_sum(covered))
          << size << " " << shift;
    }
}

TEST(Checksum, CarriesThroughTheLongestPacketOfOnes) {
  const Buffer ones(65535, 0xff);
  EXPECT_EQ(checksum(ones), 0xffff - one_complement_sum(ones));
}

TEST(Checksum, AddsPartsOfEvenLength) {
  const Buffer bytes = random_bytes(101, 5);
  for (std::size_t cut = 0; cut <= 100; cut += 2) {
    const uint64_t head = checksum_partial(Bytes(bytes).first(cut));
    EXPECT_EQ(checksum_finish(checksum_partial(Bytes(bytes).subspan(cut), head)),
              0xffff - one_complement_sum(bytes));
  }
}

// RFC 1624 §4: the case that eqn. 2 of RFC 1141 gets wrong.
TEST(ChecksumUpdate, SolvesTheExampleOfRfc1624) {
  EXPECT_EQ(checksum_update(0xdd2f, 0x5555, 0x3285), 0x0000);
}

TEST(ChecksumUpdate, EqualsANewSum) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Buffer bytes = random_bytes(40, seed);
    const uint16_t before = checksum(bytes);
    const auto old_word = static_cast<uint16_t>(bytes[10] * 256 + bytes[11]);
    const auto new_word = static_cast<uint16_t>(seed * 7919);
    bytes[10] = static_cast<uint8_t>(new_word / 256);
    bytes[11] = static_cast<uint8_t>(new_word % 256);
    EXPECT_EQ(checksum_update(before, old_word, new_word), checksum(bytes)) << seed;
  }
}

TEST(ChecksumUpdate, IsUndoneByTheOppositeChange) {
  const uint16_t changed = checksum_update(0x1234, 0xabcd, 0x0001);
  EXPECT_EQ(checksum_update(changed, 0x0001, 0xabcd), 0x1234);
}

// A whole UDP packet of the builder, which sums on its own.
TEST(ChecksumIpv6, VerifiesTheBuildersPacketsOfEveryLength) {
  for (std::size_t size = 0; size < 40; ++size) {
    const auto packet =
        PacketBuilder().ipv6(ip6("2600:41::1"), ip6("2002:b00:2::1")).udp(53, 999).payload(size).build();
    const Bytes payload = Bytes(packet).subspan(40);
    EXPECT_EQ(checksum_ipv6(ip6("2600:41::1"), ip6("2002:b00:2::1"), 17, payload), 0) << size;
    EXPECT_NE(checksum_ipv6(ip6("2600:41::2"), ip6("2002:b00:2::1"), 17, payload), 0) << size;
    EXPECT_NE(checksum_ipv6(ip6("2600:41::1"), ip6("2002:b00:2::1"), 18, payload), 0) << size;
  }
}

TEST(ChecksumIpv6, HasTheWholeLengthInThePseudoHeader) {
  const Buffer zeros(70000, 0);
  Buffer covered(40, 0);
  covered[33] = 1;  // 70000 = 0x00011170
  covered[34] = 0x11;
  covered[35] = 0x70;
  covered[39] = 59;
  EXPECT_EQ(checksum_ipv6({}, {}, 59, zeros), 0xffff - one_complement_sum(covered));
}

TEST(ChecksumIpv4Pseudo, VerifiesTheBuildersPackets) {
  const auto packet =
      PacketBuilder().ipv4(ip4("11.0.0.2"), ip4("255.255.255.255")).udp(68, 67).payload(33).build();
  EXPECT_EQ(checksum_ipv4_pseudo(ip4("11.0.0.2"), ip4("255.255.255.255"), 17, Bytes(packet).subspan(20)), 0);
}

}  // namespace gate41::testing
