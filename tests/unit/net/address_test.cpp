#include "dataplane/net/address.hpp"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

TEST(MacAddress, RoundTrips) {
  const auto mac = MacAddress::parse("00:1A:2b:c3:d4:ff");
  ASSERT_TRUE(mac);
  EXPECT_EQ(mac->bytes, (std::array<uint8_t, 6>{0x00, 0x1a, 0x2b, 0xc3, 0xd4, 0xff}));
  EXPECT_EQ(mac->to_string(), "00:1a:2b:c3:d4:ff");
}

TEST(MacAddress, RefusesOtherText) {
  for (const char* text : {"", "00:1a:2b:c3:d4", "00:1a:2b:c3:d4:f", "00:1a:2b:c3:d4:ff:",
                           "00-1a-2b-c3-d4-ff", "0g:1a:2b:c3:d4:ff", "001a2bc3d4ff", " 0:1a:2b:c3:d4:ff"})
    EXPECT_FALSE(MacAddress::parse(text)) << text;
}

TEST(MacAddress, KnowsGroups) {
  EXPECT_TRUE(kBroadcastMac.is_multicast());
  EXPECT_TRUE(mac("33:33:00:00:00:01").is_multicast());
  EXPECT_FALSE(mac("02:00:00:00:00:01").is_multicast());
  EXPECT_TRUE(mac("00:00:00:00:00:00").is_zero());
}

TEST(Ipv4Address, RoundTrips) {
  for (const char* text : {"0.0.0.0", "192.88.99.1", "255.255.255.255", "1.20.103.9"}) {
    const auto address = Ipv4Address::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), text);
  }
}

TEST(Ipv4Address, StandsInWireOrder) {
  const Ipv4Address address = ip4("192.1.2.3");
  std::array<uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), &address, 4);
  EXPECT_EQ(bytes, (std::array<uint8_t, 4>{192, 1, 2, 3}));
  EXPECT_EQ(address.host(), 0xc0010203U);
}

TEST(Ipv4Address, TakesTheStrictDottedQuadAlone) {
  for (const char* text : {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.256",
                           "1.2.3.04", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "+1.2.3.4",
                           "0x1.2.3.4", "1.2.3.4\n", "1.2.3.1000", "a.b.c.d", "::ffff:1.2.3.4"})
    EXPECT_FALSE(Ipv4Address::parse(text)) << text;
  EXPECT_FALSE(Ipv4Address::parse(std::string_view("1.2.3.4\0", 8)));
}

TEST(Ipv4Address, OrdersAsNumbers) {
  EXPECT_LT(ip4("1.0.0.2"), ip4("2.0.0.1"));
  EXPECT_LT(ip4("2.0.0.1"), ip4("10.0.0.0"));
}

// RFC 5952 §4
TEST(Ipv6Address, WritesTheCanonicalText) {
  const std::pair<const char*, const char*> cases[] = {
      {"2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"},
      {"2001:DB8::A", "2001:db8::a"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"::1", "::1"},
      {"2002:c058:6301::", "2002:c058:6301::"}};
  for (const auto& [text, canonical] : cases) {
    const auto address = Ipv6Address::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), canonical);
  }
}

TEST(Ipv6Address, RefusesOtherText) {
  for (const char* text : {"", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::g",
                           "fe80::1%1", "::1 ", "[::1]", "::1/64", "1.2.3.4", "::1.2.3.256"})
    EXPECT_FALSE(Ipv6Address::parse(text)) << text;
  EXPECT_FALSE(Ipv6Address::parse(std::string_view("::1\0", 4)));
  EXPECT_FALSE(Ipv6Address::parse(std::string(200, '1')));
}

TEST(Ipv6Address, HalvesAreInHostOrder) {
  const Ipv6Address address = ip6("2002:b00:2:1:a:b:c:d");
  EXPECT_EQ(address.high(), 0x20020b0000020001U);
  EXPECT_EQ(address.low(), 0x000a000b000c000dU);
  EXPECT_EQ(Ipv6Address::from_halves(address.high(), address.low()), address);
}

TEST(Ipv6Address, KnowsItsScopes) {
  EXPECT_TRUE(ip6("fe80::1").is_link_local());
  EXPECT_TRUE(ip6("febf::1").is_link_local());
  EXPECT_FALSE(ip6("fec0::1").is_link_local());
  EXPECT_FALSE(ip6("fe7f::1").is_link_local());
  EXPECT_TRUE(ip6("ff02::1").is_multicast());
  EXPECT_TRUE(ip6("::").is_unspecified());
}

// RFC 4291 §2.7.1's own example
TEST(Ipv6Address, HasItsSolicitedNodeGroup) {
  EXPECT_EQ(solicited_node(ip6("4037::1:800:200e:8c6c")), ip6("ff02::1:ff0e:8c6c"));
}

// RFC 2464 §7
TEST(Ipv6Address, GroupsHaveTheirMac) {
  EXPECT_EQ(multicast_mac(ip6("ff02::1:ff0e:8c6c")), mac("33:33:ff:0e:8c:6c"));
}

// RFC 4291 App. A's example: 34-56-78-9A-BC-DE
TEST(Ipv6Address, InterfaceIdIsTheModifiedEui64) {
  EXPECT_EQ(eui64_interface_id(mac("34:56:78:9a:bc:de")), 0x365678fffe9abcdeU);
}

TEST(Ipv4Prefix, RoundTrips) {
  for (const char* text : {"0.0.0.0/0", "11.0.0.0/24", "128.0.0.0/1", "11.0.0.2/32", "11.0.0.2/31"}) {
    const auto prefix = Ipv4Prefix::parse(text);
    ASSERT_TRUE(prefix) << text;
    EXPECT_EQ(prefix->to_string(), text);
  }
  EXPECT_EQ(Ipv4Prefix::parse("11.0.0.2")->length, 32);
}

TEST(Ipv4Prefix, RefusesHostBitsAndWrongLengths) {
  for (const char* text :
       {"11.0.0.1/24", "11.0.0.0/33", "11.0.0.0/", "11.0.0.0/-1", "11.0.0.0/024", "/24", "11.0.0.0/8/8"})
    EXPECT_FALSE(Ipv4Prefix::parse(text)) << text;
}

TEST(Ipv4Prefix, ContainsFromFirstToLast) {
  const Ipv4Prefix prefix = *Ipv4Prefix::parse("172.16.0.0/12");
  EXPECT_TRUE(prefix.contains(ip4("172.16.0.0")));
  EXPECT_TRUE(prefix.contains(ip4("172.31.255.255")));
  EXPECT_FALSE(prefix.contains(ip4("172.15.255.255")));
  EXPECT_FALSE(prefix.contains(ip4("172.32.0.0")));
  EXPECT_EQ(prefix.broadcast(), ip4("172.31.255.255"));
  EXPECT_TRUE(Ipv4Prefix::parse("0.0.0.0/0")->contains(ip4("255.1.2.3")));
}

TEST(Ipv4Prefix, CutsHostBits) {
  EXPECT_EQ(Ipv4Prefix::of(ip4("11.1.2.3"), 20), *Ipv4Prefix::parse("11.1.0.0/20"));
}

// Every length against a comparison bit by bit.
TEST(Ipv6Prefix, ContainsWhatSharesItsFirstBits) {
  const Ipv6Address address = ip6("2a5a:a5a5:1234:5678:9abc:def0:fedc:ba98");
  for (unsigned length = 0; length <= 128; ++length) {
    const Ipv6Prefix prefix = Ipv6Prefix::of(address, static_cast<uint8_t>(length));
    for (unsigned bit = 0; bit < 128; ++bit) {
      Ipv6Address other = address;
      other.bytes[bit / 8] = static_cast<uint8_t>(other.bytes[bit / 8] ^ (0x80U >> (bit % 8)));
      EXPECT_EQ(prefix.contains(other), bit >= length) << length << " " << bit;
    }
  }
}

TEST(Ipv6Prefix, RoundTrips) {
  for (const char* text :
       {"::/0", "2002::/16", "2002:b00:2::/48", "2600:41:1:2::/64", "::1/128", "2600:41:0:0:8000::/65"}) {
    const auto prefix = Ipv6Prefix::parse(text);
    ASSERT_TRUE(prefix) << text;
    EXPECT_EQ(prefix->to_string(), text);
  }
}

TEST(Ipv6Prefix, RefusesHostBitsAndWrongLengths) {
  for (const char* text : {"2002::1/16", "::/129", "::/", "::/1000", "2600:41::1/127", "::/ 1"})
    EXPECT_FALSE(Ipv6Prefix::parse(text)) << text;
}

// RFC 3056 §2; the requirement's example.
// proves: A2
TEST(SixToFourPrefix, Is2002AndTheAddress) {
  EXPECT_EQ(six_to_four_prefix(ip4("192.1.2.3")).to_string(), "2002:c001:203::/48");
  EXPECT_EQ(six_to_four_prefix(ip4("11.0.0.2")).to_string(), "2002:b00:2::/48");
}

// proves: A2
TEST(SixToFourPrefix, LeadsBackToTheAddress) {
  EXPECT_TRUE(is_six_to_four(ip6("2002:c001:203:1::10")));
  EXPECT_EQ(six_to_four_v4(ip6("2002:c001:203:1::10")), ip4("192.1.2.3"));
  EXPECT_FALSE(is_six_to_four(ip6("2003:c001:203:1::10")));
  EXPECT_FALSE(is_six_to_four(ip6("2102:c001:203:1::10")));
}

// What vmv6r pings, and what its traffic goes to.
// proves: S25
TEST(SixToFourPrefix, TellsTheAnycastAddressesApart) {
  EXPECT_EQ(six_to_four_v4(ip6("2002:c058:6302::")), ip4("192.88.99.2"));
  EXPECT_EQ(six_to_four_v4(ip6("2002:c058:6301::")), ip4("192.88.99.1"));
}

}  // namespace gate41::testing
