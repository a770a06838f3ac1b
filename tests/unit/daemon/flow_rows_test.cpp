// Flows for operators: rows, the largest, what each host has.
#include "control/daemon/flow_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::ElementsAre;

constexpr uint32_t kSeconds = 1000;

FlowRecord flow(uint64_t host, uint64_t bytes, uint32_t age = 10) {
  FlowRecord record;
  record.key.interior = Ipv6Address::from_halves(0x2002'0b00'002a'0001, host);
  record.key.exterior = ip6("2600:41::80");
  record.key.protocol = ip_proto::kTcp;
  record.key.interior_port = 40000;
  record.key.exterior_port = 443;
  record.entry.state = FlowState::tcp_established;
  record.entry.bytes = bytes;
  record.entry.created = kSeconds - age;
  record.entry.expires = kSeconds + 60;
  return record;
}

std::vector<uint64_t> ranked(op::FlowOrder order, std::size_t most, const std::vector<FlowRecord>& flows) {
  FlowRanking ranking(order, most);
  for (const FlowRecord& record : flows) ranking.add(record, kSeconds);
  std::vector<uint64_t> hosts;
  for (const FlowRecord& record : ranking.take()) hosts.push_back(record.key.interior.low());
  return hosts;
}

TEST(FlowRow, HasWhatAnOperatorReads) {
  const op::Json row = flow_row(flow(0x10, 5000), kSeconds);
  EXPECT_EQ(row["proto"], "tcp");
  EXPECT_EQ(row["interior"], "[2002:b00:2a:1::10]:40000");
  EXPECT_EQ(row["exterior"], "[2600:41::80]:443");
  EXPECT_EQ(row["state"], "tcp_established");
  EXPECT_EQ(row["age"], 10);
  EXPECT_EQ(row["expires_in"], 60);
  EXPECT_EQ(row["rate"], 500);
  EXPECT_EQ(row["pinhole"], false);
  EXPECT_TRUE(row["outer_source"].is_null());
}

TEST(FlowRow, HasNoPortsWhereTheProtocolHasNone) {
  FlowRecord echo = flow(0x10, 1);
  echo.key.protocol = ip_proto::kIcmpv6;
  EXPECT_EQ(flow_row(echo, kSeconds)["interior"], "2002:b00:2a:1::10");
}

TEST(FlowRow, OfThisSecondHasARate) { EXPECT_EQ(flow_row(flow(1, 700, 0), kSeconds)["rate"], 700); }

TEST(FlowRanking, HasTheLargestFirst) {
  const std::vector<FlowRecord> flows = {flow(1, 500, 100), flow(2, 90, 1), flow(3, 700, 50),
                                         flow(4, 1, 200)};
  EXPECT_THAT(ranked(op::FlowOrder::bytes, 10, flows), ElementsAre(3, 1, 2, 4));
  EXPECT_THAT(ranked(op::FlowOrder::age, 10, flows), ElementsAre(4, 1, 3, 2));
  EXPECT_THAT(ranked(op::FlowOrder::rate, 10, flows), ElementsAre(2, 3, 1, 4));
}

TEST(FlowRanking, KeepsTheLargestOfMany) {
  std::vector<FlowRecord> flows;
  for (uint64_t i = 0; i < 1000; ++i) flows.push_back(flow(i, (i * 7919) % 1000));
  FlowRanking ranking(op::FlowOrder::bytes, 3);
  for (const FlowRecord& record : flows) ranking.add(record, kSeconds);
  std::vector<uint64_t> bytes;
  for (const FlowRecord& record : ranking.take()) bytes.push_back(record.entry.bytes);
  EXPECT_THAT(bytes, ElementsAre(999, 998, 997));
}

TEST(HostTally, CountsByHost) {
  HostTally tally(HostTally::By::flows);
  for (const FlowRecord& record : {flow(1, 1000), flow(2, 10), flow(2, 10), flow(3, 5)}) tally.add(record);
  HostTotals others;
  const auto hosts = tally.take(2, others);
  ASSERT_EQ(hosts.size(), 2U);
  EXPECT_EQ(hosts[0].address.low(), 2U);
  EXPECT_EQ(hosts[0].flows, 2U);
  EXPECT_EQ(hosts[0].bytes, 20U);
  EXPECT_EQ(hosts[1].address.low(), 1U);
  EXPECT_EQ(others.flows, 1U);
  EXPECT_EQ(others.bytes, 5U);
}

TEST(HostTally, OfTalkersIsByBytes) {
  HostTally tally(HostTally::By::bytes);
  for (const FlowRecord& record : {flow(1, 1000), flow(2, 10), flow(2, 10)}) tally.add(record);
  HostTotals others;
  EXPECT_EQ(tally.take(1, others)[0].address.low(), 1U);
}

TEST(HostTally, StaysBoundedAndKeepsTheLargeWhoeverForgesAddresses) {
  HostTally tally(HostTally::By::flows);
  constexpr uint64_t kForged = 10 * HostTally::kHosts;
  for (uint64_t i = 0; i < kForged; ++i) {
    tally.add(flow(1000 + i, 1));
    if (i % 100 == 0) tally.add(flow(7, 1));
  }
  HostTotals others;
  const auto hosts = tally.take(1, others);
  EXPECT_EQ(hosts[0].address.low(), 7U);
  EXPECT_EQ(hosts[0].flows, kForged / 100 + 1);
  EXPECT_EQ(others.flows, kForged);
}

}  // namespace
}  // namespace gate41::testing
