// Keys and kinds of nodes: each mistake once, with the exact text that a person gets.
#include "cases.hpp"

namespace gate41::config {
namespace {

const Case kCases[] = {
    Case{"UnknownKey", kGateway, "state:", "colour:",
         "f:14:1: colour: unknown key; allowed: role, instance, ports, wan, tunnels, lans, filter, relay, "
         "host, workers, eal, on_stop, lab_allow_prefixes, state, management, log\n"},
    Case{"UnknownKeyNearAKnownOne", kGateway, "mode: 6to4\n",
         "mode: 6to4\n"
         "    relayz: []\n",
         "f:10:5: tunnels.main.relayz: unknown key; did you mean relays?\n"},
    Case{"UnknownKeyInFlowMap", kGateway, "device: net_null0", "device: net_null0, speed: 9",
         "f:3:29: ports.wan.speed: unknown key; allowed: device, vlan\n"},
    Case{"UnknownKeyOfTheFilter", kGateway, "role: gateway",
         "role: gateway\n"
         "filter: { colour: red }",
         "f:2:11: filter.colour: unknown key; allowed: profile, max_flows, host_flows, allow_echo, mapping, "
         "timeouts, inbound\n"},
    Case{"DuplicateKey", kGateway, "state: /var/lib/gate41",
         "state: /a\n"
         "state: /b",
         "f:15:1: state: duplicate key, first at line 14; allowed: each key once\n"},
    Case{"DuplicateName", kGateway,
         "  home:\n"
         "    port: lan\n",
         "  home:\n"
         "    port: lan\n"
         "  home: { port: lan }\n",
         "f:14:3: lans.home: duplicate key, first at line 12; allowed: each key once\n"},
    Case{"DuplicateMap", kGateway, "state: /var",
         "wan: { port: wan }\n"
         "state: /var",
         "f:14:1: wan: duplicate key, first at line 5; allowed: each key once\n"},
    Case{"MissingMap", kGateway,
         "wan:\n"
         "  port: wan\n",
         "", "f:1:1: wan: missing key; allowed: a map\n"},
    Case{"MissingKeyAtItsMap", kGateway, "  port: wan\n", "  acd: strict\n",
         "f:5:1: wan.port: missing key; allowed: a name under ports\n"},
    Case{"MissingKeyInFlowMap", kGateway, "{ device: net_null0 }", "{ vlan: 3 }",
         "f:3:3: ports.wan.device: missing key; allowed: a PCI address (\"0000:00:03.0\") or a DPDK vdev "
         "with its arguments (\"net_af_packet0,iface=eth0\")\n"},
    Case{"MissingMode", kGateway, "    mode: 6to4\n", "",
         "f:8:3: tunnels.main.mode: missing key; allowed: auto | 6to4 | 6rd | 6in4\n"},
    Case{"BadPortName", kGateway, "  lan: {", "  LAN 1: {",
         "f:4:3: ports.\"LAN 1\": \"LAN 1\" is not a name; allowed: 1 to 15 of a-z, 0-9 and -\n"
         "f:13:11: lans.home.port: no port \"lan\"; allowed: LAN 1, wan\n"},
    Case{"LanNameTooLong", kGateway, "  home:", "  thirteen-char:",
         "f:12:3: lans.thirteen-char: \"thirteen-char\" is not a name of a LAN; allowed: 1 to 12 of a-z, 0-9 "
         "and -, not wan\n"},
    Case{"LanNamedWan", kGateway, "  home:", "  wan:",
         "f:12:3: lans.wan: \"wan\" is taken by the WAN's interface g41wan; allowed: 1 to 12 of a-z, 0-9 and "
         "-, not wan\n"},
    Case{"ListForMap", kGateway,
         "wan:\n"
         "  port: wan",
         "wan: [wan]", "f:5:6: wan: a list stands here; allowed: a map\n"},
    Case{"MapForValue", kGateway, "mode: 6to4", "mode: { a: 1 }",
         "f:9:11: tunnels.main.mode: a map stands here; allowed: auto | 6to4 | 6rd | 6in4\n"},
    Case{"NothingForMap", kGateway,
         "lans:\n"
         "  home:\n"
         "    port: lan\n",
         "lans:\n", "f:11:1: lans: nothing stands here; allowed: a map of names\n"},
    Case{"NothingForValue", kGateway, "port: wan",
         "port:", "f:6:3: wan.port: nothing stands here; allowed: a name under ports\n"},
    Case{"ValueForList", kGateway, "relays: [11.0.0.3]", "relays: 11.0.0.3",
         "f:10:13: tunnels.main.relays: a single value stands here; allowed: a list of IPv4 addresses\n"},
    Case{"Alias", kGateway, "role: gateway",
         "role: &r gateway\n"
         "instance: *r",
         "f:2:11: instance: an alias stands here; allowed: 1 to 15 of a-z, 0-9 and -\n"},
};

INSTANTIATE_TEST_SUITE_P(Keys, LoadProblem, testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace gate41::config
