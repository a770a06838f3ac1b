// Endpoints that are open because a flow was opened from them.
#include "dataplane/filter/endpoint_table.hpp"

#include <gtest/gtest.h>

#include "tests/unit/filter/table_keys.hpp"

namespace gate41::testing {
namespace {

// Another exterior end of the same interior one.
FlowKey to(uint32_t server, uint16_t host_port = kHostPort, uint8_t protocol = ip_proto::kUdp) {
  FlowKey key = key_of(server);
  key.interior_port = host_port;
  key.protocol = protocol;
  return key;
}

}  // namespace

// proves: K17 K33
TEST(EndpointTable, OpensAnEndpointForEverybodyWhoIsElsewhere) {
  EndpointTable table(64, {});
  EXPECT_FALSE(table.is_open(to(2)));
  ASSERT_TRUE(table.add(to(1)));
  EXPECT_TRUE(table.is_open(to(2)));
}

TEST(EndpointTable, OpensNoOtherPortProtocolOrHost) {
  EndpointTable table(64, {});
  ASSERT_TRUE(table.add(to(1)));
  EXPECT_FALSE(table.is_open(to(1, kHostPort + 1)));
  EXPECT_FALSE(table.is_open(to(1, kHostPort, ip_proto::kUdpLite)));
  FlowKey neighbour = to(1);
  neighbour.interior = Ipv6Address::from_halves(kHost.high(), kHost.low() + 1);
  EXPECT_FALSE(table.is_open(neighbour));
}

TEST(EndpointTable, ClosesItWithTheLastFlow) {
  EndpointTable table(64, {});
  ASSERT_TRUE(table.add(to(1)));
  ASSERT_TRUE(table.add(to(2)));
  table.remove(to(1));
  EXPECT_TRUE(table.is_open(to(3)));
  table.remove(to(2));
  EXPECT_FALSE(table.is_open(to(3)));
}

TEST(EndpointTable, SaysWhenItIsFullAndStaysRight) {
  EndpointTable table(8, {});
  unsigned noted = 0;
  for (uint16_t port = 1; port <= 9; ++port) noted += table.add(to(1, port)) ? 1U : 0U;
  EXPECT_EQ(noted, 8U);
  EXPECT_FALSE(table.is_open(to(1, 9)));
  table.remove(to(1, 4));
  EXPECT_TRUE(table.add(to(1, 9)));
  EXPECT_TRUE(table.is_open(to(2, 9)));
  EXPECT_FALSE(table.is_open(to(2, 4)));
}

TEST(EndpointTable, CountsNoFurtherThanItCan) {
  EndpointTable table(8, {});
  for (uint32_t i = 0; i < 0xffff; ++i) ASSERT_TRUE(table.add(to(i)));
  EXPECT_FALSE(table.add(to(1)));
  for (uint32_t i = 0; i < 0xffff; ++i) table.remove(to(i));
  EXPECT_FALSE(table.is_open(to(1)));
}

TEST(EndpointTable, HoldsAsManyAsItIsMadeForNearly) {
  EndpointTable table(4096, {});
  unsigned noted = 0;
  for (uint16_t port = 0; port < 2048; ++port) noted += table.add(to(1, port)) ? 1U : 0U;
  EXPECT_GT(noted, 2000U);
}

// proves: K11
TEST(Endpoint, IsThatOfEveryProtocolButIcmpv6) {
  EXPECT_TRUE(has_endpoint(flow_key(esp(kOut), kOut)));
  EXPECT_TRUE(has_endpoint(flow_key(udp(kOut), kOut)));
  EXPECT_FALSE(has_endpoint(flow_key(echo_request(kOut), kOut)));
}

}  // namespace gate41::testing
