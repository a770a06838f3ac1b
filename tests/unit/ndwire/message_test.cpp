#include "control/ndwire/message.hpp"

#include <gtest/gtest.h>

#include "control/ndwire/options.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using Frame = std::vector<uint8_t>;

ndwire::Envelope envelope() {
  return {.ether_source = mac("02:00:00:00:00:0a"),
          .ether_destination = mac("33:33:00:00:00:01"),
          .source = ip6("fe80::1"),
          .destination = ip6("ff02::1")};
}

PacketBuilder expected(uint8_t hop_limit) {
  PacketBuilder packet;
  packet.ethernet(mac("33:33:00:00:00:01"), mac("02:00:00:00:00:0a"))
      .ipv6(ip6("fe80::1"), ip6("ff02::1"))
      .hop_limit(hop_limit);
  return packet;
}

// proves: H9
TEST(NdMessage, IsCarriedWithHopLimit255AndAChecksum) {
  const Frame frame = ndwire::Message(134).u8(64).u8(0x80).u16(1800).u32(7).frame(envelope());
  EXPECT_EQ(frame, expected(255).icmpv6(134, 0, 0x40800708).payload({0, 0, 0, 7}).build());
}

TEST(NdMessage, PadsAnOptionToUnitsOfEight) {
  ndwire::Message message(133);
  message.u32(0).option(31, std::vector<uint8_t>{1, 2, 3, 4, 5, 6, 7});
  EXPECT_EQ(message.size(), 24U);
  EXPECT_EQ(message.frame(envelope()),
            expected(255).icmpv6(133, 0).payload({31, 2, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0}).build());
}

TEST(NdMessage, ALinkLayerAddressFillsOneUnit) {
  ndwire::Message message(133);
  message.u32(0).lladdr(ndwire::option_type::kSourceLladdr, mac("02:00:00:00:00:0a"));
  EXPECT_EQ(message.frame(envelope()),
            expected(255).icmpv6(133, 0).payload({1, 1, 2, 0, 0, 0, 0, 0x0a}).build());
}

// proves: H35
TEST(NdMessage, MldHasTheRouterAlertInAHopByHopHeader) {
  ndwire::Envelope mld = envelope();
  mld.hop_limit = ndwire::kMldHopLimit;
  mld.router_alert = true;
  const Frame frame = ndwire::Message(143).u32(0).frame(mld);
  PacketBuilder packet = expected(1);
  packet.hop_by_hop(8).set_u32(2, 0x05020000).set_u16(6, 0x0100);
  EXPECT_EQ(frame, packet.icmpv6(143, 0).build());
}

}  // namespace
}  // namespace gate41::testing
