// Words, numbers, units and texts: each mistake once, with the exact text that a person gets.
#include "cases.hpp"

namespace gate41::config {
namespace {

const Case kCases[] = {
    Case{"UnknownRole", kGateway, "role: gateway", "role: bridge",
         "f:1:7: role: \"bridge\" is unknown; allowed: gateway | relay\n"},
    Case{"UnknownMode", kGateway, "mode: 6to4", "mode: 4in6",
         "f:9:11: tunnels.main.mode: \"4in6\" is unknown; allowed: auto | 6to4 | 6rd | 6in4\n"},
    Case{"RxModeOfALaterRelease", kGateway, "state:",
         "workers: { rx_mode: interrupt }\n"
         "state:",
         "f:14:21: workers.rx_mode: \"interrupt\" is not in this release; allowed: polling | adaptive\n"},
    Case{"UnknownProfile", kGateway, "state:",
         "filter: { profile: open }\n"
         "state:",
         "f:14:20: filter.profile: \"open\" is unknown; allowed: strict | simple-security | transparent\n"},
    Case{"TimeoutBelowASecond", kGateway, "state:",
         "filter: { timeouts: { udp: 500ms } }\n"
         "state:",
         "f:14:28: filter.timeouts.udp: \"500ms\" is out of range; allowed: 1s..720h\n"},
    Case{"TimeoutOfHalfASecond", kGateway, "state:",
         "filter: { timeouts: { udp: 1500ms } }\n"
         "state:",
         "f:14:28: filter.timeouts.udp: \"1500ms\" is not a whole number of seconds; allowed: 1s..720h\n"},
    Case{"YamlBooleanOfOldTimes", kGateway, "state:",
         "wan2: 1\n"
         "state:",
         "f:14:1: wan2: unknown key; did you mean wan?\n"},
    Case{"FlagThatIsNoFlag", kGateway, "port: wan",
         "port: wan\n"
         "  dhcp: { release: yes }",
         "f:7:20: wan.dhcp.release: \"yes\" is unknown; allowed: false | true\n"},
    Case{"AutoFlagThatIsNone", kGateway, "state:",
         "eal: { hugepages: maybe }\n"
         "state:",
         "f:14:19: eal.hugepages: \"maybe\" is unknown; allowed: auto | true | false\n"},
    Case{"MtuTooSmall", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    mtu: 1279",
         "f:10:10: tunnels.main.mtu: \"1279\" is out of range; allowed: 1280..1480, or auto\n"},
    Case{"MtuTooLarge", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    mtu: 1481",
         "f:10:10: tunnels.main.mtu: \"1481\" is out of range; allowed: 1280..1480, or auto\n"},
    Case{"MtuNoNumber", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    mtu: automatic",
         "f:10:10: tunnels.main.mtu: \"automatic\" is not a whole number; allowed: 1280..1480, or auto\n"},
    Case{"MtuNegative", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    mtu: -1280",
         "f:10:10: tunnels.main.mtu: \"-1280\" is not a whole number; allowed: 1280..1480, or auto\n"},
    Case{"MtuOctal", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    mtu: 01280",
         "f:10:10: tunnels.main.mtu: \"01280\" is not a whole number; allowed: 1280..1480, or auto\n"},
    Case{"MtuHuge", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    mtu: 99999999999999999999",
         "f:10:10: tunnels.main.mtu: \"99999999999999999999\" is out of range; allowed: 1280..1480, or "
         "auto\n"},
    Case{"Vlan", kGateway, "device: net_null0", "device: net_null0, vlan: 4095",
         "f:3:35: ports.wan.vlan: \"4095\" is out of range; allowed: 0..4094\n"},
    Case{"Dscp", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    dscp: 64",
         "f:10:11: tunnels.main.dscp: \"64\" is out of range; allowed: 0..63, copy or auto\n"},
    Case{"Misses", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    probe: { misses: 11 }",
         "f:10:22: tunnels.main.probe.misses: \"11\" is out of range; allowed: 1..10\n"},
    Case{"SubnetZero", kGateway, "port: lan",
         "port: lan\n"
         "    subnet_id: 0",
         "f:14:16: lans.home.subnet_id: \"0\" is out of range; allowed: 1..65535\n"},
    Case{"MaxFlows", kGateway, "state:",
         "filter: { max_flows: 5 }\n"
         "state:",
         "f:14:22: filter.max_flows: \"5\" is out of range; allowed: auto, or 1024..67108864\n"},
    Case{"FinalRas", kGateway, "state:",
         "on_stop: { final_ras: 4 }\n"
         "state:",
         "f:14:23: on_stop.final_ras: \"4\" is out of range; allowed: 1..3\n"},
    Case{"DurationWithoutUnit", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    probe: { interval: 10 }",
         "f:10:24: tunnels.main.probe.interval: \"10\" needs a unit (ms, s, min, h); allowed: 100ms..5min\n"},
    Case{
        "DurationUnknownUnit", kGateway, "mode: 6to4",
        "mode: 6to4\n"
        "    probe: { interval: 10y }",
        "f:10:24: tunnels.main.probe.interval: \"10y\" needs a unit (ms, s, min, h); allowed: 100ms..5min\n"},
    Case{"DurationTooShort", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    probe: { interval: 99ms }",
         "f:10:24: tunnels.main.probe.interval: \"99ms\" is out of range; allowed: 100ms..5min\n"},
    Case{"DurationTooLong", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    probe: { interval: 301s }",
         "f:10:24: tunnels.main.probe.interval: \"301s\" is out of range; allowed: 100ms..5min\n"},
    Case{"DurationOverflow", kGateway, "mode: 6to4",
         "mode: 6to4\n"
         "    probe: { interval: 9999999999999999999h }",
         "f:10:24: tunnels.main.probe.interval: \"9999999999999999999h\" is out of range; allowed: "
         "100ms..5min\n"},
    Case{"PeriodPartsOfSeconds", kGateway, "port: wan",
         "port: wan\n"
         "  external_address: { http: { period: 60500ms } }",
         "f:7:39: wan.external_address.http.period: \"60500ms\" is not a whole number of seconds; allowed: "
         "1min..24h\n"},
    Case{"SizeWithoutUnit", kGateway, "state:",
         "eal: { memory: 268435456 }\n"
         "state:",
         "f:14:16: eal.memory: \"268435456\" needs a unit (k, M, G); allowed: auto, or 64M..1024G\n"},
    Case{"SizeTooSmall", kGateway, "state:",
         "eal: { memory: 63M }\n"
         "state:",
         "f:14:16: eal.memory: \"63M\" is out of range; allowed: auto, or 64M..1024G\n"},
    Case{"Instance", kGateway, "role: gateway",
         "role: gateway\n"
         "instance: Gate_41",
         "f:2:11: instance: \"Gate_41\" is not a name; allowed: 1 to 15 of a-z, 0-9 and -\n"},
    Case{"RelativeState", kGateway, "/var/lib/gate41", "var/lib",
         "f:14:8: state: \"var/lib\" is not an absolute path; allowed: an absolute path\n"},
    Case{"SocketTooLong", kGateway, "state:",
         "management: { socket: "
         "/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"
         "sssssssss }\n"
         "state:",
         "f:14:23: management.socket: \"/sssssssssssssssssssssssssssssssssssssssssssssssssssssssssss...\" is "
         "too long for a socket; allowed: an absolute path of at most 107 bytes\n"},
    Case{"Group", kGateway, "state:",
         "management: { group: \"a b\" }\n"
         "state:",
         "f:14:22: management.group: \"a b\" is not a name of a group; allowed: the name of a group\n"},
    Case{"Syslog", kGateway, "state:",
         "log: { syslog: 224.0.0.1 }\n"
         "state:",
         "f:14:16: log.syslog: 224.0.0.1 is no address of a host; allowed: a unicast IPv4 address\n"},
    Case{"Netns", kGateway, "state:",
         "host: { netns: ../x }\n"
         "state:",
         "f:14:16: host.netns: \"../x\" is not a name of a network namespace; allowed: none, or a name of "
         "letters, digits, '.', '_' and '-'\n"},
    Case{"Device", kGateway, "device: net_null0", "device: \"net null\"",
         "f:3:18: ports.wan.device: \"net null\" is not a device; allowed: a PCI address (\"0000:00:03.0\") "
         "or a DPDK vdev with its arguments (\"net_af_packet0,iface=eth0\")\n"},
    Case{"ClientId", kGateway, "port: wan",
         "port: wan\n"
         "  dhcp: { client_id: 0x01 }",
         "f:7:22: wan.dhcp.client_id: \"0x01\" is not a client identifier; allowed: auto, or 2 to 255 bytes "
         "in hex\n"},
    Case{"UrlOfAnotherScheme", kGateway, "port: wan",
         "port: wan\n"
         "  external_address: { http: { urls: [\"http://user:secret@h/\"], agree: 1 } }",
         "f:7:38: wan.external_address.http.urls[0]: the text is not a URL of this kind; allowed: a list of "
         "http:// or https:// URLs\n"},
    Case{"EmptyEalArgument", kGateway, "state:",
         "eal: { args: [\"\"] }\n"
         "state:",
         "f:14:15: eal.args[0]: \"\" is empty; allowed: a list of texts\n"},
    Case{"SearchDomain", kGateway, "port: lan",
         "port: lan\n"
         "    advertise: { dnssl: [a..b] }",
         "f:14:26: lans.home.advertise.dnssl[0]: \"a..b\" is not a domain name; allowed: a list of domain "
         "names\n"},
};

INSTANTIATE_TEST_SUITE_P(Values, LoadProblem, testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace gate41::config
