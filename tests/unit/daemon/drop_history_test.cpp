// The last drops, as `gate41 drops` gets them.
#include "control/daemon/drop_history.hpp"

#include <gtest/gtest.h>

#include "dataplane/net/headers.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using std::chrono::milliseconds;

constexpr TimePoint kNow{std::chrono::seconds(1000)};

DropSample sample(DropReason reason, uint16_t port = 0) {
  DropSample made;
  made.time = kNow;
  made.reason = reason;
  made.source_port = port;
  return made;
}

std::vector<uint16_t> ports(const std::vector<DropSample>& samples) {
  std::vector<uint16_t> numbers;
  for (const DropSample& one : samples) numbers.push_back(one.source_port);
  return numbers;
}

// proves: S87
TEST(DropHistory, KeepsTheLast256) {
  DropHistory history;
  for (uint16_t i = 0; i < DropHistory::kKept + 5; ++i) history.add(sample(DropReason::hop_limit, i));
  const auto all = history.last({}, 0);
  ASSERT_EQ(all.size(), DropHistory::kKept);
  EXPECT_EQ(all.front().source_port, 5);
}

// proves: S87
TEST(DropHistory, GivesTheLastOfAReasonNewestLast) {
  DropHistory history;
  for (uint16_t i = 0; i < 4; ++i) {
    history.add(sample(DropReason::hop_limit, i));
    history.add(sample(DropReason::site_rate, static_cast<uint16_t>(10 + i)));
  }
  EXPECT_EQ(ports(history.last(DropReason::site_rate, 0)), (std::vector<uint16_t>{10, 11, 12, 13}));
  EXPECT_EQ(ports(history.last(DropReason::site_rate, 2)), (std::vector<uint16_t>{12, 13}));
  EXPECT_EQ(ports(history.last({}, 3)), (std::vector<uint16_t>{12, 3, 13}));
}

TEST(DropReasonNamed, KnowsEachAndNoOther) {
  EXPECT_EQ(drop_reason_named("hop_limit"), DropReason::hop_limit);
  EXPECT_FALSE(drop_reason_named("weather"));
  EXPECT_FALSE(drop_reason_named(""));
}

// proves: C27 S87
TEST(DropRow, HasWhatIsOutsideAndWhatIsInside) {
  DropSample made = sample(DropReason::inner_source_own);
  made.link = 1;
  made.has_v4 = made.has_v6 = made.has_l4 = true;
  made.v4_source = ip4("192.0.2.1");
  made.v4_destination = ip4("198.51.100.2");
  made.v6_source = ip6("2600:41::80");
  made.v6_destination = ip6("2002:b00:2:1::10");
  made.protocol = ip_proto::kIcmpv6;
  made.icmp_type = 128;
  std::vector<Link> links(2);
  links[1].name = "wan";
  const op::Json expected = {{"ago", 2.5},
                             {"reason", "inner_source_own"},
                             {"port", "wan"},
                             {"ipv4", {{"source", "192.0.2.1"}, {"destination", "198.51.100.2"}}},
                             {"ipv6", {{"source", "2600:41::80"}, {"destination", "2002:b00:2:1::10"}}},
                             {"proto", "icmpv6"},
                             {"icmp_type", 128},
                             {"source_port", nullptr},
                             {"destination_port", nullptr}};
  EXPECT_EQ(drop_row(made, links, kNow + milliseconds(2500)), expected);
}

TEST(DropRow, HasNullForWhatIsNotKnown) {
  const op::Json row = drop_row(sample(DropReason::ether_type_unknown), {}, kNow);
  for (const char* key : {"port", "ipv4", "ipv6", "proto", "icmp_type", "source_port"})
    EXPECT_TRUE(row[key].is_null()) << key;
}

// ICMP of IPv4 and of IPv6 are two protocols.
TEST(DropRow, HasPortsOfTcpAndATypeOfIcmp) {
  DropSample made = sample(DropReason::filter_unsolicited, 40000);
  made.has_v6 = made.has_l4 = true;
  made.protocol = ip_proto::kTcp;
  EXPECT_EQ(drop_row(made, {}, kNow)["source_port"], 40000);
  EXPECT_TRUE(drop_row(made, {}, kNow)["icmp_type"].is_null());
  made.protocol = ip_proto::kIcmp;
  made.has_v6 = false;
  made.has_v4 = true;
  EXPECT_EQ(drop_row(made, {}, kNow)["icmp_type"], 0);
  EXPECT_EQ(drop_row(made, {}, kNow)["proto"], "icmp");
}

}  // namespace
}  // namespace gate41::testing
