// Option areas: RFC 2132 §2, RFC 3396.
#include "control/dhcp/options.hpp"

#include <gtest/gtest.h>
#include <numeric>

#include "tests/unit/dhcp/scripted_server.hpp"

namespace gate41::testing {
namespace {

Octets counting(std::size_t size) {
  Octets value(size);
  std::iota(value.begin(), value.end(), uint8_t{1});
  return value;
}

Octets found(const dhcp::Options& options, uint8_t code) {
  const auto value = options.find(code);
  return value ? Octets(value->begin(), value->end()) : Octets{};
}

class OptionSize : public ::testing::TestWithParam<std::size_t> {};

// proves: M15
TEST_P(OptionSize, SurvivesTheRoundTrip) {
  const Octets value = counting(GetParam());
  Octets area(2048);
  Writer writer(area);
  dhcp::write_option(writer, 61, value);
  dhcp::Options options;
  ASSERT_TRUE(options.add(writer.written()));
  EXPECT_EQ(found(options, 61), value);
}

// proves: M15
TEST_P(OptionSize, GoesOutInPiecesOfAtMost255Bytes) {
  const std::size_t size = GetParam();
  Octets area(2048);
  Writer writer(area);
  dhcp::write_option(writer, 61, counting(size));
  const std::size_t pieces = size == 0 ? 1 : (size + 254) / 255;
  EXPECT_EQ(writer.size(), size + 2 * pieces);
}

INSTANTIATE_TEST_SUITE_P(Edges, OptionSize, ::testing::Values(0, 1, 254, 255, 256, 509, 510, 511, 766));

// proves: M15
TEST(DhcpOptions, JoinsPiecesInTheOrderOfTheirComing) {
  dhcp::Options options;
  ASSERT_TRUE(options.add(joined({tlv(121, {1, 2}), tlv(3, {11, 0, 0, 1}), tlv(121, {3})})));
  EXPECT_EQ(found(options, 121), (Octets{1, 2, 3}));
}

// proves: M15
TEST(DhcpOptions, JoinsPiecesAcrossAreas) {
  dhcp::Options options;
  ASSERT_TRUE(options.add(tlv(6, {11, 0})));
  ASSERT_TRUE(options.add(tlv(6, {0, 53})));
  EXPECT_EQ(options.addresses(6), std::vector{Ipv4Address::of(11, 0, 0, 53)});
}

TEST(DhcpOptions, StopsAtTheEndOption) {
  dhcp::Options options;
  ASSERT_TRUE(options.add(joined({tlv(3, {11, 0, 0, 1}), {255}, tlv(6, {11, 0, 0, 2})})));
  EXPECT_FALSE(options.find(6));
}

TEST(DhcpOptions, SkipsPadding) {
  dhcp::Options options;
  ASSERT_TRUE(options.add(joined({{0, 0, 0}, tlv(26, {5, 220}), {0}})));
  EXPECT_EQ(options.u16(26), 1500);
}

// proves: M19
TEST(DhcpOptions, RefusesAnOptionThatRunsPastTheEnd) {
  dhcp::Options options;
  EXPECT_FALSE(options.add(joined({tlv(3, {11, 0, 0, 1}), {6, 8, 11, 0, 0}})));
  EXPECT_FALSE(options.find(3));
}

// proves: M19
TEST(DhcpOptions, RefusesACodeWithoutALength) {
  dhcp::Options options;
  EXPECT_FALSE(options.add(Octets{3}));
}

// proves: M19
TEST(DhcpOptions, AcceptsAnOptionWithoutContent) {
  dhcp::Options options;
  ASSERT_TRUE(options.add(tlv(80, {})));
  EXPECT_EQ(options.find(80)->size(), 0U);
}

// proves: M19
TEST(DhcpOptions, ADoubledNumberIsNoNumber) {
  dhcp::Options options;
  ASSERT_TRUE(options.add(joined({tlv(51, octets(60U)), tlv(51, octets(60U))})));
  EXPECT_FALSE(options.u32(51));
}

TEST(DhcpOptions, LeavesTheZeroAddressOutOfLists) {
  dhcp::Options options;
  ASSERT_TRUE(options.add(tlv(6, {0, 0, 0, 0, 11, 0, 0, 53})));
  EXPECT_EQ(options.addresses(6), std::vector{Ipv4Address::of(11, 0, 0, 53)});
}

TEST(DhcpOptions, AListOfBrokenLengthIsEmpty) {
  dhcp::Options options;
  ASSERT_TRUE(options.add(tlv(6, {11, 0, 0, 53, 11})));
  EXPECT_TRUE(options.addresses(6).empty());
}

TEST(DhcpOptions, KeepsTheRawPiecesWithoutPaddingAndEnd) {
  const Octets first = tlv(3, {11, 0, 0, 1});
  const Octets second = tlv(212, {1, 2, 3});
  dhcp::Options options;
  ASSERT_TRUE(options.add(joined({{0}, first, {0}, second, {255}})));
  EXPECT_EQ(options.raw(), joined({first, second}));
}

}  // namespace
}  // namespace gate41::testing
