// Rules that look at more than one key: each mistake once, with the exact text that a person gets.
#include "cases.hpp"

namespace gate41::config {
namespace {

const Case kCases[] = {
    Case{"WanPortUnknown", kGateway, "port: wan", "port: wam",
         "f:6:9: wan.port: no port \"wam\"; allowed: lan, wan\n"},
    Case{"LanPortUnknown", kGateway, "port: lan", "port: lam",
         "f:13:11: lans.home.port: no port \"lam\"; allowed: lan, wan\n"},
    Case{"SameDevice", kGateway, "net_null1", "net_null0",
         "f:3:18: ports.wan.device: same device and vlan as port lan; allowed: another device, or another "
         "vlan\n"},
    Case{"LanPortTwice", kGateway, "port: lan\n",
         "port: lan\n"
         "  guest: { port: lan, subnet_id: 2 }\n",
         "f:14:18: lans.guest.port: port of LAN home already; allowed: a port a LAN\n"},
    Case{"SubnetTwice", kGateway, "port: lan\n",
         "port: lan\n"
         "  guest: { port: wan }\n",
         "f:14:3: lans.guest.subnet_id: 1 is the subnet of LAN home already; allowed: a subnet_id a LAN\n"},
    Case{"GatewayWithoutRelays", kGateway, "    relays: [11.0.0.3]\n", "",
         "f:8:3: tunnels.main.relays: no relay, and none is preset; allowed: the IPv4 addresses of relays "
         "that you may use, as in [192.88.99.1]\n"},
    Case{"GatewayWithEmptyRelays", kGateway, "[11.0.0.3]", "[]",
         "f:10:13: tunnels.main.relays: no relay, and none is preset; allowed: the IPv4 addresses of relays "
         "that you may use, as in [192.88.99.1]\n"},
    Case{"SecondTunnel", kGateway, "lans:",
         "  more: { mode: 6to4, relays: [11.0.0.4] }\n"
         "lans:",
         "f:11:17: tunnels.more.mode: a second 6to4 beside that of tunnel main; allowed: one tunnel of mode "
         "6to4 or auto\n"},
    Case{"NoTunnel", kGateway,
         "tunnels:\n"
         "  main:\n"
         "    mode: 6to4\n"
         "    relays: [11.0.0.3]\n",
         "tunnels: {}\n", "f:7:1: tunnels: no tunnel; allowed: at least one tunnel\n"},
    Case{"OneCoreTwice", kGateway, "state:",
         "workers: { cores: [1, 2, 1] }\n"
         "state:",
         "f:14:19: workers.cores: core 1 is there twice; allowed: every core once\n"},
    Case{"MoreThan32Cores", kGateway, "state:",
         "workers: { cores: "
         "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32] "
         "}\n"
         "state:",
         "f:14:19: workers.cores: 33 workers are too many; allowed: at most 32 cores\n"},
    Case{"NoCores", kGateway, "state:",
         "workers: { cores: [] }\n"
         "state:",
         "f:14:19: workers.cores: the list is empty; allowed: auto, or a list of cores, as in [1, 2]\n"},
    Case{"RelayKeysInGateway", kGateway, "state:",
         "relay: { native: { port: lan, address: \"2600:41::3/64\", gateway: \"2600:41::1\" } }\n"
         "state:",
         "f:14:1: relay: has no place in role gateway; allowed: in role relay only\n"},
};

INSTANTIATE_TEST_SUITE_P(AcrossKeys, LoadProblem, testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace gate41::config
