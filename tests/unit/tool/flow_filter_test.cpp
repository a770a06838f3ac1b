#include "control/tool/flow_filter.hpp"

#include <gtest/gtest.h>

namespace gate41::tool {
namespace {

Json flow() {
  return {{"proto", "tcp"},
          {"state", "established"},
          {"interior", "[2002:b00:2:1::5]:40000"},
          {"exterior", "[2600:41::80]:443"}};
}

Json echo() {
  return {
      {"proto", "icmpv6"}, {"state", "open"}, {"interior", "2002:b00:2:1::5"}, {"exterior", "2600:41::80"}};
}

TEST(ToolFlowFilter, WithoutWishesTakesAll) { EXPECT_TRUE(FlowFilter{}.matches(flow())); }

TEST(ToolFlowFilter, FindsAnAddressAtEitherEndHoweverItIsWritten) {
  EXPECT_TRUE(FlowFilter{.address = Ipv6Prefix::parse("2002:0b00:0002:0001::0005")}.matches(flow()));
  EXPECT_TRUE(FlowFilter{.address = Ipv6Prefix::parse("2600:41::80")}.matches(flow()));
  EXPECT_TRUE(FlowFilter{.address = Ipv6Prefix::parse("2600:41::80")}.matches(echo()));
  EXPECT_FALSE(FlowFilter{.address = Ipv6Prefix::parse("2600:41::81")}.matches(flow()));
}

TEST(ToolFlowFilter, TakesAPrefix) {
  EXPECT_TRUE(FlowFilter{.address = Ipv6Prefix::parse("2600:41::/32")}.matches(flow()));
  EXPECT_FALSE(FlowFilter{.address = Ipv6Prefix::parse("2600:42::/32")}.matches(flow()));
}

TEST(ToolFlowFilter, FindsAPortAtEitherEnd) {
  EXPECT_TRUE(FlowFilter{.port = 443}.matches(flow()));
  EXPECT_TRUE(FlowFilter{.port = 40000}.matches(flow()));
  EXPECT_FALSE(FlowFilter{.port = 80}.matches(flow()));
  EXPECT_FALSE(FlowFilter{.port = 443}.matches(echo()));
}

TEST(ToolFlowFilter, NeedsEveryWishFulfilled) {
  EXPECT_TRUE(
      (FlowFilter{
           .address = Ipv6Prefix::parse("2600:41::80"), .port = 443, .proto = "TCP", .state = "Established"})
          .matches(flow()));
  EXPECT_FALSE((FlowFilter{.port = 443, .proto = "udp"}).matches(flow()));
  EXPECT_FALSE((FlowFilter{.port = 443, .state = "closing"}).matches(flow()));
  EXPECT_FALSE((FlowFilter{.address = Ipv6Prefix::parse("2600:41::80"), .port = 80}).matches(flow()));
}

TEST(ToolFlowFilter, FindsNothingInARowOfAnotherShape) {
  for (const char* end :
       {"7", "\"\"", "\"[\"", "\"[::1\"", "\"[::1]\"", "\"[::1]:\"", "\"[::1]:99999\"", "null"})
    EXPECT_FALSE(FlowFilter{.port = 443}.matches({{"interior", Json::parse(end)}})) << end;
}

}  // namespace
}  // namespace gate41::tool
