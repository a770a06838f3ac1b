// `gate41 trace`: a packet as text, exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/tool/render.hpp"
#include "tests/unit/tool/program.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;

const Json kRow =
    Json::parse(R"({"packet": 1, "worker": 0, "source": "2600:41::80", "destination": "2002:b00:2:1::10",
  "proto": "tcp", "source_port": 443, "destination_port": 40000, "icmp_type": null, "length": 60, "reason":
  "filter_unsolicited", "steps": [{"stage": "receive", "verdict": "ok", "sentence": "wan"},
  {"stage": "filter", "verdict": "drop", "sentence": "filter_unsolicited: no flow and no pinhole lets it in"}]})");

TEST(ToolTrace, IsALineAStage) {
  EXPECT_EQ(tool::render_packet_trace(kRow),
            "1  2600:41::80 > 2002:b00:2:1::10 tcp 443 > 40000\n"
            "  receive    wan\n"
            "  filter     drop: filter_unsolicited: no flow and no pinhole lets it in\n");
}

TEST(ToolTrace, OfWhatIsNoIpSaysSo) {
  EXPECT_THAT(tool::render_packet_trace(Json::parse(R"({"packet": 2, "source": null})")),
              HasSubstr("2  no IP packet"));
}

TEST(Program, TracesPackets) {
  Site site;
  Program program({"--socket", site.path, "trace", "--port", "443", "--on", "wan", "--dropped", "-n", "1"});
  ASSERT_TRUE(site.until([&] { return site.view.wanted_trace.has_value(); }));
  EXPECT_EQ(site.view.wanted_trace->port, 443);
  EXPECT_EQ(site.view.wanted_trace->on, "wan");
  EXPECT_TRUE(site.view.wanted_trace->dropped);
  EXPECT_EQ(site.view.wanted_trace->count, 1U);
  site.view.push_rows({kRow});
  site.view.flows_done();
  run(site, program);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_EQ(program.output(), tool::render_packet_trace(kRow) + "1 packet\n");
}

TEST(Program, TracingNothingEndsWith1) {
  Site site;
  Program program({"--socket", site.path, "trace"});
  ASSERT_TRUE(site.until([&] { return site.view.wanted_trace.has_value(); }));
  site.view.flows_done();
  run(site, program);
  EXPECT_EQ(program.exit_code(), 1);
  EXPECT_EQ(program.output(), "0 packets\n");
}

}  // namespace
}  // namespace gate41::testing
