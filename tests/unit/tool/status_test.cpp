// The screen of `gate41 status`, and health and doctor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Json healthy_gateway() {
  return Json::parse(R"({
    "version": "0.1.0", "instance": "home", "role": "gateway", "uptime": 273840, "healthy": true,
    "states": [
      {"component": "dhcp", "state": "bound", "sentence": "lease from 11.0.0.1, renewed in 30 min", "ok": true},
      {"component": "lan.home", "state": "running", "sentence": "", "ok": true}],
    "wan": {"port": "wan", "address": "10.0.0.2/24", "gateway": "10.0.0.1", "external": "11.0.0.2",
            "behind_nat": true, "dns": ["11.0.0.53", "11.0.0.54"]},
    "withdrawn": [{"prefix": "2002:b00:9::/48", "left": 7200}],
    "tunnels": [{"name": "main", "mode": "6to4", "prefix": "2002:b00:2::/48", "mtu": 1280,
                 "relay": {"address": "192.88.99.1", "alive": true, "rtt_ms": 12.34}}],
    "lans": [{"name": "home", "prefixes": ["2002:b00:2:1::/64"], "neighbours": 5, "ra": "next in 3 min"}],
    "rates": [{"port": "wan", "rx_pps": 1500, "tx_pps": 20, "rx_bps": 12000000, "tx_bps": 9600},
              {"port": "lan", "rx_pps": 20, "tx_pps": 1500, "rx_bps": 9600, "tx_bps": 12000000}],
    "flows": {"current": 12, "max": 65536, "bytes": 10485760}, "drops": 42, "lab_allow": [],
    "events": [{"ago": 65, "text": "relay 192.88.99.1 answers again"}]
  })");
}

std::string screen(const Json& status) { return render_status(status, {}); }

TEST(ToolStatus, StartsWithWhoItIsAndHowItIs) {
  EXPECT_TRUE(screen(healthy_gateway()).starts_with("gate41 0.1.0, gateway `home`, up 3 d 4 h: healthy\n"));
}

TEST(ToolStatus, ShowsEveryStateBySentenceOrElseByName) {
  EXPECT_THAT(screen(healthy_gateway()),
              HasSubstr("\n  dhcp          lease from 11.0.0.1, renewed in 30 min\n"
                        "  lan.home      running\n"));
}

// proves: S23
TEST(ToolStatus, MarksWhatIsNotOk) {
  Json status = healthy_gateway();
  status["healthy"] = false;
  status["states"][0] = {{"component", "relay"}, {"sentence", "no answer to 5 probes"}, {"ok", false}};
  EXPECT_THAT(screen(status), HasSubstr(": NOT HEALTHY\n"));
  EXPECT_THAT(screen(status), HasSubstr("\n! relay         no answer to 5 probes\n"));
}

// proves: X3
TEST(ToolStatus, ShowsTheWanAndThatItIsBehindNat) {
  EXPECT_THAT(
      screen(healthy_gateway()),
      HasSubstr("WAN          10.0.0.2/24 on port wan, gateway 10.0.0.1, external 11.0.0.2, behind NAT, "
                "DNS 11.0.0.53, 11.0.0.54\n"));
  Json status = healthy_gateway();
  status["wan"]["behind_nat"] = false;
  EXPECT_THAT(screen(status), Not(HasSubstr("NAT")));
}

// proves: U11
TEST(ToolStatus, ShowsEachTunnelWithItsPrefixMtuAndRelay) {
  EXPECT_THAT(
      screen(healthy_gateway()),
      HasSubstr(
          "Tunnel main  6to4, 2002:b00:2::/48, MTU 1280 bytes; relay 192.88.99.1 answers in 12.3 ms\n"));
}

TEST(ToolStatus, ShowsWithdrawnPrefixes) {
  EXPECT_THAT(screen(healthy_gateway()),
              HasSubstr("             2002:b00:9::/48 withdrawn, 2 h 0 min left\n"));
}

// proves: X10
TEST(ToolStatus, ShowsThatPathsMayCarryLess) {
  Json status = healthy_gateway();
  status["tunnels"][0].update({{"mtu", 1480}, {"mtu_mode", "auto"}, {"narrow_paths", 3}});
  EXPECT_THAT(screen(status), HasSubstr("MTU 1480 bytes, less on 3 paths; relay"));
  status["tunnels"][0]["narrow_paths"] = 1;
  EXPECT_THAT(screen(status), HasSubstr("MTU 1480 bytes, less on 1 path; relay"));
}

TEST(ToolStatus, ShowsThatTheRelayDoesNotAnswer) {
  Json status = healthy_gateway();
  status["tunnels"][0]["relay"] = {{"address", "192.88.99.1"}, {"alive", false}, {"rtt_ms", nullptr}};
  EXPECT_THAT(screen(status), HasSubstr("; relay 192.88.99.1 does not answer\n"));
}

TEST(ToolStatus, LeavesOutWhatARelayDoesNotHave) {
  Json status = healthy_gateway();
  status["role"] = "relay";
  status["tunnels"][0]["prefix"] = status["tunnels"][0]["relay"] = nullptr;
  status["withdrawn"] = Json::array();
  status["flows"] = {{"current", 0}, {"max", 0}};
  EXPECT_THAT(screen(status), HasSubstr("Tunnel main  6to4, MTU 1280 bytes\n"));
  EXPECT_THAT(screen(status), Not(HasSubstr("\nFlows")));
}

TEST(ToolStatus, ShowsLansWithNeighboursAndAdvertisements) {
  EXPECT_THAT(screen(healthy_gateway()), HasSubstr("LAN home     2002:b00:2:1::/64, neighbours: 5\n"
                                                   "             next in 3 min\n"));
}

TEST(ToolStatus, ShowsRatesInAlignedHumanUnits) {
  EXPECT_THAT(
      screen(healthy_gateway()),
      HasSubstr("Rates        wan  in  12.0 Mbit/s  1.5 kpacket/s  out   9.6 kbit/s    20 packet/s\n"
                "             lan  in   9.6 kbit/s    20 packet/s  out  12.0 Mbit/s  1.5 kpacket/s\n"));
}

TEST(ToolStatus, ShowsFlowsDropsAndEvents) {
  const std::string text = screen(healthy_gateway());
  EXPECT_THAT(text, HasSubstr("Flows        12 of at most 65536 (10.0 MiB)\n"));
  EXPECT_THAT(text, HasSubstr("Drops        42 packets"));
  EXPECT_THAT(text, HasSubstr("\nLast events\n  1 min 5 s ago  relay 192.88.99.1 answers again\n"));
}

// proves: X11
TEST(ToolStatus, ShowsLabPrefixesWhenSet) {
  EXPECT_THAT(screen(healthy_gateway()), Not(HasSubstr("lab_allow")));
  Json status = healthy_gateway();
  status["lab_allow"] = {"198.18.0.0/15"};
  EXPECT_THAT(screen(status), HasSubstr("Lab only     usable by lab_allow_prefixes: 198.18.0.0/15\n"));
}

TEST(ToolStatus, FitsOnOneScreen) {
  const std::string text = screen(healthy_gateway());
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 24);
}

TEST(ToolStatus, ColoursTheVerdictOnATerminalOnly) {
  EXPECT_THAT(render_status(healthy_gateway(), {.colour = true}), HasSubstr("\x1b[32mhealthy\x1b[0m"));
  EXPECT_THAT(screen(healthy_gateway()), Not(HasSubstr("\x1b")));
}

TEST(ToolStatus, KeepsControlCharactersOfTheNetworkOffTheTerminal) {
  Json status = healthy_gateway();
  status["states"][0]["sentence"] = "lease \x1b]0;owned\x07";
  status["wan"]["dns"] = {"\x1b[2J"};
  status["events"][0]["text"] = "a\nb";
  const std::string text = screen(status);
  EXPECT_THAT(text, HasSubstr("lease \\x1b]0;owned\\x07"));
  EXPECT_THAT(text, HasSubstr("DNS \\x1b[2J"));
  EXPECT_THAT(text, HasSubstr("a\\x0ab"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(ToolStatus, SurvivesAnAnswerOfAnotherShape) {
  for (const char* text :
       {"{}", "[]", "null", "7", R"({"wan":[],"lans":{},"rates":7,"flows":null,"states":[1]})"})
    EXPECT_THAT(screen(Json::parse(text)), HasSubstr("NOT HEALTHY")) << text;
}

// proves: S23
TEST(ToolHealth, GivesTheReasons) {
  EXPECT_EQ(render_health({{"healthy", true}, {"reasons", Json::array()}}, {}), "healthy\n");
  EXPECT_EQ(render_health({{"healthy", false}, {"reasons", {"no DHCP offer", "no ARP of the gateway"}}}, {}),
            "NOT HEALTHY\n! no DHCP offer\n! no ARP of the gateway\n");
}

TEST(ToolDoctor, NamesRemediesOfFailedChecksOnly) {
  const Json checks = Json::parse(R"([
    {"check": "links", "ok": true, "sentence": "2 of 2 up", "remedy": "never shown"},
    {"check": "relay", "ok": false, "sentence": "no answer", "remedy": "let protocol 41 through"},
    {"check": "losses net_af_packet0", "ok": true, "sentence": "none"}])");
  EXPECT_EQ(render_doctor(checks, {}),
            "  links                  2 of 2 up\n"
            "! relay                  no answer\n"
            "                         remedy: let protocol 41 through\n"
            "  losses net_af_packet0  none\n"
            "\n1 of 3 checks failed\n");
}

}  // namespace
}  // namespace gate41::tool
