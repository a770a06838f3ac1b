// Requests to a running worker: walks and purges of its flow table.
#include <gtest/gtest.h>
#include <set>

#include "tests/unit/runtime/box.hpp"

namespace gate41::testing {
namespace {

constexpr unsigned kFlows = 600;  // more than two chunks
constexpr uint16_t kFirstPort = 20000;
constexpr unsigned kUnderWay = 32;  // a hand-over ring holds them all, however long its owner sleeps

// Polls as the control thread does until the job has come to its end.
bool serve_requests() {
  return eventually([] {
    box().poll_requests();
    return !box().requests_pending();
  });
}

void walk(
    const FlowQuery& query, std::function<void(const std::vector<FlowRecord>&, bool)> on_chunk,
    std::function<Pace()> reader = [] { return Pace::go; }) {
  box().walk_flows(query, std::move(on_chunk), std::move(reader));
}

FlowQuery port(unsigned number) { return {.port = static_cast<uint16_t>(number)}; }

void purge(const char* prefix) {
  box().erase_flows({.interior = Ipv6Prefix::parse(prefix)}, nullptr);
  ASSERT_TRUE(serve_requests());
}

class FlowRequests : public ::testing::Test {
 protected:
  void SetUp() override {
    for (unsigned i = 0; i < kFlows; ++i) {
      const auto frame = host_packet(static_cast<uint16_t>(kFirstPort + i));
      ASSERT_TRUE(eventually([&] { return box().counters().flows_current + kUnderWay > i; }));
      ASSERT_TRUE(eventually([&] { return box().inject_frame(kLan, frame); }));
    }
    ASSERT_TRUE(eventually([] { return box().counters().flows_current == kFlows; }));
  }
  void TearDown() override { purge("::/0"); }
};

}  // namespace

TEST_F(FlowRequests, WalkAllFlows) {
  std::multiset<uint16_t> ports;
  walk({}, [&](const std::vector<FlowRecord>& records, bool) {
    EXPECT_LE(records.size(), kChunk);
    for (const FlowRecord& record : records) ports.insert(record.key.interior_port);
  });
  ASSERT_TRUE(serve_requests());
  ASSERT_EQ(ports.size(), kFlows);
  for (unsigned i = 0; i < kFlows; ++i) EXPECT_EQ(ports.count(static_cast<uint16_t>(kFirstPort + i)), 1u);
}

TEST_F(FlowRequests, SayOnceWhichChunkIsTheLast) {
  std::vector<bool> lasts;
  walk({}, [&](const std::vector<FlowRecord>&, bool last) { lasts.push_back(last); });
  ASSERT_TRUE(serve_requests());
  ASSERT_FALSE(lasts.empty());
  EXPECT_TRUE(lasts.back());
  lasts.pop_back();
  EXPECT_EQ(std::count(lasts.begin(), lasts.end(), true), 0);
}

TEST_F(FlowRequests, BringTheirRecordsWithTheFlowsState) {
  std::set<FlowState> states;
  walk({}, [&](const std::vector<FlowRecord>& records, bool) {
    for (const FlowRecord& record : records) states.insert(record.entry.state);
  });
  ASSERT_TRUE(serve_requests());
  EXPECT_EQ(states, std::set<FlowState>{FlowState::opening});
}

TEST_F(FlowRequests, TakeTurns) {
  std::vector<int> chunks;
  std::vector<int> finished;
  for (int i = 0; i < 3; ++i)
    walk({}, [&, i](const std::vector<FlowRecord>&, bool last) {
      chunks.push_back(i);
      if (last) finished.push_back(i);
    });
  ASSERT_TRUE(serve_requests());
  EXPECT_EQ(finished.size(), 3U);
  const std::size_t turns = 3 * std::size_t{box().workers()};  // one of each on every worker
  ASSERT_GE(chunks.size(), turns);
  const auto end_of_turns = chunks.begin() + static_cast<std::ptrdiff_t>(turns);
  EXPECT_EQ(std::set<int>(chunks.begin(), end_of_turns), (std::set<int>{0, 1, 2}));
}

TEST_F(FlowRequests, WaitForTheirReader) {
  Pace pace = Pace::go;
  std::size_t read = 0;
  bool finished = false;
  walk(
      {},
      [&](const std::vector<FlowRecord>& records, bool last) {
        read += records.size();
        finished = last;
        pace = Pace::wait;
      },
      [&] { return pace; });
  ASSERT_TRUE(serve_requests());
  const std::size_t held = read;  // no worker is at work, and nothing comes
  EXPECT_LE(held, box().workers() * kChunk);
  for (int i = 0; i < 10; ++i) box().poll_requests();
  EXPECT_EQ(read, held);
  while (!finished) {
    pace = Pace::go;
    box().poll_requests();
    ASSERT_TRUE(serve_requests());
  }
  EXPECT_EQ(read, kFlows);
}

TEST_F(FlowRequests, OfASlowReaderHoldNobodyUp) {
  static Pace slow = Pace::wait;
  walk(
      {}, [](const std::vector<FlowRecord>&, bool) {}, [] { return slow; });
  bool finished = false;
  walk({}, [&](const std::vector<FlowRecord>&, bool last) { finished = last; });
  EXPECT_TRUE(eventually([&] {
    box().poll_requests();
    return finished;
  }));
  slow = Pace::stop;
  box().poll_requests();
}

TEST_F(FlowRequests, EndWithoutAWordWhereTheReaderHasGone) {
  Pace pace = Pace::go;
  int chunks = 0;
  walk(
      {},
      [&](const std::vector<FlowRecord>&, bool) {
        ++chunks;
        pace = Pace::stop;
      },
      [&] { return pace; });
  ASSERT_TRUE(serve_requests());
  box().poll_requests();
  EXPECT_EQ(chunks, 1);
  EXPECT_FALSE(box().requests_pending());
}

TEST_F(FlowRequests, BringOnlyWhatIsAskedFor) {
  std::vector<FlowRecord> found;
  walk(port(kFirstPort + 7), [&](const std::vector<FlowRecord>& records, bool) {
    found.insert(found.end(), records.begin(), records.end());
  });
  ASSERT_TRUE(serve_requests());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].key.interior_port, kFirstPort + 7);
}

TEST_F(FlowRequests, EraseWhatIsAskedForAndSayHowMuch) {
  std::vector<uint64_t> erased;
  box().erase_flows(port(kFirstPort + 7), [&](uint64_t flows) { erased.push_back(flows); });
  ASSERT_TRUE(serve_requests());
  EXPECT_EQ(erased, std::vector<uint64_t>{1});
  EXPECT_TRUE(eventually([] { return box().counters().flows_current == kFlows - 1; }));
}

TEST_F(FlowRequests, RingForControlWhenTheyAreAnswered) {
  static_cast<void>(take_exceptions());
  walk({}, [](const std::vector<FlowRecord>&, bool) {});
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
