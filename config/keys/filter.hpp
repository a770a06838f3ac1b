// Keys of the filter. One row a key, a map before what is in it.
#pragma once

#include "config/keys/row.hpp"

namespace gate41::config {

constexpr Key filter_timeout(std::string_view path, std::string_view fallback, std::string_view meaning) {
  return {.path = path,
          .unit = "duration",
          .fallback = fallback,
          .reload = live,
          .meaning = meaning,
          .min = 1000,
          .max = 2'592'000'000};
}

inline constexpr std::array kFilterKeys{
    Key{.path = "filter",
        .unit = "map",
        .reload = live,
        .meaning = "the filter: gateway only",
        .form = "a map"},
    Key{.path = "filter.profile",
        .fallback = "strict",
        .reload = live,
        .meaning =
            "what may come in without having been asked for: nothing but pinholes; what RFC 6092 lets in "
            "(IPsec, IKE, HIP, echo requests); everything",
        .words = kProfiles},
    Key{.path = "filter.max_flows",
        .unit = "flows",
        .fallback = "auto",
        .reload = restart,
        .meaning = "size of the flow table; auto = from memory",
        .min = 1024,
        .max = 67'108'864,
        .form = "auto, or 1024..67108864"},
    Key{.path = "filter.host_flows",
        .unit = "flows",
        .fallback = "auto",
        .reload = live,
        .meaning =
            "flows that one LAN host, by its address or by its MAC, may have opened at a time; auto = an "
            "eighth of max_flows, at least 256",
        .min = 1,
        .max = 67'108'864,
        .form = "auto, or 1..67108864"},
    Key{.path = "filter.allow_echo",
        .fallback = "auto",
        .reload = live,
        .meaning =
            "let unsolicited echo requests in; auto = as the profile says (strict: no; simple-security: "
            "yes, 100 a second at most, also when true; transparent: yes)",
        .words = kAutoFlag},
    Key{.path = "filter.mapping",
        .fallback = "auto",
        .reload = live,
        .meaning =
            "whom a flow of the LAN opens its port to: the other end alone, or everybody, as long as it "
            "lives; "
            "auto = as the profile says (simple-security: endpoint-independent, else address-dependent)",
        .words = kMappings},
    Key{.path = "filter.timeouts",
        .unit = "map",
        .reload = live,
        .meaning =
            "how long flows live without a packet; from the next packet of a flow on. Less than RFC 6092 "
            "asks for is taken, and warned of",
        .form = "a map"},
    filter_timeout("filter.timeouts.tcp_established", "124min", "TCP connections"),
    filter_timeout("filter.timeouts.tcp_transitory", "4min",
                   "TCP connections that open, close, or were reset"),
    filter_timeout("filter.timeouts.udp", "5min", "UDP and UDP-Lite"),
    filter_timeout("filter.timeouts.udp_well_known", "2min", "the same with a port below 1024"),
    filter_timeout("filter.timeouts.icmpv6_echo", "1min", "ICMPv6 echo"),
    filter_timeout("filter.timeouts.generic", "5min", "everything else"),
    filter_timeout("filter.timeouts.sctp_established", "124min", "SCTP associations"),
    filter_timeout("filter.timeouts.sctp_transitory", "4min",
                   "SCTP associations that open, close, or were aborted"),
    filter_timeout("filter.timeouts.dccp_established", "124min", "DCCP connections"),
    filter_timeout("filter.timeouts.dccp_transitory", "8min",
                   "DCCP connections that open, close, or were reset"),
    Key{.path = "filter.inbound",
        .unit = "list",
        .fallback = "[]",
        .reload = live,
        .meaning = "pinholes: who may be reached from outside",
        .form = "a list of maps"},
    Key{.path = "filter.inbound[]", .unit = "map", .reload = live, .meaning = "one pinhole", .form = "a map"},
    Key{.path = "filter.inbound[].proto",
        .fallback = kRequired,
        .reload = live,
        .meaning = "protocol",
        .form = "tcp, udp, udp-lite, sctp, dccp, echo, esp, ah, hip, or the number of another protocol"},
    Key{.path = "filter.inbound[].lan",
        .fallback = kRequired,
        .reload = live,
        .meaning = "LAN of the host",
        .form = "a name under lans",
        .check = check_not_empty},
    Key{.path = "filter.inbound[].interface_id",
        .fallback = "none",
        .reload = live,
        .meaning = "lower 64 bits of the host's address; the upper follow the prefix",
        .form = "::1 to ::ffff:ffff:ffff:ffff"},
    Key{.path = "filter.inbound[].address",
        .fallback = "none",
        .reload = live,
        .meaning = "instead of interface_id: the host's whole address, in force while the LAN has its prefix",
        .form = "a host's IPv6 address"},
    Key{.path = "filter.inbound[].port",
        .fallback = "none",
        .reload = live,
        .meaning = "port or ports, of tcp, udp, udp-lite, sctp and dccp",
        .min = 1,
        .max = 65535,
        .form = "1..65535, or a range as in \"1000-2000\""},
    Key{.path = "filter.inbound[].from",
        .fallback = "::/0",
        .reload = live,
        .meaning = "who may: a prefix of remote addresses",
        .form = "an IPv6 prefix"},
};

}  // namespace gate41::config
