// Addresses, alone and in their subnets: each mistake once, with the exact text that a person gets.
#include "cases.hpp"

namespace gate41::config {
namespace {

const Case kCases[] = {
    Case{"AliasMac", kGateway, "port: wan",
         "port: wan\n"
         "  alias_mac: 02:00:00:00:00",
         "f:7:14: wan.alias_mac: \"02:00:00:00:00\" is not a MAC address; allowed: a MAC address, as in "
         "02:00:00:00:00:01\n"},
    Case{"AliasMacOfAGroup", kGateway, "port: wan",
         "port: wan\n"
         "  alias_mac: 01:00:5e:00:00:01",
         "f:7:14: wan.alias_mac: \"01:00:5e:00:00:01\" is no single machine's; allowed: a MAC address, as in "
         "02:00:00:00:00:01\n"},
    Case{"RelayNoAddress", kGateway, "[11.0.0.3]", "[relay.example]",
         "f:10:14: tunnels.main.relays[0]: \"relay.example\" is not an IPv4 address; allowed: a list of IPv4 "
         "addresses\n"},
    Case{"RelayPrivate", kGateway, "[11.0.0.3]", "[11.0.0.3, 10.0.0.1]",
         "f:10:24: tunnels.main.relays[1]: 10.0.0.1 is in private-use; allowed: a global unicast IPv4 "
         "address\n"},
    Case{"RelayTwice", kGateway, "[11.0.0.3]", "[11.0.0.3, 11.0.0.3]",
         "f:10:24: tunnels.main.relays[1]: 11.0.0.3 stands here twice; allowed: each relay once\n"},
    Case{"StaticWithoutLength", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: { address: 11.0.0.2 }",
         "f:7:20: wan.ipv4.address: \"11.0.0.2\" has no length of the subnet; allowed: an IPv4 address and a "
         "length of 1 to 32, as in 11.0.0.2/24\n"},
    Case{"StaticLength", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: { address: 11.0.0.2/33 }",
         "f:7:20: wan.ipv4.address: \"11.0.0.2/33\" has no good length of the subnet; allowed: an IPv4 "
         "address and a length of 1 to 32, as in 11.0.0.2/24\n"},
    Case{"StaticNetworkAddress", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: { address: 11.0.0.0/24 }",
         "f:7:20: wan.ipv4.address: 11.0.0.0 is the subnet's network or broadcast address; allowed: a host "
         "of 11.0.0.0/24\n"},
    Case{"StaticBroadcastAddress", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: { address: 11.0.0.255/24 }",
         "f:7:20: wan.ipv4.address: 11.0.0.255 is the subnet's network or broadcast address; allowed: a host "
         "of 11.0.0.0/24\n"},
    Case{"StaticMulticast", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: { address: 224.0.0.2/24 }",
         "f:7:20: wan.ipv4.address: 224.0.0.2 is no address of a host; allowed: a unicast IPv4 address\n"},
    Case{"GatewayOutside", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: { address: 11.0.0.2/24, gateway: 11.0.1.1 }",
         "f:7:42: wan.ipv4.gateway: 11.0.1.1 is outside the subnet; allowed: another host of 11.0.0.0/24\n"},
    Case{"GatewayIsOwn", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: { address: 11.0.0.2/24, gateway: 11.0.0.2 }",
         "f:7:42: wan.ipv4.gateway: 11.0.0.2 is the own address; allowed: another host of 11.0.0.0/24\n"},
    Case{"GatewayIsBroadcast", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: { address: 11.0.0.2/24, gateway: 11.0.0.255 }",
         "f:7:42: wan.ipv4.gateway: 11.0.0.255 is the subnet's network or broadcast address; allowed: "
         "another host of 11.0.0.0/24\n"},
    Case{"DnsLoopback", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: { address: 11.0.0.2/24, dns: [127.0.0.1] }",
         "f:7:39: wan.ipv4.dns[0]: 127.0.0.1 is no address of a host; allowed: a unicast IPv4 address\n"},
    Case{"Ipv4Word", kGateway, "port: wan",
         "port: wan\n"
         "  ipv4: static",
         "f:7:9: wan.ipv4: \"static\" is unknown; allowed: dhcp, or a map with address, gateway, dns\n"},
    Case{"ExternalLiteralPrivate", kGateway, "port: wan",
         "port: wan\n"
         "  external_address: { from: 192.168.1.1 }",
         "f:7:29: wan.external_address.from: 192.168.1.1 is in private-use; allowed: a global unicast IPv4 "
         "address\n"},
    Case{"ExternalSourceUnknown", kGateway, "port: wan",
         "port: wan\n"
         "  external_address: { from: [stun] }",
         "f:7:30: wan.external_address.from[0]: \"stun\" is unknown; allowed: a list of interface | http, or "
         "one IPv4 address\n"},
    Case{"ExternalSourceTwice", kGateway, "port: wan",
         "port: wan\n"
         "  external_address: { from: [interface, interface] }",
         "f:7:41: wan.external_address.from[1]: \"interface\" stands here twice; allowed: a list of "
         "interface | http, or one IPv4 address\n"},
    Case{"ExternalSourceNone", kGateway, "port: wan",
         "port: wan\n"
         "  external_address: { from: [] }",
         "f:7:29: wan.external_address.from: the list is empty; allowed: a list of interface | http, or one "
         "IPv4 address\n"},
    Case{"HttpWithoutUrls", kGateway, "port: wan",
         "port: wan\n"
         "  external_address: { from: [http] }",
         "f:7:3: wan.external_address.http.urls: no server to ask, although `from` names http; allowed: at "
         "least as many URLs as must agree\n"},
    Case{"MoreMustAgreeThanUrls", kGateway, "port: wan",
         "port: wan\n"
         "  external_address: { http: { urls: [\"http://a/\"], agree: 2 } }",
         "f:7:59: wan.external_address.http.agree: more than there are URLs (1); allowed: at most the number "
         "of URLs\n"},
    Case{"RdnssMulticast", kGateway, "port: lan",
         "port: lan\n"
         "    advertise: { rdnss: [\"2600:41::53\", \"ff02::1\"] }",
         "f:14:41: lans.home.advertise.rdnss[1]: ff02::1 is no address of a host; allowed: unicast IPv6 "
         "addresses\n"},
    Case{"LabPrefixThatCannotBeLifted", kGateway, "state:",
         "lab_allow_prefixes: [10.0.0.0/8]\n"
         "state:",
         "f:14:22: lab_allow_prefixes[0]: \"10.0.0.0/8\" can't be lifted; allowed: a list of prefixes inside "
         "documentation or benchmark blocks\n"},
    Case{"LabPrefixWithHostBits", kGateway, "state:",
         "lab_allow_prefixes: [198.18.0.1/15]\n"
         "state:",
         "f:14:22: lab_allow_prefixes[0]: \"198.18.0.1/15\" is not a prefix (address/length, no bits behind "
         "the length); allowed: a list of prefixes inside documentation or benchmark blocks\n"},
};

INSTANTIATE_TEST_SUITE_P(Addresses, LoadProblem, testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace gate41::config
