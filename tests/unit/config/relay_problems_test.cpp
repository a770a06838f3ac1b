// Role relay: each mistake once, with the exact text that a person gets.
#include "cases.hpp"

namespace gate41::config {
namespace {

const Case kCases[] = {
    Case{"RelayWithoutItsMap", kRelay,
         "relay:\n"
         "  unicast: 11.0.0.3\n"
         "  native:\n"
         "    port: six\n"
         "    address: 2600:41::3/64\n"
         "    gateway: 2600:41::1\n",
         "",
         "f:1:1: relay: missing key; allowed: a map with native and, if wanted, anycast, unicast, sites, "
         "site_limit, routes\n"},
    Case{"RelayWithoutNative", kRelay,
         "  native:\n"
         "    port: six\n"
         "    address: 2600:41::3/64\n"
         "    gateway: 2600:41::1\n",
         "", "f:9:1: relay.native: missing key; allowed: a map\n"},
    Case{"RelayWithLans", kRelay, "relay:\n",
         "lans: { home: { port: six } }\n"
         "relay:\n",
         "f:9:1: lans: has no place in role relay; allowed: in role gateway only\n"},
    Case{"RelayWithFilter", kRelay, "relay:\n",
         "filter: { allow_echo: true }\n"
         "relay:\n",
         "f:9:1: filter: has no place in role relay; allowed: in role gateway only\n"},
    Case{"RelayBehindNat", kRelay, "  port: wan\n",
         "  port: wan\n"
         "  external_address: { behind_nat: allow }\n",
         "f:7:35: wan.external_address.behind_nat: a relay can't stand behind NAT; allowed: refuse\n"},
    Case{"RelayWithRelays", kRelay, "mode: 6to4", "mode: 6to4, relays: [11.0.0.9]",
         "f:8:40: tunnels.main.relays: a relay sends to no relay; allowed: in role gateway only\n"},
    Case{"RelayUnicastPrivate", kRelay, "unicast: 11.0.0.3", "unicast: 192.168.0.3",
         "f:10:12: relay.unicast: 192.168.0.3 is in private-use; allowed: a global unicast IPv4 address\n"},
    Case{"RelayUnicastAnycast", kRelay, "unicast: 11.0.0.3", "unicast: 192.88.99.1",
         "f:10:12: relay.unicast: 192.88.99.1 is in 6to4 relay anycast; allowed: a global unicast IPv4 "
         "address\n"},
    Case{"RelayUnicastDocumentation", kRelay, "unicast: 11.0.0.3", "unicast: 192.0.2.3",
         "f:10:12: relay.unicast: 192.0.2.3 is in documentation (TEST-NET-1); allowed: a global unicast IPv4 "
         "address\n"},
    Case{"RelayWanPrivate", kRelay,
         "  ipv4: { address: 11.0.0.3/24, gateway: 11.0.0.1 }\n"
         "tunnels: { main: { mode: 6to4 } }\n"
         "relay:\n"
         "  unicast: 11.0.0.3\n",
         "  ipv4: { address: 10.0.0.3/24 }\n"
         "tunnels: { main: { mode: 6to4 } }\n"
         "relay:\n",
         "f:7:20: wan.ipv4.address: 10.0.0.3 is in private-use; allowed: a global unicast IPv4 address\n"},
    Case{"RelayWithSpareTunnelKeys", kRelay, "mode: 6to4", "mode: 6to4, mtu: 1480, mtu: 1280",
         "f:8:43: tunnels.main.mtu: duplicate key, first at line 8; allowed: each key once\n"},
    // X1, E12
    Case{
        "RelayAnycastWithDynamicMtu", kRelay,
        "mode: 6to4 } }\n"
        "relay:\n",
        "mode: 6to4, mtu: auto } }\n"
        "relay:\n"
        "  anycast: 192.88.99.1\n",
        "f:8:37: tunnels.main.mtu: auto learns from ICMPv4 errors, and those of an anycast relay go to other "
        "relays; allowed with relay.anycast: 1280..1480\n"},
    Case{"RelayAnycastMulticast", kRelay, "unicast: 11.0.0.3", "anycast: 224.0.0.1",
         "f:10:12: relay.anycast: 224.0.0.1 is in multicast; allowed: a global unicast IPv4 address\n"},
    Case{"RelayAnycastIsUnicast", kRelay, "unicast: 11.0.0.3",
         "unicast: 11.0.0.3\n"
         "  anycast: 11.0.0.3",
         "f:10:12: relay.unicast: 11.0.0.3 is the anycast address; allowed: another address\n"},
    Case{"NativePortUnknown", kRelay, "port: six", "port: sex",
         "f:12:11: relay.native.port: no port \"sex\"; allowed: six, wan\n"},
    Case{"NativeAddressDocumentation", kRelay, "2600:41::3/64", "2001:db8::3/64",
         "f:13:14: relay.native.address: 2001:db8::3 is in documentation; allowed: a global unicast IPv6 "
         "address\n"
         "f:14:14: relay.native.gateway: 2600:41::1 is outside the subnet; allowed: another host of "
         "2001:db8::/64, or a link-local address\n"},
    Case{"NativeAddressWithoutLength", kRelay, "2600:41::3/64", "2600:41::3",
         "f:13:14: relay.native.address: \"2600:41::3\" has no length of the subnet; allowed: an IPv6 "
         "address and a length of 1 to 127, as in 2600:41::3/64\n"},
    Case{"NativeAddressOfAllRouters", kRelay, "2600:41::3/64", "2600:41::/64",
         "f:13:14: relay.native.address: is the anycast address of all routers of its subnet; allowed: a "
         "host of 2600:41::/64\n"},
    Case{"NativeGatewayOutside", kRelay, "2600:41::1", "2600:42::1",
         "f:14:14: relay.native.gateway: 2600:42::1 is outside the subnet; allowed: another host of "
         "2600:41::/64, or a link-local address\n"},
    Case{"NativeGatewayIsOwn", kRelay, "gateway: 2600:41::1", "gateway: 2600:41::3",
         "f:14:14: relay.native.gateway: 2600:41::3 is the own address; allowed: another host of "
         "2600:41::/64, or a link-local address\n"},
    Case{"SitesHostBits", kRelay, "native:",
         "sites: [11.0.0.1/24]\n"
         "  native:",
         "f:11:11: relay.sites[0]: \"11.0.0.1/24\" is not an IPv4 prefix (address/length, no bits behind the "
         "length); allowed: a list of IPv4 prefixes\n"},
    Case{"TooManyRoutes", kRelay, "native:",
         "routes: { max: 4000001 }\n"
         "  native:",
         "f:11:18: relay.routes.max: \"4000001\" is out of range; allowed: 0..4000000\n"},
    Case{"SiteLimitWithoutRate", kRelay, "native:",
         "site_limit: { burst: 1s }\n"
         "  native:",
         "f:11:3: relay.site_limit.rate: missing key; allowed: off, or 1..100000\n"},
    Case{"SiteRateZero", kRelay, "native:",
         "site_limit: { rate: 0 }\n"
         "  native:",
         "f:11:23: relay.site_limit.rate: \"0\" is out of range; allowed: off, or 1..100000\n"},
    Case{"SiteRateWithUnit", kRelay, "native:",
         "site_limit: { rate: 20M }\n"
         "  native:",
         "f:11:23: relay.site_limit.rate: \"20M\" is not a whole number; allowed: off, or 1..100000\n"},
    Case{"SiteRateTooHigh", kRelay, "native:",
         "site_limit: { rate: 100001 }\n"
         "  native:",
         "f:11:23: relay.site_limit.rate: \"100001\" is out of range; allowed: off, or 1..100000\n"},
    Case{"SiteBurstWithoutUnit", kRelay, "native:",
         "site_limit: { rate: 20, burst: 100 }\n"
         "  native:",
         "f:11:34: relay.site_limit.burst: \"100\" needs a unit (ms, s, min, h); allowed: 10ms..10s\n"},
    Case{"SiteBurstTooLong", kRelay, "native:",
         "site_limit: { rate: 20, burst: 11s }\n"
         "  native:",
         "f:11:34: relay.site_limit.burst: \"11s\" is out of range; allowed: 10ms..10s\n"},
    Case{"SiteLimitIsNoNumber", kRelay, "native:",
         "site_limit: 20\n"
         "  native:",
         "f:11:15: relay.site_limit: a single value stands here; allowed: a map\n"},
    Case{"HostAcceptLater", kRelay, "relay:\n",
         "host: { accept: [bgp, ospf] }\n"
         "relay:\n",
         "f:9:23: host.accept[1]: \"ospf\" is not in this release; allowed: a list of bgp | bfd\n"},
};

INSTANTIATE_TEST_SUITE_P(RelayRole, LoadProblem, testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace gate41::config
