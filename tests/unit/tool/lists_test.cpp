// The text of the other commands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Json counters() {
  return Json::parse(R"({"conserved": true, "totals": {"rx": 1000, "tx": 990},
    "drops": [{"reason": "source_spoofed", "sentence": "wrong source", "rows": "C7 C8", "count": 10},
              {"reason": "never_seen", "sentence": "nothing", "rows": "", "count": 0}],
    "exceptions": [{"class": "arp", "packets": 5, "policed": 0}, {"class": "mld", "packets": 0, "policed": 0}],
    "icmp": {"sent": 3, "limited": 1, "echo_replies": 2}, "flows": {"created": 7, "expired": 6},
    "workers": {"busy": 100, "idle": 300, "nap": 600, "each": [
      {"worker": 0, "rx": 9, "handed_out": 4, "handed_in": 0, "tx": 5, "dropped": 0, "flows": 2, "busy": 20, "idle": 80, "nap": 0},
      {"worker": 1, "rx": 0, "handed_out": 0, "handed_in": 4, "tx": 3, "dropped": 1, "flows": 1, "busy": 1, "idle": 1, "nap": 2}]}})");
}

TEST(ToolCounters, ShowDropsByReasonWithSentenceAndRows) {
  const std::string text = render_counters(counters(), {});
  EXPECT_THAT(text, HasSubstr("\nDrops\n  10  source_spoofed  wrong source  [C7 C8]\n"));
  EXPECT_THAT(text, Not(HasSubstr("never_seen")));
  EXPECT_THAT(text, Not(HasSubstr("mld")));
}

TEST(ToolRoutes, ShowTheTableAndTheCounts) {
  const Json routes = Json::parse(R"({"routes": [
      {"prefix": "2002::/16", "from": null, "way": "direct", "next_hop": null, "by": "6to4"},
      {"prefix": "2600:42::/32", "from": null, "way": "native", "next_hop": "fe80::1", "by": "native"}],
    "native": {"count": 1, "max": 9, "next_hops": 1, "refused": 2, "complete": false},
    "offered": "2002::/16 and 192.88.99.0/24"})");
  EXPECT_EQ(render_routes(routes, {}),
            "PREFIX        FROM  WAY     NEXT HOP  BY\n"
            "2002::/16           direct            6to4\n"
            "2600:42::/32        native  fe80::1   native\n"
            "1 native routes by 1 next hops (at most 9), not all that the kernel has\n"
            "2 were refused\n"
            "2002::/16 and 192.88.99.0/24 may be announced\n");
}

TEST(ToolRoutes, ShowThoseOfADestination) {
  EXPECT_EQ(render_routes(Json::parse(R"({"destination": "2600:41::1", "routes": [
      {"prefix": "::/0", "from": "2002:b00:1::/48", "way": "relay", "next_hop": null, "by": "6to4"}]})"),
                          {}),
            "PREFIX  FROM             WAY    NEXT HOP  BY\n"
            "::/0    2002:b00:1::/48  relay            6to4\n");
  EXPECT_EQ(render_routes(Json::parse(R"({"destination": "2600:41::1", "routes": []})"), {}),
            "no route to 2600:41::1\n");
}

TEST(ToolCounters, ShowThoseAtZeroWithAll) {
  const std::string text = render_counters(counters(), {.all = true});
  EXPECT_THAT(text, HasSubstr("   0  never_seen      nothing\n"));
  EXPECT_THAT(text, HasSubstr("  mld          0              0\n"));
}

TEST(ToolCounters, ShowTotalsFlowsAndSharesOfTime) {
  const std::string text = render_counters(counters(), {});
  EXPECT_THAT(text, HasSubstr("\nPackets\n  rx  1000\n  tx   990\n"));
  EXPECT_THAT(text, HasSubstr("\nFlows\n  created  7\n  expired  6\n"));
  EXPECT_THAT(text, HasSubstr("busy 10.0 %, idle 30.0 %, asleep 60.0 %\n"
                              "  WORKER  RX  HANDED OUT  HANDED IN  TX  DROPPED  FLOWS    BUSY\n"
                              "  0        9           4          0   5        0      2  20.0 %\n"
                              "  1        0           0          4   3        1      1  25.0 %\n"));
}

TEST(ToolCounters, SayWhenPacketsAreNotAccountedFor) {
  EXPECT_TRUE(render_counters(counters(), {}).starts_with("  Every packet is accounted for.\n"));
  Json odd = counters();
  odd["conserved"] = false;
  EXPECT_TRUE(render_counters(odd, {}).starts_with("! Packets are not all accounted for"));
}

TEST(ToolNeighbours, AreATableThatNamesRoutersAndMismatches) {
  const Json neighbours = Json::parse(R"([
    {"lan": "home", "address": "fe80::1", "mac": "02:00:00:00:00:01", "state": "reachable", "router": true,
     "lladdr_mismatch": true, "age": 61},
    {"lan": "wan", "address": "11.0.0.1", "mac": "02:00:00:00:00:02", "state": "stale", "router": false,
     "lladdr_mismatch": false, "age": null}])");
  EXPECT_EQ(render_neighbours(neighbours, {}),
            "LAN   ADDRESS   MAC                STATE            AGE  NOTES\n"
            "home  fe80::1   02:00:00:00:00:01  reachable  1 min 1 s  router, announces another MAC than it "
            "sends from\n"
            "wan   11.0.0.1  02:00:00:00:00:02  stale              -\n");
}

TEST(ToolFlows, AreRowsOfATable) {
  Table table = flow_table();
  table.add(flow_row(Json::parse(R"({"proto": "tcp", "interior": "[2002:b00:2:1::5]:40000",
    "exterior": "[2600:41::80]:443", "state": "established", "age": 5, "expires_in": 7440, "bytes": 2048,
    "rate": 409, "pinhole": true, "outer_source": "192.88.99.1"})")));
  const std::string text = table.take();
  EXPECT_THAT(text, HasSubstr("PROTO  INTERIOR "));
  EXPECT_THAT(text,
              HasSubstr("\ntcp    [2002:b00:2:1::5]:40000  [2600:41::80]:443  established  5 s   2 h 4 min  "
                        "2.0 KiB  409 B/s  192.88.99.1  pinhole\n"));
}

TEST(ToolTunnels, ShowTheirRelays) {
  const std::string text =
      render_tunnels(Json::parse(R"([{"name": "main", "mode": "6to4", "local": "11.0.0.2",
    "external": "11.0.0.2", "prefix": "2002:b00:2::/48", "mtu": 1280, "encap_packets": 10, "encap_bytes": 1024,
    "decap_packets": 9, "decap_bytes": 512, "ecn_marked": 1, "other_relay": 2, "fragmented": 3, "fast_ids": 4,
    "relays": [
      {"address": "192.88.99.1", "alive": false, "misses": 3, "rtt_ms": null, "sentence": "3 probes unanswered"},
      {"address": "11.0.0.3", "alive": true, "state": "probing", "misses": 0, "rtt_ms": 0.25}]}])"),
                     {});
  EXPECT_THAT(text, HasSubstr("main 6to4\n"));
  EXPECT_THAT(text, HasSubstr("2002:b00:2::/48, MTU 1280 bytes\n"));
  EXPECT_THAT(text, HasSubstr("10 packets, 1.0 KiB\n"));
  EXPECT_THAT(text, HasSubstr("3 sent in IPv4 fragments, 4 too fast for their IPv4 identifications\n"));
  EXPECT_THAT(text, HasSubstr("! relay 192.88.99.1: dead, rtt -, 3 probes missed; 3 probes unanswered\n"));
  EXPECT_THAT(text, HasSubstr("  relay 11.0.0.3: probing, rtt 0.2 ms, 0 probes missed\n"));
}

// proves: D32
TEST(ToolTunnels, ShowTheLinkLocalAddressOfConfiguredOnes) {
  const auto shown = [](const char* link_local) {
    return render_tunnels(Json::parse(R"([{"name": "main", "mode": "6in4", "local": "11.0.0.2",
      "external": "11.0.0.2", "link_local": )" +
                                      std::string(link_local) + "}]"),
                          {});
  };
  EXPECT_THAT(shown(R"("fe80::b00:2")"), HasSubstr("11.0.0.2, external 11.0.0.2, link-local fe80::b00:2\n"));
  EXPECT_THAT(shown("null"), HasSubstr("11.0.0.2, external 11.0.0.2\n"));
}

// proves: S26
TEST(ToolTunnels, ShowWhoIsKeptAliveAndHowOftenThatWasNeeded) {
  const std::string text =
      render_tunnels(Json::parse(R"([{"name": "main", "keepalive": {"interval": 90, "targets": [
        {"address": "192.88.99.2", "sent": 12, "suppressed": 0},
        {"address": "192.88.99.1", "sent": 0, "suppressed": 7}]}}])"),
                     {});
  EXPECT_THAT(text, HasSubstr("  keep-alive to 192.88.99.2 every 1 min 30 s: 12 sent, 0 not needed\n"));
  EXPECT_THAT(text, HasSubstr("  keep-alive to 192.88.99.1 every 1 min 30 s: 0 sent, 7 not needed\n"));
}

TEST(ToolTunnels, SayNothingOfAKeepAliveThatIsOff) {
  const std::string text = render_tunnels(Json::parse(R"([{"name": "main", "keepalive": null}])"), {});
  EXPECT_THAT(text, Not(HasSubstr("keep-alive")));
}

// proves: D11
TEST(ToolTunnels, ShowTheirNarrowPathsAndHowManyMoreThereAre) {
  const std::string text =
      render_tunnels(Json::parse(R"([{"name": "main", "prefix": "2002:b00:2::/48", "mtu": 1480,
    "mtu_mode": "auto", "narrow_paths": 23, "paths": [{"endpoint": "11.0.3.99", "mtu": 1400, "left": 65}]}])"),
                     {});
  EXPECT_THAT(text, HasSubstr("2002:b00:2::/48, MTU 1480 bytes, less on 23 paths\n"));
  EXPECT_THAT(text, HasSubstr("  path to 11.0.3.99 carries 1400 bytes of IPv4; forgotten in 1 min 5 s\n"));
  EXPECT_THAT(text, HasSubstr("  and 22 more\n"));
}

TEST(ToolDhcp, ShowsTheLeaseWhenThereIsOne) {
  EXPECT_EQ(
      render_dhcp({{"state", "selecting"}, {"sentence", "waiting for an offer"}, {"lease", nullptr}}, {}),
      "waiting for an offer\n");
  const std::string text = render_dhcp(Json::parse(R"({"state": "bound", "sentence": "fine", "lease": {
    "address": "11.0.0.2", "prefix_length": 24, "router": "11.0.0.1", "server": "11.0.0.1", "dns": ["11.0.0.53"],
    "mtu": null, "renew_in": 60, "rebind_in": 120, "expires_in": 180, "options": "0104ffffff00"}})"),
                                       {});
  EXPECT_THAT(text, HasSubstr("Address      11.0.0.2/24\n"));
  EXPECT_THAT(text, HasSubstr("Expires in   3 min 0 s\n"));
  EXPECT_THAT(text, HasSubstr("Options      0104ffffff00\n"));
  EXPECT_THAT(text, Not(HasSubstr("MTU")));
  EXPECT_THAT(text, Not(HasSubstr("212")));
}

// proves: E3 U9
TEST(ToolDhcp, ShowsTheBytesAndTheValuesOfOption212) {
  const std::string text =
      render_dhcp(Json::parse(R"({"state": "bound", "sentence": "fine", "lease": {"six_rd": {
        "option": "08202600", "prefix": "2600:41::/32", "ipv4_mask_len": 8,
        "border_relays": ["11.0.0.9", "11.0.0.8"]}}})"),
                  {});
  EXPECT_THAT(text, HasSubstr("Option 212   08202600\n"));
  EXPECT_THAT(text,
              HasSubstr("6rd          2600:41::/32, IPv4 mask length 8, border relays 11.0.0.9, 11.0.0.8\n"));
}

// proves: U9
TEST(ToolDhcp, SaysWhyOption212IsIgnored) {
  const std::string text =
      render_dhcp(Json::parse(R"({"state": "bound", "sentence": "fine", "lease": {"six_rd": {
        "option": "0820", "ignored": "option 212 ignored: it is 2 bytes long"}}})"),
                  {});
  EXPECT_THAT(text, HasSubstr("Option 212   0820\n"));
  EXPECT_THAT(text, HasSubstr(" option 212 ignored: it is 2 bytes long\n"));
}

TEST(ToolRa, ShowsOurOwnAndWhoElseAdvertises) {
  const std::string text =
      render_ra(Json::parse(R"([{"lan": "home", "state": "running", "sentence": "next in 3 min",
    "sent": 12, "ra": ["prefix 2002:b00:2:1::/64"], "stale": [{"prefix": "2002:b00:9:1::/64", "left": 7200}],
    "others": [{"address": "fe80::9", "mac": "02:00:00:00:00:09", "default": true, "prefixes": ["2600:41:5::/64"]}]}])"),
                {});
  EXPECT_EQ(text,
            "LAN home: next in 3 min (12 sent)\n"
            "  prefix 2002:b00:2:1::/64\n"
            "  2002:b00:9:1::/64 is being withdrawn, 2 h 0 min left\n"
            "! another router: fe80::9 (02:00:00:00:00:09), a default router, prefixes 2600:41:5::/64\n");
}

TEST(ToolPorts, MarkALinkThatIsDown) {
  const std::string text =
      render_ports(Json::parse(R"([{"name": "wan", "device": "0000:00:03.0", "driver": "net_virtio",
    "mac": "02:00:00:00:00:01", "mtu": 1500, "link": "down", "vlan": 0, "rx_path": "vector", "idle": "nap",
    "rx_packets": 5, "tx_packets": 6, "rx_bytes": 500, "tx_bytes": 2048, "rx_missed": 1, "rx_errors": 2, "tx_errors": 3}])"),
                   {});
  EXPECT_THAT(
      text,
      HasSubstr("\n!  wan   0000:00:03.0  net_virtio  02:00:00:00:00:01  1500     0  down  nap   vector\n"));
  EXPECT_THAT(
      text, HasSubstr("\nwan            5    500 B            6   2.0 KiB       1          2           3\n"));
}

// proves: C28
TEST(ToolTunnels, NameTheLastSiteOverItsRate) {
  EXPECT_THAT(render_tunnels(Json::parse(R"([{"name": "main", "fast_site": "11.0.3.99"}])"), {}),
              HasSubstr("11.0.3.99 is the last site that sent more than relay.site_limit.rate\n"));
  EXPECT_THAT(render_tunnels(Json::parse(R"([{"name": "main", "fast_site": null}])"), {}),
              Not(HasSubstr("site_limit")));
}

// proves: C27 S87
TEST(ToolDrops, NameReasonAndBothPairsOfAddresses) {
  const Json drops = Json::parse(R"({"missed": 0, "drops": [
      {"ago": 12.34, "reason": "inner_source_own", "port": "wan",
       "ipv4": {"source": "192.0.2.1", "destination": "198.51.100.2"},
       "ipv6": {"source": "2600:41::80", "destination": "2002:b00:2:1::10"}, "proto": "icmpv6", "icmp_type": 128},
      {"ago": 0.5, "reason": "filter_unsolicited", "port": "wan",
       "ipv4": {"source": "192.88.99.1", "destination": "198.51.100.2"},
       "ipv6": {"source": "2600:41::80", "destination": "2002:b00:2:1::10"}, "proto": "tcp",
       "source_port": 40000, "destination_port": 22}]})");
  EXPECT_EQ(
      render_drops(drops, {}),
      "12.3 s ago  inner_source_own    wan  from 192.0.2.1 to 198.51.100.2: 2600:41::80 > 2002:b00:2:1::10 "
      "icmpv6 128\n"
      " 0.5 s ago  filter_unsolicited  wan  from 192.88.99.1 to 198.51.100.2: 2600:41::80 > "
      "2002:b00:2:1::10 tcp 40000 > 22\n");
}

TEST(ToolDrops, ShowWhatIsKnown) {
  EXPECT_EQ(render_drops(Json::parse(R"({"drops": [
                {"ago": 1, "reason": "ipv4_unsolicited", "port": null, "ipv6": null, "proto": "udp",
                 "ipv4": {"source": "192.0.2.1", "destination": "198.51.100.2"}},
                {"ago": 1, "reason": "ether_type_unknown", "port": "lan", "ipv4": null, "ipv6": null}]})"),
                         {}),
            "1.0 s ago  ipv4_unsolicited    -    from 192.0.2.1 to 198.51.100.2 udp\n"
            "1.0 s ago  ether_type_unknown  lan  -\n");
}

TEST(ToolDrops, SayThatThereAreNoneAndThatSomeFoundNoRoom) {
  EXPECT_EQ(render_drops(Json::parse(R"({"drops": [], "missed": 3})"), {}),
            "nothing was dropped\n3 samples found no room\n");
}

TEST(ToolReload, ListsTheChanges) {
  EXPECT_EQ(render_reload({{"changes", {"a: 1 -> 2", "b: 3 -> 4"}}}, {}), "a: 1 -> 2\nb: 3 -> 4\n");
  EXPECT_EQ(render_reload({{"changes", Json::array()}}, {}), "nothing has changed\n");
}

TEST(ToolRender, SurvivesAnswersOfAnotherShape) {
  for (const char* command : {"drops", "health", "doctor", "counters", "neighbours", "tunnels", "dhcp", "ra",
                              "ports", "reload", "version", "unheard-of"})
    for (const char* value :
         {"null", "7", "\"x\"", "[]", "{}", "[7]", "[null]", "[[]]", R"({"lease":[],"workers":7})"})
      EXPECT_FALSE(render(command, Json::parse(value), {}).find('\x1b') != std::string::npos)
          << command << value;
}

}  // namespace
}  // namespace gate41::tool
