// RFC 3056 §2: 2002:V4ADDR::/48, with a reference that goes bit by bit.
#include "control/prefix/delegation.hpp"

#include <bitset>
#include <gtest/gtest.h>
#include <random>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using prefix::Delegation;

bool bit_of(const Ipv6Address& address, unsigned n) { return (address.bytes[n / 8] >> (7 - n % 8) & 1) != 0; }

// Bits 0..15 are 0x2002, 16..47 the IPv4 address, 48..63 the subnet, 64..127 the interface id.
std::bitset<128> reference(uint32_t v4, uint16_t subnet, uint64_t interface_id) {
  std::bitset<128> bits;
  const auto put = [&bits](unsigned at, unsigned count, uint64_t value) {
    for (unsigned i = 0; i < count; ++i) bits[at + i] = (value >> (count - 1 - i) & 1U) != 0;
  };
  put(0, 16, 0x2002);
  put(16, 32, v4);
  put(48, 16, subnet);
  put(64, 64, interface_id);
  return bits;
}

std::bitset<128> bits_of(const Ipv6Address& address) {
  std::bitset<128> bits;
  for (unsigned i = 0; i < 128; ++i) bits[i] = bit_of(address, i);
  return bits;
}

// proves: S42
TEST(PrefixDelegation, IsTheIpv4AddressBehind2002) {
  EXPECT_EQ(prefix::delegated(Domain(), ip4("192.1.2.3")).prefix.to_string(), "2002:c001:203::/48");
}

// proves: S44
TEST(PrefixDelegation, HasTheTunnelsAddressInSubnetZero) {
  EXPECT_EQ(prefix::delegated(Domain(), ip4("192.1.2.3")).tunnel_address, ip6("2002:c001:203::1"));
}

// proves: S46 S47
TEST(PrefixDelegation, GivesALanItsSubnetAndItsAddress) {
  const Delegation site = prefix::delegated(Domain(), ip4("192.1.2.3"));
  EXPECT_EQ(prefix::lan_prefix(site, 1, true)->to_string(), "2002:c001:203:1::/64");
  EXPECT_EQ(prefix::lan_address(*prefix::lan_prefix(site, 1, true)), ip6("2002:c001:203:1::1"));
  EXPECT_EQ(prefix::lan_prefix(site, 0xffff, false)->to_string(), "2002:c001:203:ffff::/64");
}

// proves: S42
TEST(PrefixDelegation, AgreesWithTheReferenceBitByBit) {
  std::mt19937_64 random(41);
  for (int i = 0; i < 1000; ++i) {
    const auto v4 = static_cast<uint32_t>(random());
    const auto subnet = static_cast<uint16_t>(random());
    const Delegation site = prefix::delegated(Domain(), Ipv4Address(Be32(v4)));
    ASSERT_EQ(site.prefix.length, 48);
    ASSERT_EQ(bits_of(site.prefix.address), reference(v4, 0, 0)) << std::hex << v4;
    ASSERT_EQ(bits_of(site.tunnel_address), reference(v4, 0, 1)) << std::hex << v4;
    const Ipv6Prefix lan = *prefix::lan_prefix(site, subnet, false);
    ASSERT_EQ(lan.length, 64);
    ASSERT_EQ(bits_of(lan.address), reference(v4, subnet, 0)) << std::hex << v4 << ' ' << subnet;
    ASSERT_EQ(bits_of(prefix::lan_address(lan)), reference(v4, subnet, 1)) << std::hex << v4 << ' ' << subnet;
  }
}

Delegation delegation(const char* prefix) { return {*Ipv6Prefix::parse(prefix), {}}; }

// proves: X28
TEST(PrefixDelegation, OfA64GivesAllToTheFirstLan) {
  EXPECT_EQ(prefix::lan_prefix(delegation("2600:41:b00:2::/64"), 1, true),
            *Ipv6Prefix::parse("2600:41:b00:2::/64"));
  EXPECT_EQ(prefix::lan_prefix(delegation("2600:41:b00:2::/64"), 2, false), std::nullopt);
}

// proves: P8
TEST(PrefixDelegation, HasNoSubnetBeyondItsRoom) {
  EXPECT_EQ(prefix::lan_prefix(delegation("2600:41:100:200::/56"), 255, false),
            *Ipv6Prefix::parse("2600:41:100:2ff::/64"));
  EXPECT_EQ(prefix::lan_prefix(delegation("2600:41:100:200::/56"), 256, true), std::nullopt);
}

}  // namespace
}  // namespace gate41::testing
