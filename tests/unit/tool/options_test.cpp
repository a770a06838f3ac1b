#include "control/tool/options.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace gate41::tool {
namespace {

CommandLine parse(std::vector<const char*> words) {
  words.insert(words.begin(), "gate41");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

TEST(ToolOptions, AskTheInstanceGate41UnlessToldOtherwise) {
  EXPECT_EQ(parse({"status"}).options->socket, "/run/gate41/gate41.sock");
  EXPECT_EQ(parse({"--instance", "lab-2", "status"}).options->socket, "/run/gate41/lab-2.sock");
  EXPECT_EQ(parse({"--socket", "/tmp/x", "status"}).options->socket, "/tmp/x");
}

TEST(ToolOptions, StandBeforeOrAfterTheCommand) {
  EXPECT_TRUE(parse({"--json", "status"}).options->json);
  const auto options = parse({"status", "--json", "--socket", "/tmp/x"}).options;
  EXPECT_TRUE(options->json);
  EXPECT_EQ(options->socket, "/tmp/x");
}

TEST(ToolOptions, NeighIsNeighbours) {
  EXPECT_EQ(parse({"neigh"}).options->command, "neighbours");
  EXPECT_EQ(parse({"neighbours"}).options->command, "neighbours");
}

TEST(ToolOptions, FlowsTakeAFilter) {
  const auto options = parse({"flows", "--address", "2002::/16", "--interior", "2002:b00::/32", "--exterior",
                              "2600:41::80", "--port", "443", "--proto", "tcp", "--state", "opening", "--lan",
                              "home", "--sort", "rate", "--top", "5"})
                           .options;
  const nlohmann::json expected = {{"address", "2002::/16"},
                                   {"interior", "2002:b00::/32"},
                                   {"exterior", "2600:41::80"},
                                   {"port", 443},
                                   {"proto", "tcp"},
                                   {"state", "opening"},
                                   {"lan", "home"},
                                   {"order", "rate"},
                                   {"top", 5}};
  EXPECT_EQ(options->selection, expected);
  EXPECT_EQ(options->action, "");
}

TEST(ToolOptions, FlowsAreCountedOrRankedByHost) {
  EXPECT_EQ(parse({"flows", "--count", "--lan", "home"}).options->selection,
            (nlohmann::json{{"show", "count"}, {"lan", "home"}}));
  EXPECT_EQ(parse({"flows", "--top-talkers", "3"}).options->selection,
            (nlohmann::json{{"show", "talkers"}, {"top", 3}}));
}

TEST(ToolOptions, FlowsAreDeletedByTheSameFilter) {
  const auto options = parse({"flows", "delete", "--port", "443", "--json"}).options;
  EXPECT_EQ(options->command, "flows");
  EXPECT_EQ(options->action, "delete");
  EXPECT_EQ(options->selection, (nlohmann::json{{"port", 443}}));
  EXPECT_TRUE(options->json);
  EXPECT_EQ(parse({"flows", "--port", "443", "delete"}).options->selection, options->selection);
  EXPECT_EQ(parse({"flows", "delete", "--all"}).options->selection, (nlohmann::json{{"all", true}}));
}

TEST(ToolOptions, PinholeAddTakesWhoAndForHowLong) {
  const auto options = parse({"pinhole", "add", "tcp", "home", "::80", "1000-2000", "--from", "2600:41::/32",
                              "--lifetime", "1h", "--comment", "web"})
                           .options;
  EXPECT_EQ(options->command, "pinhole");
  EXPECT_EQ(options->action, "add");
  EXPECT_EQ(options->pinhole, (nlohmann::json{{"proto", "tcp"},
                                              {"lan", "home"},
                                              {"interface_id", "::80"},
                                              {"port", "1000-2000"},
                                              {"from", "2600:41::/32"},
                                              {"lifetime", "1h"},
                                              {"comment", "web"}}));
  EXPECT_EQ(parse({"pinhole", "add", "echo", "home", "2002:b00:2:1::80"}).options->pinhole,
            (nlohmann::json{{"proto", "echo"}, {"lan", "home"}, {"address", "2002:b00:2:1::80"}}));
}

TEST(ToolOptions, PinholesAreListedAndDeleted) {
  EXPECT_EQ(parse({"pinhole", "list"}).options->action, "list");
  const auto options = parse({"pinhole", "del", "7"}).options;
  EXPECT_EQ(options->action, "del");
  EXPECT_EQ(options->id, 7U);
}

TEST(ToolOptions, CaptureWritesToStandardOutputUnlessAFileIsNamed) {
  EXPECT_EQ(parse({"capture"}).options->file, "-");
  EXPECT_EQ(parse({"capture", "-"}).options->file, "-");
  const auto options = parse({"capture", "--drops", "--count", "9", "a.pcapng"}).options;
  EXPECT_EQ(options->file, "a.pcapng");
  EXPECT_TRUE(options->drops);
  EXPECT_EQ(options->count, 9U);
}

TEST(ToolOptions, RoutesTakeADestinationOrACount) {
  EXPECT_EQ(parse({"routes"}).options->destination, "");
  EXPECT_EQ(parse({"routes"}).options->count, 20U);
  EXPECT_EQ(parse({"routes", "2600:41::1"}).options->destination, "2600:41::1");
  EXPECT_EQ(parse({"routes", "--count", "3"}).options->count, 3U);
}

TEST(ToolOptions, DropsTakeAReasonAndACount) {
  EXPECT_EQ(parse({"drops"}).options->reason, "");
  EXPECT_EQ(parse({"drops"}).options->count, 20U);
  const auto options = parse({"drops", "--reason", "site_rate", "-n", "3"}).options;
  EXPECT_EQ(options->reason, "site_rate");
  EXPECT_EQ(options->count, 3U);
}

TEST(ToolOptions, PingTakesAnAddressAndHowToAsk) {
  const auto usual = parse({"ping", "2600:41::1"}).options;
  EXPECT_EQ(usual->command, "ping");
  EXPECT_EQ(usual->destination, "2600:41::1");
  EXPECT_EQ(usual->source, "");
  EXPECT_EQ(usual->count, 5U);
  EXPECT_EQ(usual->interval, 1);
  EXPECT_EQ(usual->size, 56);
  const auto options =
      parse({"ping", "-c", "1000", "-i", "0.1", "-s", "1452", "--source", "2002::1", "2600:41::1"}).options;
  EXPECT_EQ(options->count, 1000U);
  EXPECT_EQ(options->interval, 0.1);
  EXPECT_EQ(options->size, 1452);
  EXPECT_EQ(options->source, "2002::1");
}

TEST(ToolOptions, TracerouteTakesAnAddressAndHowFarToGo) {
  const auto usual = parse({"traceroute", "2600:41::1"}).options;
  EXPECT_EQ(usual->max_hops, 30);
  EXPECT_EQ(usual->count, 3U);
  const auto options =
      parse({"traceroute", "2600:41::1", "-m", "255", "-q", "10", "--source", "2002::1"}).options;
  EXPECT_EQ(options->max_hops, 255);
  EXPECT_EQ(options->count, 10U);
  EXPECT_EQ(options->source, "2002::1");
}

TEST(ToolOptions, EveryCommandIsKnown) {
  for (const char* command : {"drops", "status", "health", "flows", "neighbours", "counters", "tunnels",
                              "dhcp", "ra", "ports", "routes", "doctor", "capture", "reload", "version"})
    EXPECT_EQ(parse({command}).options->command, command);
}

void expect_mistakes(const std::vector<std::vector<const char*>>& mistakes) {
  for (const auto& mistake : mistakes) {
    const CommandLine line = parse(mistake);
    EXPECT_FALSE(line.options.has_value()) << ::testing::PrintToString(mistake);
    EXPECT_EQ(line.exit_code, 2) << ::testing::PrintToString(mistake);
  }
}

TEST(ToolOptions, MistakesAboutFlowsAndPinholesAreExitCode2) {
  expect_mistakes({
      {"flows", "--port", "65536"},
      {"flows", "--port", "http"},
      {"flows", "--address", "11.0.0.1"},
      {"flows", "--address", "2002::/129"},
      {"flows", "--proto", "smtp"},
      {"flows", "--sort", "colour"},
      {"flows", "--sort", "age", "--top", "0"},
      {"flows", "--sort", "age", "--top", "1001"},
      {"flows", "--count", "--sort", "age"},
      {"flows", "--count", "--top-talkers", "3"},
      {"flows", "--all"},
      {"flows", "remove"},
      {"pinhole"},
      {"pinhole", "open"},
      {"pinhole", "del"},
      {"pinhole", "del", "-1"},
      {"pinhole", "del", "all"},
      {"pinhole", "add", "tcp", "home"},
      {"pinhole", "add", "tcp", "home", "web.example"},
      {"pinhole", "add", "tcp", "home", "::80", "80", "--from", "11.0.0.0/8"},
      {"trace", "-n", "0"},
      {"trace", "--state", "opening"},
      {"trace", "--seconds", "3601"},
  });
}

TEST(ToolOptions, MistakesAreExitCode2) {
  expect_mistakes({
      {},
      {"sing"},
      {"status", "--drops"},
      {"status", "extra"},
      {"status", "health"},
      {"capture", "--count", "-1"},
      {"drops", "-n", "-1"},
      {"drops", "site_rate"},
      {"routes", "11.0.0.1"},
      {"routes", "2002::/16"},
      {"ping"},
      {"ping", "11.0.0.1"},
      {"ping", "web.example"},
      {"ping", "2600:41::1", "2600:41::2"},
      {"ping", "2600:41::1", "-c", "0"},
      {"ping", "2600:41::1", "-c", "1001"},
      {"ping", "2600:41::1", "-c", "-1"},
      {"ping", "2600:41::1", "-i", "0.09"},
      {"ping", "2600:41::1", "-i", "often"},
      {"ping", "2600:41::1", "-i", "nan"},
      {"ping", "2600:41::1", "-s", "1453"},
      {"ping", "2600:41::1", "-s", "-1"},
      {"ping", "2600:41::1", "--source", "wan"},
      {"ping", "2600:41::1", "-m", "3"},
      {"traceroute"},
      {"traceroute", "2002::/16"},
      {"traceroute", "2600:41::1", "-m", "0"},
      {"traceroute", "2600:41::1", "-m", "256"},
      {"traceroute", "2600:41::1", "-q", "0"},
      {"traceroute", "2600:41::1", "-q", "11"},
      {"--instance", "a/b", "status"},
      {"--instance", "x", "--socket", "/tmp/x", "status"},
  });
}

TEST(ToolOptions, HelpAndVersionAreNoMistakes) {
  for (const char* word : {"--help", "-h", "--version"}) {
    EXPECT_FALSE(parse({word}).options.has_value());
    EXPECT_EQ(parse({word}).exit_code, 0);
  }
}

}  // namespace
}  // namespace gate41::tool
