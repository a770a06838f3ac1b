// Each command, and what a request may look like.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/operator/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Json kOk = {{"end", {{"ok", true}}}};

struct Case {
  std::string command;
  std::string method;
  Json value;
};

class ValueCommand : public ::testing::TestWithParam<Case> {};

TEST_P(ValueCommand, AnswersWithTheViewsJsonInOneLine) {
  Site site;
  Peer peer = site.connect();
  peer.ask(GetParam().command);
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(site.view.asked, ElementsAre(GetParam().method));
  EXPECT_THAT(peer.values(), ElementsAre(GetParam().value, kOk));
}

INSTANTIATE_TEST_SUITE_P(
    Operator, ValueCommand,
    ::testing::Values(Case{"status", "status", {{"role", "gateway"}, {"healthy", true}}},
                      Case{"health", "health", {{"healthy", false}, {"reasons", {"no lease"}}}},
                      Case{"neighbours", "neighbours", Json::array({{{"lan", "home"}}, {{"lan", "wan"}}})},
                      Case{"neigh", "neighbours", Json::array({{{"lan", "home"}}, {{"lan", "wan"}}})},
                      Case{"counters", "counters", {{"conserved", true}}},
                      Case{"tunnels", "tunnels", Json::array({{{"name", "main"}}})},
                      Case{"dhcp", "dhcp", {{"state", "bound"}, {"lease", nullptr}}},
                      Case{"ra", "ra", Json::array()},
                      Case{"routes", "routes", {{"destination", "none"}, {"limit", 0}}},
                      Case{"drops", "drops", {{"reason", ""}, {"most", 0}}},
                      Case{"ports", "ports", Json::array({{{"name", "wan"}}})},
                      Case{"pinholes", "pinholes", Json::array({{{"id", 7}}})},
                      Case{"doctor", "doctor", Json::array({{{"check", "links"}, {"ok", true}}})},
                      Case{"version", "version", {{"version", "9.8.7"}}}),
    [](const auto& p) { return p.param.command; });

TEST(Operator, RoutesTakeADestinationAndALimit) {
  Site site;
  Peer peer = site.connect();
  peer.send("{\"version\":1,\"command\":\"routes\",\"count\":7,\"destination\":\"2600:41::1\"}\n");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ElementsAre(Json{{"destination", "2600:41::1"}, {"limit", 7}}, kOk));
}

// proves: S87
TEST(Operator, DropsTakeAReasonAndALimit) {
  Site site;
  Peer peer = site.connect();
  peer.send("{\"version\":1,\"command\":\"drops\",\"count\":7,\"reason\":\"site_rate\"}\n");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ElementsAre(Json{{"reason", "site_rate"}, {"most", 7}}, kOk));
}

TEST(Operator, DropsOfAReasonThatIsNoneAreRefused) {
  Site site;
  Peer peer = site.connect();
  peer.send("{\"version\":1,\"command\":\"drops\",\"reason\":\"weather\"}\n");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_EQ(error_of(peer.values().back()), "there is no reason `weather`");
}

TEST(Operator, AnswersRequestsOfOneConnectionInTheirOrder) {
  Site site;
  Peer peer = site.connect();
  peer.send("{\"version\":1,\"command\":\"version\"}\n{\"version\":1,\"command\":\"counters\"}\n");
  ASSERT_TRUE(site.until([&] {
    peer.read();
    return peer.lines().size() == 4;
  }));
  EXPECT_THAT(peer.values(), ElementsAre(Json{{"version", "9.8.7"}}, kOk, Json{{"conserved", true}}, kOk));
}

TEST(Operator, WaitsForTheRestOfARequestInPieces) {
  Site site;
  Peer peer = site.connect();
  peer.send(R"({"version":1,"comm)");
  site.settle();
  EXPECT_TRUE(site.view.asked.empty());
  peer.send("and\":\"dhcp\"}\n");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(site.view.asked, ElementsAre("dhcp"));
}

TEST(Operator, TakesTheEndOfInputAsTheEndOfTheLine) {
  Site site;
  Peer peer = site.connect();
  peer.send(R"({"version":1,"command":"health"})");
  peer.end_input();
  ASSERT_TRUE(site.closed(peer));
  EXPECT_EQ(peer.values().back(), kOk);
}

TEST(Operator, ReloadTellsWhatChanged) {
  Site site;
  Peer peer = site.connect();
  peer.ask("reload");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ElementsAre(Json{{"changes", {"lans.home.subnet_id: 1 -> 2"}}}, kOk));
}

TEST(Operator, RefusedReloadSaysWhyAndKeepsTheConnection) {
  Site site;
  site.view.reload_answer = fail("ports.wan.device: needs a restart");
  Peer peer = site.connect();
  peer.ask("reload");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_EQ(error_of(peer.values().back()), "ports.wan.device: needs a restart");
  peer.ask("version");
  ASSERT_TRUE(site.until([&] {
    peer.read();
    return peer.lines().size() == 3;
  }));
  EXPECT_EQ(peer.values().back(), kOk);
}

TEST(Operator, SendsAsciiOnlyWhateverTheNetworkSaid) {
  Site site;
  site.view.status_override = {{"a", "\xff\xfe"}, {"b", "\x1b[2J\x7f"}, {"c", "\u009b"}};
  Peer peer = site.connect();
  peer.ask("status");
  ASSERT_TRUE(site.answered(peer));
  const std::string line = peer.lines().front();
  EXPECT_EQ(std::count_if(line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }), 0) << line;
  EXPECT_EQ(peer.values().front()["b"], "\x1b[2J\x7f");
}

struct BadRequest {
  std::string name;
  std::string bytes;
  std::string error;
};

class Misunderstood : public ::testing::TestWithParam<BadRequest> {};

TEST_P(Misunderstood, IsToldWhyAndClosed) {
  Site site;
  Peer peer = site.connect();
  peer.send(GetParam().bytes);
  ASSERT_TRUE(site.closed(peer));
  ASSERT_EQ(peer.values().size(), 1U);
  EXPECT_THAT(error_of(peer.values().front()), HasSubstr(GetParam().error));
  EXPECT_TRUE(site.view.asked.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Operator, Misunderstood,
    ::testing::Values(
        BadRequest{"BrokenJson", "{\"version\":1,\n", "not a JSON object"},
        BadRequest{"NoObject", "[1]\n", "not a JSON object"},
        BadRequest{"EmptyLine", "\n", "not a JSON object"},
        BadRequest{"Binary", std::string("\x00\xff\x16\x03\n", 5), "not a JSON object"},
        BadRequest{"NoVersion", "{\"command\":\"status\"}\n", "no `version`"},
        BadRequest{"OtherVersion", "{\"version\":2,\"command\":\"status\"}\n", "version 2"},
        BadRequest{"VersionIsText", "{\"version\":\"1\",\"command\":\"status\"}\n", "version \"1\""},
        BadRequest{"NoCommand", "{\"version\":1}\n", "no `command`"},
        BadRequest{"CommandIsNumber", "{\"version\":1,\"command\":7}\n", "no `command`"},
        BadRequest{"UnknownCommand", "{\"version\":1,\"command\":\"sing\"}\n", "unknown command `sing`"},
        BadRequest{"DropsIsNumber", "{\"version\":1,\"command\":\"capture\",\"drops\":1}\n", "`drops`"},
        BadRequest{"NegativeCount", "{\"version\":1,\"command\":\"capture\",\"count\":-1}\n", "`count`"},
        BadRequest{"ReasonIsNumber", "{\"version\":1,\"command\":\"drops\",\"reason\":1}\n", "`reason`"},
        BadRequest{"DestinationIsIpv4",
                   "{\"version\":1,\"command\":\"routes\",\"destination\":\"11.0.0.1\"}\n", "`destination`"},
        BadRequest{"DestinationIsNumber", "{\"version\":1,\"command\":\"routes\",\"destination\":1}\n",
                   "`destination`"},
        BadRequest{"DeeplyNested", std::string(60000, '[') + "\n", "not a JSON object"},
        BadRequest{"TooLong", std::string(65537, ' '), "longer than 65536 bytes"}),
    [](const auto& p) { return p.param.name; });

TEST(Operator, TakesARequestOfTheGreatestLength) {
  Site site;
  Peer peer = site.connect();
  std::string request = R"({"version":1,"command":"version"})";
  request += std::string(65536 - request.size(), ' ');
  peer.send(request + "\n");
  ASSERT_TRUE(site.answered(peer));
  EXPECT_EQ(peer.values().back(), kOk);
}

}  // namespace
}  // namespace gate41::testing
