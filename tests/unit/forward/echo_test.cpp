#include "dataplane/forward/echo.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kAsker = ip6("2002:b00:363::9");
const Ipv6Address kAsked = ip6("2002:c058:6301::");

// proves: I11 B20
TEST(Echo, TheRequestBecomesTheReply) {
  auto packet = PacketBuilder().ipv6(kAsker, kAsked).hop_limit(1).echo_request(7, 9).payload(33).build();
  turn_into_echo_reply(packet, 40, kAsked);
  EXPECT_EQ(packet, PacketBuilder().ipv6(kAsked, kAsker).hop_limit(64).echo_reply(7, 9).payload(33).build());
}

// proves: I11
TEST(Echo, AnAnycastAddressIsAnsweredByAUnicastOne) {
  const Ipv6Address unicast = ip6("2002:b00:2:1::1");
  auto packet = PacketBuilder().ipv6(kAsker, kAsked).echo_request(7, 9).payload(33).build();
  turn_into_echo_reply(packet, 40, unicast);
  EXPECT_EQ(packet, PacketBuilder().ipv6(unicast, kAsker).hop_limit(64).echo_reply(7, 9).payload(33).build());
}

TEST(Echo, TheChecksumIsRightForAnyContent) {
  std::mt19937 random(41);
  for (int i = 0; i < 2000; ++i) {
    std::vector<uint8_t> data(random() % 64);
    for (auto& byte : data) byte = static_cast<uint8_t>(random());
    const auto id = static_cast<uint16_t>(random());
    auto packet = PacketBuilder().ipv6(kAsker, kAsked).echo_request(id, 1).payload(data).build();
    turn_into_echo_reply(packet, 40, kAsked);
    ASSERT_EQ(packet, PacketBuilder().ipv6(kAsked, kAsker).echo_reply(id, 1).payload(data).build());
  }
}

}  // namespace
}  // namespace gate41::testing
