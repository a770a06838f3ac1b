// The program against a real server: exit codes, JSON, streams, captures.
#include "tests/unit/tool/program.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>

#include "control/operator/listener.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Program, PrintsTextAndEndsWith0) {
  Site site;
  Program program({"--socket", site.path, "dhcp"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_EQ(program.output(), "bound\n");
  EXPECT_THAT(program.errors(), IsEmpty());
}

TEST(Program, PrintsTheDaemonsJsonAsItIs) {
  Site site;
  Program program({"neigh", "--json", "--socket", site.path});
  run(site, program);
  EXPECT_EQ(program.output(), "[{\"lan\":\"home\"},{\"lan\":\"wan\"}]\n");
}

// proves: S23
TEST(Program, HealthEndsWith1WhereItIsNotHealthy) {
  Site site;
  Program program({"--socket", site.path, "health"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 1);
  EXPECT_THAT(program.output(), HasSubstr("no lease"));
}

TEST(Program, EndsWith1WhereTheDaemonSaysNo) {
  Site site;
  site.view.reload_answer = fail("ports.wan.device: needs a restart\x1b[2J");
  Program program({"--socket", site.path, "reload"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 1);
  EXPECT_EQ(program.errors(), "gate41: ports.wan.device: needs a restart\\x1b[2J\n");
}

TEST(Program, EndsWith2OnAMistake) {
  Site site;
  Program program({"--socket", site.path, "sing"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 2);
  EXPECT_EQ(
      program.errors(),
      "gate41: there is no command `sing`; the commands are: status, console, health, neighbours, tunnels, "
      "dhcp, ra, ports, doctor, reload, version, counters, flows, pinhole, trace, drops, capture, routes, "
      "ping, traceroute, diff, setup, completion\n");
}

TEST(Program, AsksForACommandAndListsThem) {
  Site site;
  Program program({});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 2);
  EXPECT_THAT(program.errors(), HasSubstr("a command is needed; the commands are: status, "));
}

TEST(Program, NamesAnUnknownOption) {
  Site site;
  Program program({"--sing", "status"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 2);
  EXPECT_THAT(program.errors(), HasSubstr("--sing"));
}

TEST(Program, EndsWith3WithoutADaemonAndSaysWhereItLooked) {
  Site site;
  Program program({"--socket", site.folder / "none.sock", "status"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 3);
  EXPECT_THAT(program.errors(), HasSubstr("no daemon at " + (site.folder / "none.sock")));
  EXPECT_THAT(program.errors(), HasSubstr("start gate41d"));
}

TEST(Program, EndsWith3WhereTheDaemonHangsUp) {
  Site site;
  const auto listener = op::listen_at(site.folder / "raw.sock", "root");
  ASSERT_TRUE(listener);
  Program program({"--socket", site.folder / "raw.sock", "status"});
  loop::Fd peer;
  ASSERT_TRUE(site.until([&] {
    peer.reset(::accept(listener->get(), nullptr, nullptr));
    return static_cast<bool>(peer);
  }));
  ASSERT_GT(::send(peer.get(), "{\"version\"", 10, MSG_NOSIGNAL), 0);
  peer.reset();
  run(site, program);
  EXPECT_EQ(program.exit_code(), 3);
  EXPECT_THAT(program.errors(), HasSubstr("hung up"));
}

TEST(Program, VersionNeedsNoDaemon) {
  Site site;
  Program without({"--socket", site.folder / "none.sock", "version"});
  run(site, without);
  EXPECT_EQ(without.exit_code(), 0);
  EXPECT_EQ(without.output(), "gate41 " GATE41_VERSION "\n");
  Program with({"--socket", site.path, "version", "--json"});
  run(site, with);
  EXPECT_EQ(with.output(), "{\"daemon\":{\"version\":\"9.8.7\"},\"tool\":\"" GATE41_VERSION "\"}\n");
}

TEST(Program, ShowsFlowsThatTheDaemonFinds) {
  Site site;
  Program program({"--socket", site.path, "flows", "--proto", "udp"});
  ASSERT_TRUE(site.until([&] { return site.view.push_rows != nullptr; }));
  EXPECT_EQ(site.view.wanted_flows->selection.protocol, 17);
  site.view.push_rows({{{"proto", "udp"}, {"state", "b"}}});
  site.view.flows_done();
  run(site, program);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_THAT(program.output(), HasSubstr("\nudp    -         -         b "));
  EXPECT_THAT(program.output(), HasSubstr("\n1 flow\n"));
}

TEST(Program, ShowsEveryOneOfManyFlows) {
  Site site;
  Program program({"--socket", site.path, "flows", "--json"});
  ASSERT_TRUE(site.until([&] { return site.view.push_rows != nullptr; }));
  for (int chunk = 0; chunk < 50; ++chunk)
    site.view.push_rows(std::vector<Json>(100, {{"proto", "tcp"}, {"chunk", chunk}}));
  site.view.flows_done();
  run(site, program);
  EXPECT_EQ(std::count(program.output().begin(), program.output().end(), '\n'), 5000);
}

TEST(Program, CapturesIntoAFileThatOnlyItsOwnerReads) {
  Site site;
  const std::string file = site.folder / "a.pcapng";
  Program program({"--socket", site.path, "capture", "--drops", "--count", "3", file});
  ASSERT_TRUE(site.until([&] { return site.view.is_capturing; }));
  EXPECT_TRUE(site.view.capture_drops);
  EXPECT_EQ(site.view.capture_max, 3U);
  ASSERT_EQ(::write(site.view.capture_file.get(), "packets", 7), 7);
  site.view.is_capturing = false;
  site.server->on_turn(now());
  run(site, program);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_EQ(program.errors(), "41 packets captured\n");
  EXPECT_EQ(contents(file), "packets");
  struct stat found {};
  ASSERT_EQ(::stat(file.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST(Program, CapturesToStandardOutput) {
  Site site;
  Program program({"--socket", site.path, "capture", "-"});
  ASSERT_TRUE(site.until([&] { return site.view.is_capturing; }));
  ASSERT_EQ(::write(site.view.capture_file.get(), "packets", 7), 7);
  site.view.capture_file.reset();
  site.view.is_capturing = false;
  site.server->on_turn(now());
  run(site, program);
  EXPECT_EQ(program.output(), "packets");
}

TEST(Program, EndsACaptureOnInterruptAndTellsTheNumber) {
  Site site;
  Program program({"--socket", site.path, "capture", site.folder / "a.pcapng"});
  ASSERT_TRUE(site.until([&] { return site.view.is_capturing; }));
  program.interrupt();
  ASSERT_TRUE(site.until([&] { return site.view.capture_stops > 0; }));
  site.view.is_capturing = false;
  site.server->on_turn(now());
  run(site, program);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_EQ(program.errors(), "41 packets captured\n");
}

const Json kPingAnswer = {{"event", "answer"}, {"seq", 1},         {"from", "2600:41::80"}, {"bytes", 64},
                          {"hop_limit", 57},   {"time_ms", 12.34}, {"duplicate", false}};
Json statistics(int received) { return {{"event", "statistics"}, {"sent", 1}, {"received", received}}; }

// proves: S86
TEST(Program, PingPrintsEachAnswerWhenItComesAndEndsWith0) {
  Site site;
  Program program({"--socket", site.path, "ping", "2600:41::80", "-c", "1", "--source", "2002::1"});
  ASSERT_TRUE(site.until([&] { return site.view.push_event != nullptr; }));
  EXPECT_EQ(site.view.pinged->destination.to_string(), "2600:41::80");
  EXPECT_EQ(site.view.pinged->source->to_string(), "2002::1");
  EXPECT_EQ(site.view.pinged->count, 1);
  site.view.push_event(kPingAnswer);
  ASSERT_TRUE(site.until([&] { return program.ended() || !program.output().empty(); }));
  EXPECT_EQ(program.output(), "64 bytes from 2600:41::80: seq=1 hop limit=57 time=12.3 ms\n");
  site.view.push_event(statistics(1));
  site.view.ping_done();
  run(site, program);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_THAT(program.output(), HasSubstr("\n1 sent, 1 received, 0 % lost\n"));
}

TEST(Program, PingEndsWith1WhereNobodyAnswers) {
  Site site;
  Program program({"--socket", site.path, "ping", "2600:41::80", "--json"});
  ASSERT_TRUE(site.until([&] { return site.view.push_event != nullptr; }));
  site.view.push_event(statistics(0));
  site.view.ping_done();
  run(site, program);
  EXPECT_EQ(program.exit_code(), 1);
  EXPECT_EQ(program.output(), "{\"event\":\"statistics\",\"received\":0,\"sent\":1}\n");
}

TEST(Program, PingSaysWhyTheDaemonRefuses) {
  Site site;
  site.view.ping_error = "the tunnel main is down: the WAN has no IPv4 address";
  Program program({"--socket", site.path, "ping", "2600:41::80"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 1);
  EXPECT_EQ(program.errors(), "gate41: the tunnel main is down: the WAN has no IPv4 address\n");
}

// proves: S86
TEST(Program, PingEndsOnInterruptWithItsStatistics) {
  Site site;
  Program program({"--socket", site.path, "ping", "2600:41::80", "-c", "1000"});
  ASSERT_TRUE(site.until([&] { return site.view.push_event != nullptr; }));
  program.interrupt();
  ASSERT_TRUE(site.until([&] { return !site.view.ended_pings.empty(); }));
  site.view.push_event(statistics(1));
  site.view.ping_done();
  run(site, program);
  EXPECT_EQ(program.exit_code(), 0);
  EXPECT_THAT(program.output(), HasSubstr("1 received"));
}

TEST(Program, TracerouteEndsWith0WhereTheDestinationIsReachedAlone) {
  for (const bool reached : {true, false}) {
    Site site;
    Program program({"--socket", site.path, "traceroute", "2600:41::80", "-m", "4", "-q", "2"});
    ASSERT_TRUE(site.until([&] { return site.view.push_event != nullptr; }));
    EXPECT_TRUE(site.view.pinged->trace);
    EXPECT_EQ(site.view.pinged->max_hops, 4);
    EXPECT_EQ(site.view.pinged->count, 2);
    site.view.push_event({{"event", "end"}, {"reached", reached}, {"sentence", "this is the end"}});
    site.view.ping_done();
    run(site, program);
    EXPECT_EQ(program.exit_code(), reached ? 0 : 1);
    EXPECT_EQ(program.output(), "this is the end\n");
  }
}

TEST(Program, SaysThatTheFileCannotBeWritten) {
  Site site;
  Program program({"--socket", site.path, "capture", site.folder / "no/such/folder"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 2);
  EXPECT_THAT(program.errors(), HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace gate41::testing
