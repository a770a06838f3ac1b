// Pinholes over the socket: what is asked for goes to the view as it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/operator/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const Json kOk = {{"end", {{"ok", true}}}};
const std::string kAdd =
    R"({"version":1,"command":"pinhole_add","proto":"tcp","lan":"home","port":"443","lifetime":"1h","comment":"web"})"
    "\n";

std::string refusal(Site& site, const std::string& request) {
  Peer peer = site.connect();
  peer.send(request);
  return site.answered(peer) ? error_of(peer.values().back()) : "no answer";
}

TEST(OperatorPinhole, IsAddedAndAnsweredWithItsId) {
  Site site;
  Peer peer = site.connect();
  peer.send(kAdd);
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ElementsAre(Json{{"id", FakeView::kPinhole}}, kOk));
  ASSERT_TRUE(site.view.wanted_pinhole);
  EXPECT_THAT(site.view.wanted_pinhole->members,
              ElementsAre(Pair("lan", "home"), Pair("port", "443"), Pair("proto", "tcp")));
  EXPECT_EQ(site.view.wanted_pinhole->lifetime, "1h");
  EXPECT_EQ(site.view.wanted_pinhole->comment, "web");
}

TEST(OperatorPinhole, TheViewsRefusalIsPassedOn) {
  Site site;
  site.view.pinhole_error = "lan: no LAN \"home\"; allowed: a name under lans";
  EXPECT_EQ(refusal(site, kAdd), site.view.pinhole_error);
}

TEST(OperatorPinhole, HasMembersThatAreTexts) {
  Site site;
  EXPECT_EQ(refusal(site, "{\"version\":1,\"command\":\"pinhole_add\",\"port\":443}\n"),
            "`port` must be a text");
}

TEST(OperatorPinhole, IsDeletedByItsId) {
  Site site;
  Peer peer = site.connect();
  peer.send("{\"version\":1,\"command\":\"pinhole_del\",\"id\":7}\n");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ElementsAre(kOk));
  EXPECT_EQ(refusal(site, "{\"version\":1,\"command\":\"pinhole_del\",\"id\":8}\n"), "there is no pinhole 8");
  for (const char* id : {"-1", "\"7\"", "4294967296"})
    EXPECT_EQ(refusal(site, std::string("{\"version\":1,\"command\":\"pinhole_del\",\"id\":") + id + "}\n"),
              "`id` must be a whole number");
}

}  // namespace
}  // namespace gate41::testing
