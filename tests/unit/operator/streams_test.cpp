// Flows: rows over many turns, slow readers, hang-ups.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/operator/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kRowBytes = 100'000;
const Json kOk = {{"end", {{"ok", true}}}};

// Rows of about 100 kB, numbered.
std::vector<Json> big_rows(int first, int count) {
  std::vector<Json> rows;
  for (int i = 0; i < count; ++i)
    rows.push_back({{"n", first + i}, {"padding", std::string(kRowBytes, 'x')}});
  return rows;
}

bool ask_for_flows(Site& site, Peer& peer) {
  peer.ask("flows");
  return site.until([&] { return site.view.push_rows != nullptr; });
}

TEST(OperatorFlows, SendsARowALineAsTheyComeAndThenTheEnd) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(ask_for_flows(site, peer));
  site.view.push_rows({{{"proto", "tcp"}}, {{"proto", "udp"}}});
  ASSERT_TRUE(site.until([&] {
    peer.read();
    return peer.lines().size() == 2;
  }));
  site.view.push_rows({{{"proto", "icmpv6"}}});
  site.view.flows_done();
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ::testing::ElementsAre(Json{{"proto", "tcp"}}, Json{{"proto", "udp"}},
                                                    Json{{"proto", "icmpv6"}}, kOk));
}

TEST(OperatorFlows, LoseNothingOverPartialWrites) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(ask_for_flows(site, peer));
  site.view.push_rows(big_rows(0, 30));
  site.view.flows_done();
  ASSERT_TRUE(site.answered(peer));
  const auto values = peer.values();
  ASSERT_EQ(values.size(), 31U);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)]["n"], i);
  EXPECT_EQ(values.back(), kOk);
}

TEST(OperatorFlows, WaitForAClientThatDoesNotReadAndGoOnWhenItHasRead) {
  Site site;
  Peer slow = site.connect();
  ASSERT_TRUE(ask_for_flows(site, slow));
  EXPECT_EQ(site.view.pace(), Pace::go);
  int rows = 0;
  while (site.view.pace() == Pace::go && rows < 100) site.view.push_rows(big_rows(rows++, 1));
  EXPECT_LT(rows, 20);  // what the kernel takes, kAhead, and one
  EXPECT_EQ(site.view.pace(), Pace::wait);
  ASSERT_TRUE(site.until([&] {
    slow.read();
    return site.view.pace() == Pace::go;
  }));
}

TEST(OperatorFlows, StopWhereTheClientHasGone) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(ask_for_flows(site, peer));
  peer.hang_up();
  EXPECT_TRUE(site.until([&] { return site.view.pace() == Pace::stop; }));
}

TEST(OperatorFlows, TheViewsRefusalIsPassedOnAndTheConnectionStays) {
  Site site;
  site.view.flows_error = "there is no LAN `hone`";
  Peer peer = site.connect();
  peer.ask("flows");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_EQ(error_of(peer.values().back()), "there is no LAN `hone`");
  peer.ask("version");
  ASSERT_TRUE(site.until([&] {
    peer.read();
    return peer.lines().size() == 3;
  }));
}

TEST(OperatorFlows, AreDeletedByTheirOwnCommand) {
  Site site;
  Peer peer = site.connect();
  peer.send("{\"version\":1,\"command\":\"flows_delete\",\"port\":443}\n");
  ASSERT_TRUE(site.until([&] { return site.view.push_rows != nullptr; }));
  EXPECT_THAT(site.view.asked, ::testing::ElementsAre("flows_delete"));
  EXPECT_EQ(site.view.wanted_flows->selection.port, 443);
  site.view.push_rows({{{"deleted", 3}}});
  site.view.flows_done();
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ::testing::ElementsAre(Json{{"deleted", 3}}, kOk));
}

TEST(OperatorFlows, AnswersOthersWhileOneClientDoesNotRead) {
  Site site;
  Peer slow = site.connect();
  ASSERT_TRUE(ask_for_flows(site, slow));
  site.view.push_rows(big_rows(0, 30));
  Peer other = site.connect();
  other.ask("version");
  EXPECT_TRUE(site.answered(other));
}

TEST(OperatorFlows, CutAClientThatLeavesTooMuchUnread) {
  constexpr std::size_t kMaxUnsent = 1'000'000;
  Site site;
  const std::string path = site.folder / "2.sock";
  site.server = std::move(*op::Server::open(path, "root", site.view, *site.loop, kMaxUnsent));
  Peer slow(path);
  ASSERT_TRUE(ask_for_flows(site, slow));
  for (int i = 0; i < 30; ++i) site.view.push_rows(big_rows(i, 1));
  ASSERT_TRUE(site.closed(slow));
  EXPECT_THAT(slow.lines().back(), HasSubstr("reads so slowly"));
  // What the kernel had taken comes on top.
  EXPECT_GT(slow.received(), kMaxUnsent - 2 * kRowBytes);
  EXPECT_LT(slow.received(), kMaxUnsent + 1'000'000);
}

TEST(OperatorFlows, RowsAfterAHangUpGoNowhere) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(ask_for_flows(site, peer));
  site.view.push_rows({{{"proto", "tcp"}}});
  peer.hang_up();
  site.settle();
  site.view.push_rows({{{"proto", "udp"}}});
  site.view.flows_done();
  Peer next = site.connect();
  next.ask("version");
  EXPECT_TRUE(site.answered(next));
}

TEST(OperatorFlows, RowsToAPeerThatIsGoneUnnoticedEndTheClient) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(ask_for_flows(site, peer));
  peer.hang_up();
  site.view.push_rows({{{"proto", "tcp"}}});  // before the loop has seen the hang-up
  site.view.push_rows({{{"proto", "udp"}}});
  site.view.flows_done();
  site.settle();
  EXPECT_FALSE(site.server->next_deadline().has_value());
}

TEST(OperatorFlows, RowsAfterTheServersEndGoNowhere) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(ask_for_flows(site, peer));
  site.server.reset();
  site.view.push_rows({{{"proto", "tcp"}}});
  site.view.flows_done();
  peer.read();
  EXPECT_TRUE(peer.closed());
  EXPECT_EQ(peer.received(), 0U);
}

TEST(OperatorFlows, AnswerWithinTheCallIsTaken) {
  class AtOnce : public FakeView {
    Result<void> flows(const op::FlowsRequest&, op::Stream stream) override {
      stream.rows({{{"proto", "tcp"}}});
      stream.done();
      return {};
    }
  };
  Site site;
  AtOnce view;
  site.server = std::move(*op::Server::open(site.folder / "2.sock", "root", view, *site.loop));
  Peer peer(site.folder / "2.sock");
  peer.ask("flows");
  peer.end_input();
  ASSERT_TRUE(site.closed(peer));
  EXPECT_EQ(peer.values().size(), 2U);
}

TEST(OperatorFlows, TheNextRequestWaitsForTheEndOfTheStream) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(ask_for_flows(site, peer));
  peer.ask("version");
  site.settle();
  EXPECT_THAT(site.view.asked, ::testing::ElementsAre("flows"));
  site.view.flows_done();
  ASSERT_TRUE(site.until([&] { return site.view.asked.size() == 2; }));
  EXPECT_EQ(site.view.asked.back(), "version");
}

}  // namespace
}  // namespace gate41::testing
