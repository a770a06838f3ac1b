// A trace over the socket: its members, its rows, and that it ends with its client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/operator/request.hpp"
#include "tests/unit/operator/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::ElementsAre;

const Json kOk = {{"end", {{"ok", true}}}};

Result<op::Request> parse(const std::string& members) {
  return op::parse_request(R"({"version":1,"command":"trace")" + members + "}");
}

bool start(Site& site, Peer& peer) {
  peer.ask("trace");
  return site.until([&] { return site.view.wanted_trace.has_value(); });
}

TEST(TraceRequests, AskForTenPacketsInAMinuteAsUsual) {
  const auto request = parse("");
  ASSERT_TRUE(request && request->trace);
  EXPECT_EQ(request->trace->count, 10U);
  EXPECT_EQ(request->trace->time, std::chrono::seconds(60));
  EXPECT_FALSE(request->trace->dropped);
  EXPECT_FALSE(request->trace->address);
  EXPECT_EQ(request->trace->on, "");
}

TEST(TraceRequests, TakeAllTheirMembers) {
  const auto request = parse(
      R"(,"address":"2600:41::/32","port":443,"proto":"tcp","on":"wan","dropped":true,"count":1000,"seconds":3600)");
  ASSERT_TRUE(request && request->trace) << request.error().message;
  EXPECT_EQ(request->trace->address, Ipv6Prefix::parse("2600:41::/32"));
  EXPECT_EQ(request->trace->port, 443);
  EXPECT_EQ(request->trace->protocol, 6);
  EXPECT_EQ(request->trace->on, "wan");
  EXPECT_TRUE(request->trace->dropped);
  EXPECT_EQ(request->trace->count, 1000U);
  EXPECT_EQ(request->trace->time, std::chrono::hours(1));
}

TEST(TraceRequests, WithAMistakeAreRefusedWithWhatIsAllowed) {
  const std::pair<const char*, const char*> mistakes[] = {
      {R"(,"count":0)", "`count` must be a whole number, 1 to 1000"},
      {R"(,"count":1001)", "`count` must be a whole number, 1 to 1000"},
      {R"(,"seconds":3601)", "`seconds` must be a whole number, 1 to 3600"},
      {R"(,"on":1)", "`on` must be the name of a port"},
      {R"(,"dropped":"yes")", "`dropped` must be true or false"},
      {R"(,"state":"opening")", "`state` has no place in a trace"},
      {R"(,"port":-1)", "`port` must be a port, 0 to 65535"},
  };
  for (const auto& [members, error] : mistakes) {
    const auto request = parse(members);
    ASSERT_FALSE(request) << members;
    EXPECT_EQ(request.error().message, error);
  }
}

TEST(OperatorTrace, StreamsItsRows) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(start(site, peer));
  site.view.push_rows({{{"packet", 1}}});
  site.view.flows_done();
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ElementsAre(Json{{"packet", 1}}, kOk));
}

TEST(OperatorTrace, EndsWithItsClient) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(start(site, peer));
  peer.hang_up();
  EXPECT_TRUE(site.until([&] { return !site.view.ended_traces.empty(); }));
  EXPECT_THAT(site.view.ended_traces, ElementsAre(FakeView::kTraceRun));
}

TEST(OperatorTrace, EndsWhereItsClientSaysNoMore) {
  Site site;
  Peer peer = site.connect();
  ASSERT_TRUE(start(site, peer));
  peer.end_input();
  EXPECT_TRUE(site.until([&] { return !site.view.ended_traces.empty(); }));
}

TEST(OperatorTrace, TheViewsRefusalIsPassedOn) {
  Site site;
  site.view.trace_error = "a trace is running already; one at a time";
  Peer peer = site.connect();
  peer.ask("trace");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_EQ(error_of(peer.values().back()), site.view.trace_error);
}

}  // namespace
}  // namespace gate41::testing
