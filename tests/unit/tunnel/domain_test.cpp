// RFC 5969 §4: how IPv4 addresses stand in prefixes, against a reference that goes bit by bit.
#include "dataplane/tunnel/domain.hpp"

#include <bitset>
#include <gtest/gtest.h>
#include <random>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using Bits = std::bitset<128>;  // [0] is the first bit on the wire

Bits bits_of(const Ipv6Address& address) {
  Bits bits;
  for (unsigned i = 0; i < 128; ++i) bits[i] = (address.bytes[i / 8] >> (7 - i % 8) & 1) != 0;
  return bits;
}

bool bit_of(Ipv4Address address, unsigned n) { return (address.host() >> (31 - n) & 1U) != 0; }

// The domain's bits, then the IPv4 address without its first `mask` bits, then nothing.
Bits reference(const Ipv6Address& prefix, unsigned length, Ipv4Address site, unsigned mask) {
  Bits bits;
  for (unsigned i = 0; i < length; ++i) bits[i] = bits_of(prefix)[i];
  for (unsigned i = mask; i < 32; ++i) bits[length + i - mask] = bit_of(site, i);
  return bits;
}

}  // namespace

// RFC 5969 §7.1's example. proves: E2
TEST(Domain, DerivesThePrefixOfTheRfcsExample) {
  const Domain domain{*Ipv6Prefix::parse("2001:db8::/32"), *Ipv4Prefix::parse("10.0.0.0/8")};
  EXPECT_EQ(domain.prefix_of(ip4("10.100.100.1")).to_string(), "2001:db8:6464:100::/56");
  EXPECT_EQ(domain.v4_of(ip6("2001:db8:6464:1ff::9")), ip4("10.100.100.1"));
}

// proves: A2 S42
TEST(Domain, OfNothingSaidIs6to4) {
  EXPECT_EQ(Domain().prefix_of(ip4("192.1.2.3")).to_string(), "2002:c001:203::/48");
  EXPECT_TRUE(Domain().contains(ip6("2002:c001:203::1")));
  EXPECT_FALSE(Domain().contains(ip6("2003:c001:203::1")));
}

// Every length of prefix and of mask that leaves room for a LAN. proves: E1 E2 E4 E29 S42
TEST(Domain, AgreesWithTheReferenceForEverySplit) {
  std::mt19937_64 random(41);
  for (unsigned mask = 0; mask <= 32; ++mask)
    for (unsigned length = 16; length + 32 - mask <= 64; ++length) {
      const auto site = Ipv4Address(Be32(static_cast<uint32_t>(random())));
      const Ipv6Prefix prefix =
          Ipv6Prefix::of(Ipv6Address::from_halves(random(), random()), static_cast<uint8_t>(length));
      const Domain domain{prefix, Ipv4Prefix::of(site, static_cast<uint8_t>(mask))};
      const Ipv6Prefix delegated = domain.prefix_of(site);
      ASSERT_EQ(delegated.length, length + 32 - mask);
      ASSERT_EQ(bits_of(delegated.address), reference(prefix.address, length, site, mask))
          << length << '/' << mask << ' ' << site.to_string();
      const Ipv6Address host =
          Ipv6Address::from_halves(delegated.address.high() | (random() & ~delegated.mask_high()), random());
      ASSERT_EQ(domain.v4_of(host), site) << length << '/' << mask;
      ASSERT_TRUE(domain.contains(host));
    }
}

}  // namespace gate41::testing
