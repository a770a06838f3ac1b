#include "dataplane/filter/flow_query.hpp"

#include <gtest/gtest.h>

#include "tests/unit/filter/site.hpp"

namespace gate41::testing {
namespace {

std::optional<Ipv6Prefix> prefix(const char* text) { return Ipv6Prefix::parse(text); }

const FlowKey kTcp = flow_key(tcp(kOut, {}), kOut);  // kHost, kHostPort to kServer, kServerPort

}  // namespace

TEST(FlowQuery, WithoutWishesIsEveryFlow) { EXPECT_TRUE(FlowQuery{}.matches(kTcp, FlowState::tcp_syn_sent)); }

TEST(FlowQuery, FindsAnAddressAtEitherEnd) {
  EXPECT_TRUE(FlowQuery{.address = prefix("2002:b00:2:1::10")}.matches(kTcp));
  EXPECT_TRUE(FlowQuery{.address = prefix("2600:41::/32")}.matches(kTcp));
  EXPECT_FALSE(FlowQuery{.address = prefix("2600:42::/32")}.matches(kTcp));
}

TEST(FlowQuery, TellsTheEndsApart) {
  EXPECT_TRUE(FlowQuery{.interior = prefix("2002:b00:2::/48")}.matches(kTcp));
  EXPECT_FALSE(FlowQuery{.interior = prefix("2600:41::/32")}.matches(kTcp));
  EXPECT_TRUE(FlowQuery{.exterior = prefix("2600:41::/32")}.matches(kTcp));
  EXPECT_FALSE(FlowQuery{.exterior = prefix("2002:b00:2::/48")}.matches(kTcp));
}

TEST(FlowQuery, OfALanIsOneOfItsPrefixes) {
  const std::vector<Ipv6Prefix> lan = {*prefix("2002:b00:3:1::/64"), *prefix("2002:b00:2:1::/64")};
  EXPECT_TRUE(FlowQuery{.lan = lan}.matches(kTcp));
  EXPECT_FALSE(FlowQuery{.lan = std::vector<Ipv6Prefix>{lan[0]}}.matches(kTcp));
  EXPECT_FALSE(
      FlowQuery{.lan = std::vector<Ipv6Prefix>{}}.matches(kTcp));  // one without a prefix has no flows
}

TEST(FlowQuery, FindsAPortAtEitherEndOfProtocolsThatHaveThem) {
  EXPECT_TRUE(FlowQuery{.port = kHostPort}.matches(kTcp));
  EXPECT_TRUE(FlowQuery{.port = kServerPort}.matches(kTcp));
  EXPECT_FALSE(FlowQuery{.port = uint16_t{1}}.matches(kTcp));
  EXPECT_FALSE(FlowQuery{.port = uint16_t{7}}.matches(flow_key(echo_request(kOut, 7), kOut)));
}

TEST(FlowQuery, KeepsToProtocolAndState) {
  EXPECT_TRUE(FlowQuery{.protocol = ip_proto::kTcp}.matches(kTcp));
  EXPECT_FALSE(FlowQuery{.protocol = ip_proto::kUdp}.matches(kTcp));
  const FlowQuery opening{.state = FlowState::tcp_syn_sent};
  EXPECT_TRUE(opening.matches(kTcp, FlowState::tcp_syn_sent));
  EXPECT_FALSE(opening.matches(kTcp, FlowState::tcp_established));
}

TEST(FlowState, IsFoundByItsName) {
  EXPECT_EQ(flow_state_named("tcp_fin_wait"), FlowState::tcp_fin_wait);
  EXPECT_EQ(flow_state_named("opening"), FlowState::opening);
  EXPECT_EQ(flow_state_named("free"), std::nullopt);
  EXPECT_EQ(flow_state_named("open"), std::nullopt);
}

}  // namespace gate41::testing
