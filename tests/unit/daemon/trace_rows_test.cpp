// A traced packet as a row: the stages that it came to and what it met.
#include "control/daemon/trace_rows.hpp"

#include <gtest/gtest.h>

#include "dataplane/net/headers.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

const TraceNames kNames{{"lan", "wan"}, {"main", "spare"}};

// "stage: sentence" or "stage verdict: sentence", a line each.
std::string steps(const TraceRecord& record) {
  std::string lines;
  const op::Json row = trace_row(record, kNames, 0, 1);
  for (const op::Json& step : row["steps"]) {
    const std::string verdict = step["verdict"];
    lines += step["stage"].get<std::string>() + (verdict == "ok" ? "" : " " + verdict) + ": " +
             step["sentence"].get<std::string>() + "\n";
  }
  return lines;
}

TraceRecord from_the_tunnel() {
  TraceRecord record;
  record.packet.has_v4 = record.packet.has_v6 = record.packet.has_l4 = true;
  record.packet.v4_source = ip4("192.0.2.1");
  record.packet.v6_source = ip6("2600:41::80");
  record.packet.v6_destination = ip6("2002:b00:2:1::10");
  record.packet.protocol = ip_proto::kTcp;
  record.packet.source_port = 443;
  record.packet.destination_port = 40000;
  record.packet.link = 1;
  record.from = Side::tunnel;
  record.length = 60;
  record.filtered = true;
  record.flow = FlowState::tcp_established;
  record.has_way = true;
  record.egress = 0;
  return record;
}

TEST(TraceRow, NamesEveryStageOfAPacketFromTheTunnel) {
  EXPECT_EQ(steps(from_the_tunnel()),
            "receive: wan\n"
            "parse: 60 bytes of IPv6\n"
            "classify: protocol 41\n"
            "decapsulate: tunnel main, from 192.0.2.1\n"
            "filter: known flow, tcp_established\n"
            "forward: port lan\n"
            "encapsulate: Ethernet\n"
            "send: lan\n");
}

TEST(TraceRow, OfAPacketFromTheLanHasNoDecapsulationAndGoesIntoATunnel) {
  TraceRecord record = from_the_tunnel();
  record.packet.has_v4 = false;
  record.packet.link = 0;
  record.from = Side::lan;
  record.is_new = true;
  record.flow = FlowState::tcp_syn_sent;
  record.egress = 1;
  record.by_tunnel = 1;
  record.outer_destination = ip4("192.88.99.1");
  EXPECT_EQ(steps(record),
            "receive: lan\n"
            "parse: 60 bytes of IPv6\n"
            "classify: IPv6\n"
            "filter: new flow, tcp_syn_sent\n"
            "forward: tunnel spare\n"
            "encapsulate: protocol 41 to 192.88.99.1\n"
            "send: wan\n");
}

TEST(TraceRow, EndsAtTheStageThatDrops) {
  TraceRecord record = from_the_tunnel();
  record.end = TraceEnd::dropped;
  record.packet.reason = DropReason::filter_unsolicited;
  EXPECT_EQ(steps(record),
            "receive: wan\n"
            "parse: 60 bytes of IPv6\n"
            "classify: protocol 41\n"
            "decapsulate: tunnel main, from 192.0.2.1\n"
            "filter drop: filter_unsolicited: no flow and no pinhole lets it in\n");
  EXPECT_EQ(trace_row(record, kNames, 2, 7)["reason"], "filter_unsolicited");
  record.packet.reason = DropReason::hop_limit;
  EXPECT_NE(steps(record).find("\nforward drop: hop_limit"), std::string::npos);
  record.packet.reason = DropReason::multicast_not_forwarded;  // the filter's, once it is known whose it is
  EXPECT_NE(steps(record).find("\nfilter drop: multicast_not_forwarded"), std::string::npos);
}

TEST(TraceRow, OfWhatNobodyKnowsEndsEarly) {
  TraceRecord record = from_the_tunnel();
  record.from = Side::none;
  record.end = TraceEnd::dropped;
  const auto last = [&](DropReason reason) {
    record.packet.reason = reason;
    return trace_row(record, kNames, 0, 1)["steps"].back()["stage"].get<std::string>();
  };
  EXPECT_EQ(last(DropReason::frame_too_long), "receive");
  EXPECT_EQ(last(DropReason::ipv4_checksum), "parse");
  EXPECT_EQ(last(DropReason::not_for_us_mac), "classify");
  EXPECT_EQ(last(DropReason::inner_source_mismatch), "decapsulate");
}

TEST(TraceRow, SaysThatAPacketWaitsForItsNeighbour) {
  TraceRecord record = from_the_tunnel();
  record.end = TraceEnd::to_control;
  record.exception_class = ExceptionClass::unresolved;
  EXPECT_NE(steps(record).find("\nforward to control: unresolved\n"), std::string::npos);
}

TEST(TraceRow, SaysWhichWorkerGoesOn) {
  TraceRecord record = from_the_tunnel();
  record.end = TraceEnd::handed_over;
  record.owner = 1;
  EXPECT_NE(steps(record).find("\nfilter handed over: its flow is worker 1's\n"), std::string::npos);
}

TEST(TraceRow, OfWhatIsMadeHereBeginsWithItsWay) {
  TraceRecord record = from_the_tunnel();
  record.packet.has_v4 = false;
  record.origin = Origin::created;
  record.from = Side::own;
  EXPECT_EQ(steps(record),
            "receive: an ICMPv6 error that this box has made\n"
            "forward: port lan\n"
            "encapsulate: Ethernet\n"
            "send: lan\n");
}

TEST(TraceRow, HasTheEndsOfThePacket) {
  const op::Json row = trace_row(from_the_tunnel(), kNames, 2, 7);
  EXPECT_EQ(row["packet"], 7);
  EXPECT_EQ(row["worker"], 2);
  EXPECT_EQ(row["source"], "2600:41::80");
  EXPECT_EQ(row["destination"], "2002:b00:2:1::10");
  EXPECT_EQ(row["proto"], "tcp");
  EXPECT_EQ(row["source_port"], 443);
  EXPECT_EQ(row["destination_port"], 40000);
  EXPECT_TRUE(row["icmp_type"].is_null());
  EXPECT_TRUE(row["reason"].is_null());
}

}  // namespace
}  // namespace gate41::testing
