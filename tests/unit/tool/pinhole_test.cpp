// `gate41 pinhole`: what goes to the daemon, and its answers as text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/tool/render.hpp"
#include "tests/unit/tool/program.hpp"

namespace gate41::testing {
namespace {

TEST(ToolPinholes, AreALineEach) {
  EXPECT_EQ(tool::render_pinholes(Json::parse(R"([
    {"id": null, "proto": "echo", "lan": "home", "interface_id": "::80", "leads_to": ["2002:b00:2:1::80"], "left": null,
     "comment": ""},
    {"id": 7, "proto": "tcp", "lan": "home", "address": "2600:43::80", "port": "443", "from": "2600:41::/32",
     "leads_to": [], "left": 3600, "comment": "web"}])")),
            "    ID  PROTO  LAN   HOST         PORT  FROM               LEFT  LEADS TO          COMMENT\n"
            "config  echo   home  ::80         -     any                   -  2002:b00:2:1::80\n"
            "     7  tcp    home  2600:43::80  443   2600:41::/32  1 h 0 min  -                 web\n");
}

TEST(ToolPinholes, MayBeNone) {
  EXPECT_EQ(tool::render_pinholes(Json::array()),
            "no pinholes: nothing comes in that the LANs have not asked for\n");
}

TEST(Program, AddsAPinholeAndPrintsItsId) {
  Site site;
  Program program(
      {"--socket", site.path, "pinhole", "add", "tcp", "home", "::80", "443", "--lifetime", "1h"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_EQ(program.output(), "pinhole 7 is open\n");
  EXPECT_EQ(site.view.wanted_pinhole->lifetime, "1h");
}

TEST(Program, SaysWhyAPinholeIsRefused) {
  Site site;
  site.view.pinhole_error = "lan: no LAN \"hone\"; allowed: a name under lans";
  Program program({"--socket", site.path, "pinhole", "add", "tcp", "hone", "::80", "443"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 1);
  EXPECT_EQ(program.errors(), "gate41: lan: no LAN \"hone\"; allowed: a name under lans\n");
}

TEST(Program, DeletesAPinhole) {
  Site site;
  Program program({"--socket", site.path, "pinhole", "del", "7"});
  run(site, program);
  EXPECT_EQ(program.output(), "pinhole 7 is deleted\n");
  Program again({"--socket", site.path, "pinhole", "del", "8"});
  run(site, again);
  EXPECT_EQ(again.exit_code(), 1);
  EXPECT_EQ(again.output(), "");
}

}  // namespace
}  // namespace gate41::testing
