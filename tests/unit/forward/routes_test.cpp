#include "dataplane/forward/routes.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

Route route_to(const char* prefix, uint16_t lan) {
  Route route;
  route.prefix = *Ipv6Prefix::parse(prefix);
  route.lan = lan;
  return route;
}

TEST(RouteTable, TheLongestPrefixWins) {
  const RouteTable table({route_to("::/0", 0), route_to("2002::/16", 1), route_to("2002:b00:2::/48", 2),
                          route_to("2002:b00:2:1::/64", 3), route_to("2002:b00:2:1::7/128", 4)});
  EXPECT_EQ(table.lookup(ip6("::"), ip6("2600:41::1"))->lan, 0);
  EXPECT_EQ(table.lookup(ip6("::"), ip6("2002:c058:6301::1"))->lan, 1);
  EXPECT_EQ(table.lookup(ip6("::"), ip6("2002:b00:2:ffff::1"))->lan, 2);
  EXPECT_EQ(table.lookup(ip6("::"), ip6("2002:b00:2:1:ffff:ffff:ffff:ffff"))->lan, 3);
  EXPECT_EQ(table.lookup(ip6("::"), ip6("2002:b00:2:1::7"))->lan, 4);
}

TEST(RouteTable, WithoutADefaultThereMayBeNone) {
  const RouteTable table({route_to("2002::/16", 1)});
  EXPECT_EQ(table.lookup(ip6("::"), ip6("2600:41::1")), nullptr);
  EXPECT_EQ(RouteTable().lookup(ip6("::"), ip6("2600:41::1")), nullptr);
}

// Bit by bit, as the definition reads.
bool matches(const Ipv6Prefix& prefix, const Ipv6Address& address) {
  for (unsigned bit = 0; bit < prefix.length; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((prefix.address.bytes[bit / 8] & mask) != (address.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

TEST(RouteTable, AgreesWithBitsComparedOneByOne) {
  std::mt19937 random(41);
  const auto near_address = [&] {  // few distinct bits, so that prefixes nest
    Ipv6Address address;
    for (auto& byte : address.bytes) byte = static_cast<uint8_t>(random() % 4 == 0 ? random() % 2 * 0x80 : 0);
    return address;
  };
  std::vector<Route> routes;
  for (uint16_t i = 0; i < 40; ++i) {
    Route route;
    route.prefix = Ipv6Prefix::of(near_address(), static_cast<uint8_t>(random() % 129));
    routes.push_back(route);
  }
  const RouteTable table(routes);
  for (int i = 0; i < 5000; ++i) {
    const Ipv6Address address = near_address();
    int best = -1;
    for (const Route& route : routes)
      if (matches(route.prefix, address)) best = std::max(best, int{route.prefix.length});
    const Route* found = table.lookup(ip6("::"), address);
    ASSERT_EQ(found == nullptr ? -1 : int{found->prefix.length}, best);
  }
}

}  // namespace
}  // namespace gate41::testing
