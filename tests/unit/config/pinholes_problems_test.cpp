// filter.inbound: each mistake once, with the exact text that a person gets.
#include "cases.hpp"

namespace gate41::config {
namespace {

const Case kCases[] = {
    Case{"PinholeProtocol", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: smtp, lan: home, interface_id: \"::80\", port: 1 }\n"
         "state:",
         "f:16:16: filter.inbound[0].proto: \"smtp\" is unknown; allowed: tcp, udp, udp-lite, sctp, dccp, "
         "echo, "
         "esp, ah, hip, or the number of another protocol\n"},
    Case{"PinholeProtocolOfIcmpv6", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: 58, lan: home, interface_id: \"::80\" }\n"
         "state:",
         "f:16:16: filter.inbound[0].proto: \"58\" is unknown; allowed: tcp, udp, udp-lite, sctp, dccp, "
         "echo, esp, "
         "ah, hip, or the number of another protocol\n"},
    Case{
        "PinholeProtocolOfAnExtension", kGateway, "state:",
        "filter:\n"
        "  inbound:\n"
        "    - { proto: 60, lan: home, interface_id: \"::80\" }\n"
        "state:",
        "f:16:16: filter.inbound[0].proto: \"60\" is an extension header; allowed: tcp, udp, udp-lite, sctp, "
        "dccp, echo, esp, ah, hip, or the number of another protocol\n"},
    Case{"PinholeProtocolTooLarge", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: 256, lan: home, interface_id: \"::80\" }\n"
         "state:",
         "f:16:16: filter.inbound[0].proto: \"256\" is unknown; allowed: tcp, udp, udp-lite, sctp, dccp, "
         "echo, "
         "esp, ah, hip, or the number of another protocol\n"},
    Case{"PinholeAddressOfNoHost", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: echo, lan: home, address: \"fe80::1\" }\n"
         "state:",
         "f:16:42: filter.inbound[0].address: \"fe80::1\" is no host's address in a prefix; allowed: a "
         "host's IPv6 "
         "address\n"},
    Case{"PinholeNamedTwice", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: echo, lan: home, interface_id: \"::80\", address: \"2002:b00:2:1::80\" }\n"
         "state:",
         "f:16:64: filter.inbound[0].address: the host is named by interface_id already; allowed: "
         "interface_id or "
         "address\n"},
    Case{"PinholeFrom", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: echo, lan: home, interface_id: \"::80\", from: 11.0.0.0/8 }\n"
         "state:",
         "f:16:61: filter.inbound[0].from: \"11.0.0.0/8\" is not an IPv6 prefix with its host bits zero; "
         "allowed: an "
         "IPv6 prefix\n"},
    Case{"PinholeWithAPortItCannotHave", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: esp, lan: home, interface_id: \"::80\", port: 7 }\n"
         "state:",
         "f:16:60: filter.inbound[0].port: protocol esp has no port; allowed: no port with proto esp\n"},
    Case{"PinholeLan", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: tcp, lan: hone, interface_id: \"::80\", port: 1 }\n"
         "state:",
         "f:16:26: filter.inbound[0].lan: no LAN \"hone\"; allowed: a name under lans\n"},
    Case{"PinholeInterfaceIdZero", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: tcp, lan: home, interface_id: \"::\", port: 1 }\n"
         "state:",
         "f:16:46: filter.inbound[0].interface_id: \"::\" is zero, the address of all routers; allowed: ::1 "
         "to ::ffff:ffff:ffff:ffff\n"},
    Case{"PinholeInterfaceIdTooLong", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: tcp, lan: home, interface_id: \"2600::80\", port: 1 }\n"
         "state:",
         "f:16:46: filter.inbound[0].interface_id: \"2600::80\" has bits in its upper half; allowed: ::1 to "
         "::ffff:ffff:ffff:ffff\n"},
    Case{"PinholeInterfaceIdNoAddress", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: tcp, lan: home, interface_id: 80, port: 1 }\n"
         "state:",
         "f:16:46: filter.inbound[0].interface_id: \"80\" is not an interface identifier; allowed: ::1 to "
         "::ffff:ffff:ffff:ffff\n"},
    Case{"PinholePortZero", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: tcp, lan: home, interface_id: \"::80\", port: 0 }\n"
         "state:",
         "f:16:60: filter.inbound[0].port: \"0\" is out of range; allowed: 1..65535, or a range as in "
         "\"1000-2000\"\n"},
    Case{"PinholePortTooLarge", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: tcp, lan: home, interface_id: \"::80\", port: \"1-65536\" }\n"
         "state:",
         "f:16:60: filter.inbound[0].port: \"1-65536\" is out of range; allowed: 1..65535, or a range as in "
         "\"1000-2000\"\n"},
    Case{"PinholePortsBackwards", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: udp, lan: home, interface_id: \"::80\", port: \"20-10\" }\n"
         "state:",
         "f:16:60: filter.inbound[0].port: \"20-10\" ends before it begins; allowed: 1..65535, or a range as "
         "in \"1000-2000\"\n"},
    Case{"PinholeWithoutPort", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: udp, lan: home, interface_id: \"::80\" }\n"
         "state:",
         "f:16:7: filter.inbound[0].port: missing key; allowed: 1..65535, or a range as in \"1000-2000\"\n"},
    Case{"PinholeEchoWithPort", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: echo, lan: home, interface_id: \"::80\", port: 7 }\n"
         "state:",
         "f:16:61: filter.inbound[0].port: echo has no port; allowed: no port with proto echo\n"},
    Case{"PinholeMissingKeys", kGateway, "state:",
         "filter:\n"
         "  inbound:\n"
         "    - { proto: echo }\n"
         "state:",
         "f:16:7: filter.inbound[0].lan: missing key; allowed: a name under lans\n"
         "f:16:7: filter.inbound[0].interface_id: missing key; allowed: interface_id or address\n"},
};

INSTANTIATE_TEST_SUITE_P(Pinholes, LoadProblem, testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace gate41::config
