// The lookup against group G, written out here once more and searched by brute force.
#include "dataplane/net/address_blocks.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

struct BlockV4 {
  uint32_t address;
  unsigned length;
};
constexpr uint32_t quad(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return ((a * 256 + b) * 256 + c) * 256 + d;
}
constexpr BlockV4 kG1ToG13[] = {
    {quad(0, 0, 0, 0), 8},      {quad(10, 0, 0, 0), 8},     {quad(100, 64, 0, 0), 10},
    {quad(127, 0, 0, 0), 8},    {quad(169, 254, 0, 0), 16}, {quad(172, 16, 0, 0), 12},
    {quad(192, 0, 0, 0), 24},   {quad(192, 0, 2, 0), 24},   {quad(198, 51, 100, 0), 24},
    {quad(203, 0, 113, 0), 24}, {quad(192, 88, 99, 0), 24}, {quad(192, 168, 0, 0), 16},
    {quad(198, 18, 0, 0), 15},  {quad(224, 0, 0, 0), 4},    {quad(240, 0, 0, 0), 4},
};

Ipv4Address address_of(uint32_t number) {
  return Ipv4Address::of(static_cast<uint8_t>(number >> 24U), static_cast<uint8_t>(number >> 16U),
                         static_cast<uint8_t>(number >> 8U), static_cast<uint8_t>(number));
}

// All the /24s that the blocks (none is longer) cover.
std::vector<bool> forbidden_slash_24() {
  std::vector<bool> forbidden(1U << 24U);
  for (const BlockV4& block : kG1ToG13) {
    const auto first = static_cast<std::ptrdiff_t>(block.address / 256);
    std::fill_n(forbidden.begin() + first, std::ptrdiff_t{1} << (24U - block.length), true);
  }
  return forbidden;
}

struct BlockV6 {
  const char* first;
  const char* last;
};
constexpr BlockV6 kG16[] = {
    {"::", "0:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"},
    {"100::", "100::ffff:ffff:ffff:ffff"},
    {"2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff"},
    {"2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
};

bool is_in_g16(const Ipv6Address& address) {
  using Range = std::pair<Ipv6Address, Ipv6Address>;
  static const std::vector<Range> ranges = [] {
    std::vector<Range> parsed;
    for (const BlockV6& block : kG16) parsed.emplace_back(ip6(block.first), ip6(block.last));
    return parsed;
  }();
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return range.first.bytes <= address.bytes && address.bytes <= range.second.bytes;
  });
}

// The neighbouring address, above or below.
Ipv6Address step(Ipv6Address address, int by) {
  const uint8_t carries = by > 0 ? 0xff : 0x00;
  for (std::size_t i = 16; i-- > 0;) {
    const bool carry = address.bytes[i] == carries;
    address.bytes[i] = static_cast<uint8_t>(address.bytes[i] + by);
    if (!carry) break;
  }
  return address;
}

}  // namespace

// proves: G1 G2 G3 G4 G5 G6 G7 G8 G9 G10 G11 G12 G13 G15
TEST(NeverEmbed, ForbidsTheBlocksOfGroupGAndNothingElse) {
  const std::vector<bool> forbidden = forbidden_slash_24();
  unsigned wrong = 0;
  for (uint32_t network = 0; network < forbidden.size(); ++network) {
    const Ipv4Address address = address_of(network * 256 + network % 256);
    if ((never_embed(address) != nullptr) != forbidden[network] && ++wrong <= 10)
      ADD_FAILURE() << address.to_string() << (forbidden[network] ? " passes" : " is forbidden");
  }
  EXPECT_EQ(wrong, 0U);
}

// proves: G15
TEST(NeverEmbed, LetsGlobalServicesPass) {
  for (const char* service : {"192.31.196.1", "192.52.193.1", "192.175.48.1", "192.0.1.1", "8.8.8.8"})
    EXPECT_EQ(never_embed(ip4(service)), nullptr) << service;
}

TEST(NeverEmbed, NamesTheBlock) {
  EXPECT_EQ(never_embed(ip4("172.20.1.1"))->prefix.to_string(), "172.16.0.0/12");
  EXPECT_EQ(never_embed(ip4("255.255.255.255"))->prefix.to_string(), "255.255.255.255/32");
  EXPECT_EQ(never_embed(ip4("255.255.255.254"))->prefix.to_string(), "240.0.0.0/4");
}

// The table finds each of its own blocks, but for those within a more special one.
TEST(NeverEmbed, FindsEveryEntryOfItsTable) {
  for (const Ipv4Block& block : never_embed_blocks()) {
    const Ipv4Block* found = never_embed(block.prefix.address);
    ASSERT_NE(found, nullptr) << block.name;
    EXPECT_EQ(found->prefix, block.prefix) << block.name;
  }
}

// proves: G8 G11 X11
TEST(NeverEmbed, LabLiftsDocumentationAndBenchmarkBlocksAlone) {
  const std::vector<Ipv4Prefix> everything = {*Ipv4Prefix::parse("0.0.0.0/0")};
  const LabAllow lab{everything, {}};
  for (const char* lifted : {"192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255"})
    EXPECT_EQ(never_embed(ip4(lifted), lab), nullptr) << lifted;
  for (const char* kept : {"10.0.0.1", "127.0.0.1", "192.168.1.1", "100.64.0.1", "224.0.0.1", "192.88.99.1"})
    EXPECT_NE(never_embed(ip4(kept), lab), nullptr) << kept;
}

// proves: X11
TEST(NeverEmbed, LabLiftsNoMoreThanItsPrefixes) {
  const std::vector<Ipv4Prefix> half = {*Ipv4Prefix::parse("198.18.0.0/16")};
  EXPECT_EQ(never_embed(ip4("198.18.0.1"), {half, {}}), nullptr);
  EXPECT_NE(never_embed(ip4("198.19.0.1"), {half, {}}), nullptr);
  EXPECT_NE(never_embed(ip4("203.0.113.1"), {half, {}}), nullptr);
}

// proves: G16 C13
TEST(NeverOnTunnel, HasTheEdgesOfEveryBlock) {
  for (const BlockV6& block : kG16) {
    const Ipv6Address first = ip6(block.first);
    const Ipv6Address last = ip6(block.last);
    for (const Ipv6Address& address :
         {first, last, step(first, -1), step(last, 1), step(first, 1), step(last, -1)})
      EXPECT_EQ(never_on_tunnel(address) != nullptr, is_in_g16(address)) << address.to_string();
  }
}

// proves: G16 C13
TEST(NeverOnTunnel, AgreesInEveryFirstGroup) {
  for (unsigned group = 0; group <= 0xffff; ++group) {
    Ipv6Address address;
    address.bytes[0] = static_cast<uint8_t>(group / 256);
    address.bytes[1] = static_cast<uint8_t>(group % 256);
    address.bytes[15] = 1;
    EXPECT_EQ(never_on_tunnel(address) != nullptr, is_in_g16(address)) << address.to_string();
    std::fill(address.bytes.begin() + 2, address.bytes.end(), uint8_t{0xff});
    EXPECT_EQ(never_on_tunnel(address) != nullptr, is_in_g16(address)) << address.to_string();
  }
}

// proves: G16 G18
TEST(NeverOnTunnel, AgreesInAllOf2001) {
  for (unsigned group = 0; group <= 0xffff; ++group) {
    Ipv6Address address = ip6("2001::1");
    address.bytes[2] = static_cast<uint8_t>(group / 256);
    address.bytes[3] = static_cast<uint8_t>(group % 256);
    EXPECT_EQ(never_on_tunnel(address) != nullptr, is_in_g16(address)) << address.to_string();
  }
}

// proves: G18
TEST(NeverOnTunnel, LetsTeredoAndNat64Pass) {
  for (const char* native :
       {"2001::a00:1", "2001:0:7f00:1::1", "64:ff9b::10.0.0.1", "2002:a00:1::1", "2600:41::1"})
    EXPECT_EQ(never_on_tunnel(ip6(native)), nullptr) << native;
}

// proves: G16 X11
TEST(NeverOnTunnel, LabLiftsDocumentationAndBenchmarkBlocksAlone) {
  const std::vector<Ipv6Prefix> everything = {*Ipv6Prefix::parse("::/0")};
  const LabAllow lab{{}, everything};
  for (const char* lifted : {"2001:db8::1", "2001:2::1", "3fff::1"})
    EXPECT_EQ(never_on_tunnel(ip6(lifted), lab), nullptr) << lifted;
  for (const char* kept :
       {"::1", "fc00::1", "fe80::1", "ff02::1", "5f00::1", "2001:10::1", "100::1", "64:ff9b:1::1"})
    EXPECT_NE(never_on_tunnel(ip6(kept), lab), nullptr) << kept;
}

}  // namespace gate41::testing
