// Keys of role relay. One row a key, a map before what is in it.
#pragma once

#include "config/keys/row.hpp"

namespace gate41::config {

inline constexpr std::array kRelayKeys{
    Key{.path = "relay", .unit = "map", .reload = restart, .meaning = "role relay only", .form = "a map"},
    Key{.path = "relay.anycast",
        .fallback = "none",
        .reload = restart,
        .meaning = "anycast address that sites send to; the source of what goes to them",
        .form = "an IPv4 address"},
    Key{.path = "relay.unicast",
        .fallback = "the WAN's address",
        .reload = restart,
        .meaning = "own address that sites send to",
        .form = "an IPv4 address"},
    Key{.path = "relay.native",
        .unit = "map",
        .fallback = kRequired,
        .reload = restart,
        .meaning = "the side of native IPv6",
        .form = "a map"},
    Key{.path = "relay.native.port",
        .fallback = kRequired,
        .reload = restart,
        .meaning = "its port",
        .form = kPortName,
        .check = check_name},
    Key{.path = "relay.native.address",
        .fallback = kRequired,
        .reload = restart,
        .meaning = "own address with the length of its subnet",
        .form = "an IPv6 address and a length of 1 to 127, as in 2600:41::3/64"},
    Key{.path = "relay.native.gateway",
        .fallback = kRequired,
        .reload = restart,
        .meaning = "next hop for native destinations, inside the subnet or link-local",
        .form = "an IPv6 address"},
    Key{.path = "relay.sites",
        .fallback = "[]",
        .reload = live,
        .meaning = "sites served; empty = all",
        .form = "a list of IPv4 prefixes"},
};

}  // namespace gate41::config
