// Requests to a running worker: walks and purges of its flow table.
#include <gtest/gtest.h>
#include <set>

#include "tests/unit/runtime/box.hpp"

namespace gate41::testing {
namespace {

constexpr unsigned kFlows = 600;  // more than two chunks
constexpr uint16_t kFirstPort = 20000;

// Polls as the control thread does until the job has come to its end.
bool serve_requests() {
  return eventually([] {
    box().poll_requests();
    return !box().requests_pending();
  });
}

void purge(const char* prefix) {
  box().purge_flows(*Ipv6Prefix::parse(prefix));
  ASSERT_TRUE(serve_requests());
}

class FlowRequests : public ::testing::Test {
 protected:
  void SetUp() override {
    for (unsigned i = 0; i < kFlows; ++i) {
      const auto frame = host_packet(static_cast<uint16_t>(kFirstPort + i));
      ASSERT_TRUE(eventually([&] { return box().inject_frame(kLan, frame); }));
    }
    ASSERT_TRUE(eventually([] { return box().counters().flows_current == kFlows; }));
  }
  void TearDown() override { purge("::/0"); }
};

}  // namespace

TEST_F(FlowRequests, WalkAllFlows) {
  std::multiset<uint16_t> ports;
  box().walk_flows([&](const std::vector<FlowRecord>& records, bool) {
    EXPECT_LE(records.size(), kChunk);
    for (const FlowRecord& record : records) ports.insert(record.key.interior_port);
  });
  ASSERT_TRUE(serve_requests());
  ASSERT_EQ(ports.size(), kFlows);
  for (unsigned i = 0; i < kFlows; ++i) EXPECT_EQ(ports.count(static_cast<uint16_t>(kFirstPort + i)), 1u);
}

TEST_F(FlowRequests, SayOnceWhichChunkIsTheLast) {
  std::vector<bool> lasts;
  box().walk_flows([&](const std::vector<FlowRecord>&, bool last) { lasts.push_back(last); });
  ASSERT_TRUE(serve_requests());
  ASSERT_FALSE(lasts.empty());
  EXPECT_TRUE(lasts.back());
  lasts.pop_back();
  EXPECT_EQ(std::count(lasts.begin(), lasts.end(), true), 0);
}

TEST_F(FlowRequests, BringTheirRecordsWithTheFlowsState) {
  std::set<FlowState> states;
  box().walk_flows([&](const std::vector<FlowRecord>& records, bool) {
    for (const FlowRecord& record : records) states.insert(record.entry.state);
  });
  ASSERT_TRUE(serve_requests());
  EXPECT_EQ(states, std::set<FlowState>{FlowState::opening});
}

TEST_F(FlowRequests, ServeOneAfterTheOther) {
  std::vector<int> finished;
  for (int i = 0; i < 3; ++i)
    box().walk_flows([&finished, i](const std::vector<FlowRecord>&, bool last) {
      if (last) finished.push_back(i);
    });
  ASSERT_TRUE(serve_requests());
  EXPECT_EQ(finished, (std::vector<int>{0, 1, 2}));
}

TEST_F(FlowRequests, RingForControlWhenTheyAreAnswered) {
  static_cast<void>(take_exceptions());
  box().walk_flows([](const std::vector<FlowRecord>&, bool) {});
  EXPECT_TRUE(exceptions_wait(20'000));
  ASSERT_TRUE(serve_requests());
}

TEST_F(FlowRequests, PurgeTheFlowsOfAPrefix) {
  purge("2002:b00:2:1::/64");
  EXPECT_TRUE(eventually([] { return box().counters().flows_current == 0; }));
}

TEST_F(FlowRequests, PurgeNoOtherFlows) {
  purge("2002:b00:2:2::/64");
  EXPECT_EQ(box().counters().flows_current, kFlows);
}

}  // namespace gate41::testing
