#include "dataplane/tunnel/outer_header.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using Bytes = std::vector<uint8_t>;

OuterFields fields() {
  OuterFields fields;
  fields.destination_mac = mac("02:00:00:00:00:0a");
  fields.source_mac = mac("02:00:00:00:00:0b");
  fields.source = ip4("11.0.0.2");
  fields.destination = ip4("192.88.99.1");
  return fields;
}

Bytes build(const OuterFields& fields) {
  std::array<uint8_t, kMaxTemplate> buffer{};
  const std::size_t length = build_outer_template(buffer, fields);
  return Bytes(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(length));
}

Bytes patched(const OuterFields& fields, const OuterPatch& patch) {
  const Bytes frame = build(fields);
  std::array<uint8_t, 20> header{};
  std::copy(frame.end() - 20, frame.end(), header.begin());
  patch_outer(header, patch);
  return Bytes(header.begin(), header.end());
}

struct Expected {
  unsigned total_length;
  unsigned id = 0;
  unsigned tos = 0;
  unsigned flags = 0;
  std::array<unsigned, 4> source = {11, 0, 0, 2};
  std::array<unsigned, 4> destination = {192, 88, 99, 1};
};

// RFC 791 §3.1 as a formula: ten words, and the complement of their one's complement sum.
Bytes header_of(const Expected& e) {
  std::array<unsigned, 10> words = {0x4500 + e.tos,
                                    e.total_length,
                                    e.id,
                                    e.flags,
                                    64 * 256 + 41,
                                    0,
                                    e.source[0] * 256 + e.source[1],
                                    e.source[2] * 256 + e.source[3],
                                    e.destination[0] * 256 + e.destination[1],
                                    e.destination[2] * 256 + e.destination[3]};
  unsigned sum = 0;
  for (const unsigned word : words) sum += word;
  while (sum > 0xffff) sum -= 0xffff;
  words[5] = 0xffff - sum;
  Bytes bytes;
  for (const unsigned word : words) {
    bytes.push_back(static_cast<uint8_t>(word / 256));
    bytes.push_back(static_cast<uint8_t>(word % 256));
  }
  return bytes;
}

}  // namespace

// proves: D14 A9
TEST(OuterTemplate, IsEthernetAndIpv4WithoutLengthIdAndChecksum) {
  const Bytes expected = {2,    0, 0,   0,  0,  0x0a, 2, 0, 0,  0,  0, 0x0b, 8,  0,  // Ethernet
                          0x45, 0, 0,   0,  0,  0,    0, 0, 64, 41, 0, 0,    11, 0,
                          0,    2, 192, 88, 99, 1};  // IPv4
  EXPECT_EQ(build(fields()), expected);
}

TEST(OuterTemplate, HasTheVlanTag) {
  OuterFields tagged = fields();
  tagged.vlan = 0x123;
  const Bytes frame = build(tagged);
  ASSERT_EQ(frame.size(), 38U);
  EXPECT_EQ(Bytes(frame.begin() + 12, frame.begin() + 19), (Bytes{0x81, 0, 0x01, 0x23, 0x08, 0, 0x45}));
}

TEST(OuterTemplate, SetsDontFragmentWhenAsked) {
  OuterFields anycast = fields();
  anycast.dont_fragment = true;
  EXPECT_EQ(build(anycast)[20], 0x40);
  EXPECT_EQ(build(fields())[20], 0x00);
}

TEST(OuterTemplate, CarriesTtlAndTos) {
  OuterFields other = fields();
  other.ttl = 17;
  other.tos = 0xb8;
  EXPECT_EQ(build(other)[15], 0xb8);
  EXPECT_EQ(build(other)[22], 17);
}

// proves: D14
TEST(PatchOuter, WritesTheHeaderOfEveryLengthByteForByte) {
  for (unsigned inner = 40; inner <= 1500; ++inner) {
    OuterPatch patch;
    patch.inner_length = static_cast<uint16_t>(inner);
    patch.id = static_cast<uint16_t>(inner * 77);
    EXPECT_EQ(patched(fields(), patch), header_of({.total_length = inner + 20, .id = inner * 77 % 65536}))
        << inner;
  }
}

// proves: D14
TEST(PatchOuter, ReachesTheLargestIpv4Packet) {
  OuterPatch patch;
  patch.inner_length = 65535 - 20;
  EXPECT_EQ(patched(fields(), patch), header_of({.total_length = 65535}));
}

// proves: F9
TEST(PatchOuter, ChecksumCoversEveryTos) {
  for (unsigned tos = 0; tos < 256; ++tos) {
    OuterPatch patch;
    patch.inner_length = 61;
    patch.tos = static_cast<uint8_t>(tos);
    EXPECT_EQ(patched(fields(), patch), header_of({.total_length = 81, .tos = tos})) << tos;
  }
}

// proves: A10
TEST(PatchOuter, TakesTheDestinationOfASite) {
  OuterPatch patch;
  patch.inner_length = 100;
  patch.destination = ip4("12.34.56.78");
  EXPECT_EQ(patched(fields(), patch), header_of({.total_length = 120, .destination = {12, 34, 56, 78}}));
}

TEST(PatchOuter, TakesTheSourceOfAnAnswer) {
  OuterPatch patch;
  patch.inner_length = 100;
  patch.source = ip4("11.0.0.3");
  EXPECT_EQ(patched(fields(), patch), header_of({.total_length = 120, .source = {11, 0, 0, 3}}));
}

TEST(PatchOuter, KeepsDontFragment) {
  OuterFields anycast = fields();
  anycast.dont_fragment = true;
  EXPECT_EQ(patched(anycast, {.inner_length = 40}), header_of({.total_length = 60, .flags = 0x4000}));
}

// The same packet twice: nothing of the first patch may enter the second one's sum.
TEST(PatchOuter, DoesNotDependOnAnEarlierPatch) {
  const Bytes frame = build(fields());
  std::array<uint8_t, 20> header{};
  std::copy(frame.end() - 20, frame.end(), header.begin());
  patch_outer(header, {.inner_length = 1000, .id = 7, .tos = 3});
  patch_outer(header, {.inner_length = 41, .id = 8});
  EXPECT_EQ(Bytes(header.begin(), header.end()), header_of({.total_length = 61, .id = 8}));
}

// proves: F1
TEST(OuterTos, CopiesEcnInNormalMode) {
  for (unsigned traffic_class = 0; traffic_class < 256; ++traffic_class)
    EXPECT_EQ(outer_tos(static_cast<uint8_t>(traffic_class), false, false, 0), traffic_class % 4);
}

// proves: F2
TEST(OuterTos, IsNotEctInCompatibilityMode) {
  for (unsigned traffic_class = 0; traffic_class < 256; ++traffic_class)
    EXPECT_EQ(outer_tos(static_cast<uint8_t>(traffic_class), true, false, 0), 0);
}

// proves: F8 X15
TEST(OuterTos, CopiesDscpInUniformMode) {
  for (unsigned traffic_class = 0; traffic_class < 256; ++traffic_class)
    EXPECT_EQ(outer_tos(static_cast<uint8_t>(traffic_class), true, true, 46), traffic_class / 4 * 4);
}

// proves: F8 X15
TEST(OuterTos, HasTheFixedDscpInPipeMode) {
  EXPECT_EQ(outer_tos(0xff, true, false, 46), 46 * 4);
  EXPECT_EQ(outer_tos(0xff, false, false, 63), 255);
  EXPECT_EQ(outer_tos(0x02, false, false, 10), 42);
}

}  // namespace gate41::testing
