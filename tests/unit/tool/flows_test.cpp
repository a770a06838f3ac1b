// Counts of flows and their deletion, as text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/tool/render.hpp"
#include "tests/unit/tool/program.hpp"

namespace gate41::testing {
namespace {

const Json kCounts = Json::parse(R"({"flows": 1003, "states": [{"state": "opening", "flows": 3},
  {"state": "established", "flows": 1000}], "hosts": [{"address": "2002:b00:2:1::10", "flows": 900, "bytes": 2048}],
  "others": {"flows": 103, "bytes": 1024}})");

TEST(ToolFlowCounts, AreByStateAndByHost) {
  EXPECT_EQ(tool::render_flow_counts(kCounts),
            "STATE        FLOWS\n"
            "opening          3\n"
            "established   1000\n"
            "all           1003\n"
            "\n"
            "LAN HOST          FLOWS    BYTES\n"
            "2002:b00:2:1::10    900  2.0 KiB\n"
            "others              103  1.0 KiB\n");
}

TEST(ToolTalkers, AreHostsAlone) {
  Json value = kCounts;
  value["others"]["flows"] = 0;
  EXPECT_EQ(tool::render_talkers(value),
            "LAN HOST          FLOWS    BYTES\n"
            "2002:b00:2:1::10    900  2.0 KiB\n");
}

TEST(Program, CountsFlows) {
  Site site;
  Program program({"--socket", site.path, "flows", "--count"});
  ASSERT_TRUE(site.until([&] { return site.view.push_rows != nullptr; }));
  EXPECT_EQ(site.view.wanted_flows->shown, op::FlowsShown::count);
  site.view.push_rows({kCounts});
  site.view.flows_done();
  run(site, program);
  EXPECT_EQ(program.output(), tool::render_flow_counts(kCounts));
}

TEST(Program, DeletesFlowsAndSaysHowMany) {
  Site site;
  Program program({"--socket", site.path, "flows", "delete", "--port", "443"});
  ASSERT_TRUE(site.until([&] { return site.view.push_rows != nullptr; }));
  EXPECT_EQ(site.view.asked.back(), "flows_delete");
  site.view.push_rows({Json{{"deleted", 1}}});
  site.view.flows_done();
  run(site, program);
  EXPECT_EQ(program.output(), "1 flow deleted\n");
}

}  // namespace
}  // namespace gate41::testing
