// Tunnels of every mode: what each needs, and what does not go together, with the exact text that a person
// gets.
#include "cases.hpp"

namespace gate41::config {
namespace {

#define MORE(text) "lans:", "  more: { " text " }\nlans:"

const Case kCases[] = {
    Case{"DomainMissing", kGateway, "mode: 6to4", "mode: 6rd",
         "f:8:3: tunnels.main.6rd: missing key; allowed: a map, which mode 6rd needs\n"},
    Case{"DomainWithAnotherMode", kGateway, "mode: 6to4", "mode: 6to4\n    6rd: { prefix: \"2600:41::/32\" }",
         "f:10:5: tunnels.main.6rd: has no place in this mode; allowed: with mode: 6rd only\n"},
    // E4, E29
    Case{
        "DomainTooLongForALan", kGateway, "mode: 6to4",
        "mode: 6rd\n    6rd: { prefix: \"2600:41:100::/40\" }",
        "f:10:20: tunnels.main.6rd.prefix: with 32 bits of the IPv4 address sites get a /72, too small for a "
        "LAN; allowed: a length of at most 32 with this ipv4_mask_len\n"},
    Case{"MaskOver32", kGateway, "mode: 6to4",
         "mode: 6rd\n    6rd: { prefix: \"2600:41::/32\", ipv4_mask_len: 33 }",
         "f:10:51: tunnels.main.6rd.ipv4_mask_len: \"33\" is out of range; allowed: 0..32\n"},
    Case{
        "DomainOf6to4", kGateway, "mode: 6to4", "mode: 6rd\n    6rd: { prefix: \"2002:b00::/32\" }",
        "f:10:20: tunnels.main.6rd.prefix: 2002:b00::/32 is 6to4's; allowed: a prefix of native addresses\n"},
    Case{
        "DomainOfDocumentation", kGateway, "mode: 6to4", "mode: 6rd\n    6rd: { prefix: \"2001:db8::/32\" }",
        "f:10:20: tunnels.main.6rd.prefix: 2001:db8::/32 is in documentation; allowed: a global unicast IPv6 "
        "prefix\n"},
    Case{"DomainWithHostBits", kGateway, "mode: 6to4", "mode: 6rd\n    6rd: { prefix: \"2600:41::1/32\" }",
         "f:10:20: tunnels.main.6rd.prefix: \"2600:41::1/32\" is not an IPv6 prefix with its host bits zero; "
         "allowed: an IPv6 prefix, as in 2600:41::/32\n"},
    Case{"BorderRelayOfNoHost", kGateway, "mode: 6to4\n    relays: [11.0.0.3]",
         "mode: 6rd\n    relays: [224.0.0.1]\n    6rd: { prefix: \"2600:41::/32\" }",
         "f:10:14: tunnels.main.relays[0]: 224.0.0.1 is no address of a host; allowed: the IPv4 address of a "
         "border relay\n"},
    Case{"PeerWithRelays", kGateway, "mode: 6to4",
         "mode: 6in4\n    6in4: { remote: 11.0.0.9, address: \"2600:41:0:2::2/64\", prefix: "
         "\"2600:41:1::/48\" }",
         "f:11:13: tunnels.main.relays: has no place in mode 6in4; allowed: 6in4.remote in its place\n"},
    Case{"SameEndTwice", kGateway,
         MORE("mode: 6in4, 6in4: { remote: 11.0.0.9, address: \"2600:41:0:2::2/64\", prefix: "
              "\"2600:41:1::/48\" }"
              " }\n  most: { mode: 6in4, 6in4: { remote: 11.0.0.9, address: \"2600:41:0:3::2/64\", prefix: "
              "\"2600:41:2::/48\" }"),
         "f:12:39: tunnels.most.6in4.remote: is the other end of tunnel more already; allowed: one tunnel to "
         "each IPv4 address\n"},
    Case{"AddressInsideThePrefix", kGateway,
         MORE("mode: 6in4, 6in4: { remote: 11.0.0.9, address: \"2600:41:1::2/64\", prefix: "
              "\"2600:41:1::/48\" }"),
         "f:11:58: tunnels.more.6in4.address: 2600:41:1::2 is inside the prefix that the LANs are numbered "
         "from; allowed: an address outside 6in4.prefix\n"},
    Case{"PeerIsTheOwnAddress", kGateway,
         MORE("mode: 6in4, 6in4: { remote: 11.0.0.9, address: \"2600:41:0:2::2/64\", peer: "
              "\"2600:41:0:2::2\", prefix: \"2600:41:1::/48\" }"),
         "f:11:85: tunnels.more.6in4.peer: 2600:41:0:2::2 is not the other end; allowed: another host of "
         "2600:41:0:2::/64\n"},
    Case{"RemoteIsNoHost", kGateway,
         MORE("mode: 6in4, 6in4: { remote: 127.0.0.1, address: \"2600:41:0:2::2/64\", prefix: "
              "\"2600:41:1::/48\" }"),
         "f:11:39: tunnels.more.6in4.remote: 127.0.0.1 is no address of a host; allowed: the IPv4 address of "
         "the other end\n"},
    Case{"OverlappingDomains", kGateway,
         MORE("mode: 6rd, relays: [11.0.0.9], 6rd: { prefix: \"2600:41::/32\" } }\n"
              "  most: { mode: 6rd, relays: [11.0.0.9], 6rd: { prefix: \"2600:41:4100::/40\", ipv4_mask_len: "
              "8 }"),
         "f:12:57: tunnels.most.6rd.prefix: overlaps the prefix of tunnel more; allowed: a prefix apart from "
         "the others\n"},
    Case{"AutoBeside6to4", kGateway, MORE("mode: auto, relays: [11.0.0.9]"),
         "f:11:17: tunnels.more.mode: a second 6to4 beside that of tunnel main; allowed: one tunnel of mode "
         "6to4 or auto\n"},
    Case{"LanOfAnUnknownTunnel", kGateway, "port: lan\n", "port: lan\n    tunnels: [main, spare]\n",
         "f:14:21: lans.home.tunnels[1]: no tunnel \"spare\"; allowed: a name under tunnels\n"},
    Case{"RelayOf6in4", kRelay, "mode: 6to4",
         "mode: 6in4, 6in4: { remote: 11.0.0.9, address: \"2600:42:0:2::2/64\", prefix: \"2600:42:1::/48\" }",
         "f:8:26: tunnels.main.mode: is no mode of a relay; allowed: 6to4 | 6rd\n"},
    Case{"RelayWithTwoTunnels", kRelay, "6to4 } }",
         "6to4 }, more: { mode: 6rd, 6rd: { prefix: \"2600:42::/32\" } } }",
         "f:8:34: tunnels.more: one tunnel too many; allowed: at most 1 in this role\n"},
};

INSTANTIATE_TEST_SUITE_P(Tunnels, LoadProblem, testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace gate41::config
