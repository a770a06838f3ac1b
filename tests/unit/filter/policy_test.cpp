#include "dataplane/filter/policy.hpp"

#include <gtest/gtest.h>

#include "tests/unit/filter/site.hpp"

namespace gate41::testing {
namespace {

Policy three_hosts() {
  Policy policy;
  for (const char* host : {"2002:b00:2:1::10", "2002:b00:2:1::20", "2002:b00:2:1::30"}) {
    policy.inbound.push_back({ip6(host), ip_proto::kTcp, 443, 443});
    policy.inbound.push_back({ip6(host), ip_proto::kUdp, 5000, 5010});
  }
  return policy;
}

}  // namespace

TEST(FindPinhole, FindsTheRuleOfTheHost) {
  const Policy policy = three_hosts();
  EXPECT_EQ(find_pinhole(policy, ip6("2002:b00:2:1::20"), ip_proto::kUdp, 5000), &policy.inbound[3]);
}

TEST(FindPinhole, HasBothEndsOfThePortRange) {
  const Policy policy = three_hosts();
  const auto found = [&](uint16_t port) {
    return find_pinhole(policy, kHost, ip_proto::kUdp, port) != nullptr;
  };
  EXPECT_FALSE(found(4999));
  EXPECT_TRUE(found(5000));
  EXPECT_TRUE(found(5010));
  EXPECT_FALSE(found(5011));
}

TEST(FindPinhole, KeepsToProtocolAndHost) {
  const Policy policy = three_hosts();
  EXPECT_EQ(find_pinhole(policy, kHost, ip_proto::kUdp, 443), nullptr);
  EXPECT_EQ(find_pinhole(policy, ip6("2002:b00:2:1::11"), ip_proto::kTcp, 443), nullptr);
}

TEST(FindPinhole, FindsNothingWithoutRules) {
  EXPECT_EQ(find_pinhole({}, kHost, ip_proto::kTcp, 443), nullptr);
}

}  // namespace gate41::testing
