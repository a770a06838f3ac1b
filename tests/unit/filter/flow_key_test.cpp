#include "dataplane/filter/flow_key.hpp"

#include <gtest/gtest.h>

#include "tests/unit/filter/site.hpp"

namespace gate41::testing {

TEST(FlowKey, IsTheSameInBothDirections) { EXPECT_EQ(flow_key(udp(kOut), kOut), flow_key(udp(kIn), kIn)); }

TEST(FlowKey, NamesTheSidesOfTheSite) {
  const FlowKey key = flow_key(udp(kIn), kIn);
  EXPECT_EQ(key.interior, kHost);
  EXPECT_EQ(key.exterior, kServer);
  EXPECT_EQ(key.interior_port, kHostPort);
  EXPECT_EQ(key.exterior_port, kServerPort);
}

// proves: J10
TEST(FlowKey, OfEchoIsTheId) {
  EXPECT_EQ(flow_key(echo_request(kOut, 7), kOut), flow_key(echo_reply(kIn, 7), kIn));
  EXPECT_NE(flow_key(echo_request(kOut, 7), kOut), flow_key(echo_request(kOut, 8), kOut));
}

TEST(FlowKey, OfOtherIcmpv6IsNotThatOfEchoZero) {
  EXPECT_NE(flow_key(icmpv6(kOut, 144), kOut), flow_key(echo_request(kOut, 0), kOut));
  EXPECT_EQ(flow_key(icmpv6(kOut, 144), kOut), flow_key(icmpv6(kIn, 145), kIn));
}

// proves: K20
TEST(FlowKey, OfUdpLiteIsNotThatOfUdp) {
  const ParsedPacket lite = parsed(from(kOut).udp_lite(kHostPort, kServerPort).payload(8));
  EXPECT_NE(flow_key(lite, kOut), flow_key(udp(kOut), kOut));
}

TEST(FlowKey, OfGenericProtocolsHasNoPorts) {
  const FlowKey key = flow_key(esp(kOut), kOut);
  EXPECT_EQ(key.protocol, ip_proto::kEsp);
  EXPECT_EQ(key.interior_port, 0);
  EXPECT_EQ(key.exterior_port, 0);
}

}  // namespace gate41::testing
