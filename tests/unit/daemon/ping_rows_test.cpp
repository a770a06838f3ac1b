// Events of pings and traceroutes as rows for the operator.
#include "control/daemon/ping_rows.hpp"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

using op::Json;
using std::chrono::microseconds;

const Ipv6Address kServer = ip6("2600:41::80");

op::PingRequest request(bool trace) {
  op::PingRequest request;
  request.destination = kServer;
  request.trace = trace;
  return request;
}

Json ping_row(const ping::Event& event) { return row_of(request(false), event); }
Json trace_row(const ping::Event& event) { return row_of(request(true), event); }

TEST(PingRows, BeginWithBothEnds) {
  EXPECT_EQ(
      first_row(request(false), ip6("2002:b00:2a::1")),
      (Json{{"event", "start"}, {"destination", "2600:41::80"}, {"source", "2002:b00:2a::1"}, {"size", 56}}));
  EXPECT_EQ(first_row(request(true), ip6("2002:b00:2a::1"))["max_hops"], 30);
}

TEST(PingRows, OfAReplyCountTheHeaderToo) {
  EXPECT_EQ(ping_row(ping::Answered{1, kServer, {129, 0, 0}, 56, 57, microseconds(12500), false}),
            (Json{{"event", "answer"},
                  {"seq", 1},
                  {"from", "2600:41::80"},
                  {"bytes", 64},
                  {"hop_limit", 57},
                  {"time_ms", 12.5},
                  {"duplicate", false}}));
}

TEST(PingRows, OfAnErrorSayWhatItMeans) {
  EXPECT_EQ(ping_row(ping::Answered{2, kServer, {2, 0, 1280}, 0, 57, {}, false}),
            (Json{{"event", "error"},
                  {"seq", 2},
                  {"from", "2600:41::80"},
                  {"type", 2},
                  {"code", 0},
                  {"sentence", "packet too big, mtu 1280"},
                  {"mtu", 1280}}));
}

TEST(PingRows, OfADropHaveTheReasonOfTheCounters) {
  EXPECT_EQ(ping_row(ping::Dropped{3, DropReason::relay_down, 0}), (Json{{"event", "dropped"},
                                                                         {"seq", 3},
                                                                         {"reason", "relay_down"},
                                                                         {"sentence", "no live relay"},
                                                                         {"mtu", nullptr}}));
  EXPECT_EQ(trace_row(ping::Dropped{1, DropReason::packet_too_big, 1280})["hop"], 1);
  EXPECT_EQ(trace_row(ping::Dropped{1, DropReason::packet_too_big, 1280})["mtu"], 1280);
}

TEST(PingRows, OfStatisticsHaveTheLossAndTheTimes) {
  ping::Statistics statistics{8, 6, 1, 0, 1, {4}, {}};
  statistics.times = {microseconds(1000), microseconds(1500), microseconds(2000)};
  EXPECT_EQ(ping_row(statistics), (Json{{"event", "statistics"},
                                        {"sent", 8},
                                        {"received", 6},
                                        {"lost", 25.0},
                                        {"duplicates", 1},
                                        {"errors", 0},
                                        {"dropped", 1},
                                        {"no_answer", {4}},
                                        {"min_ms", 1.0},
                                        {"avg_ms", 1.5},
                                        {"max_ms", 2.0}}));
  EXPECT_TRUE(ping_row(ping::Statistics{})["min_ms"].is_null());
  EXPECT_EQ(ping_row(ping::Statistics{})["lost"], 0.0);
}

TEST(PingRows, OfAHopHaveAnObjectAnAnswer) {
  const ping::Hop::Probe passed{kServer, {3, 0, 0}, microseconds(500)};
  const ping::Hop::Probe refused{kServer, {1, 0, 0}, microseconds(500)};
  EXPECT_EQ(trace_row(ping::Hop{2, {passed, std::nullopt, refused}}),
            (Json{{"event", "hop"},
                  {"hop", 2},
                  {"probes",
                   {{{"from", "2600:41::80"}, {"time_ms", 0.5}, {"sentence", nullptr}},
                    nullptr,
                    {{"from", "2600:41::80"},
                     {"time_ms", 0.5},
                     {"sentence", "destination unreachable, no route"}}}}}));
}

TEST(PingRows, OfATracesEndSayWhetherItIsReached) {
  EXPECT_EQ(trace_row(ping::TraceEnd{ping::TraceEnd::Why::reached}),
            (Json{{"event", "end"}, {"reached", true}, {"sentence", "reached"}}));
  EXPECT_EQ(trace_row(ping::TraceEnd{ping::TraceEnd::Why::max_hops})["reached"], false);
}

}  // namespace
}  // namespace gate41::testing
