"""External address, prefixes, and what the daemon makes of them for the workers."""
ADDRESS = "control/address/discovery.cpp"
BUILDER = "control/daemon/snapshot_builder.cpp"
WAYS = "control/daemon/ways.cpp"

ROWS = [
    ("address-agree", ADDRESS, "static_cast<unsigned>(agree) >= settings_.agree", "true", "address:AddressEchoes.*",
     "one echo alone decides"),
    ("address-nat", ADDRESS, "behind_nat && !settings_.behind_nat_allowed", "false", "address:*",
     "a gateway behind NAT starts where it must not"),
    ("address-unusable", ADDRESS, "question->answer && !why_unusable(*question->answer).empty()", "false", "address:*",
     "a private address from an echo has a vote"),
    ("address-interface-change", ADDRESS, "if (external_) lose(State::asking, \"the WAN's address has changed\");", "",
     "address:*", "the external address outlives the lease that it belongs to"),

    ("prefix-subnet-id", "control/prefix/delegation.cpp", "delegation.prefix.address.high() | subnet_id",
     "delegation.prefix.address.high()", "prefix:*", "all LANs have the same prefix"),
    ("prefix-current-withdrawn", "control/prefix/history.cpp",
     "if (!is_current(entries_, entry.prefix)) withdrawn.push_back(entry.prefix);",
     "withdrawn.push_back(entry.prefix);",
     "prefix:*", "a prefix that moved to another LAN counts as withdrawn"),
    ("prefix-forgets", "control/prefix/history.cpp", "e.stale_until != 0 && e.stale_until <= now",
     "e.stale_until <= now",
     "prefix:*", "prefixes in use are forgotten"),

    ("daemon-relay-down", BUILDER, "tunnel.relay_alive ? RouteKind::tunnel_relay : RouteKind::relay_down",
     "RouteKind::tunnel_relay", "daemon:*", "packets go to a relay that is dead"),
    ("daemon-null-route", BUILDER, "routes.push_back(route(plan.delegation->prefix, RouteKind::null_route));", "",
     "daemon:*",
     "unused subnets of our own prefix go out into the tunnel"),
    ("daemon-relay-sites", BUILDER, "tunnel.plan.up() ? RouteKind::tunnel_direct : RouteKind::null_route",
     "RouteKind::tunnel_direct",
     "daemon:*", "a relay without an address routes sites"),
    ("daemon-pinhole-lan", BUILDER, "config.lans[i].name != hole.lan", "false", "daemon:*",
     "a pinhole opens every LAN"),
    ("daemon-error-source", BUILDER, "!address.is_link_local() && address.low() != 0", "!address.is_link_local()",
     "daemon:*",
     "errors come from the anycast address of the LAN's routers"),
    ("daemon-dont-fragment", WAYS, "fields.dont_fragment = anycast;", "fields.dont_fragment = !anycast;", "daemon:*",
     "DF is set where errors do not come back"),
    ("daemon-tunnel-mtu", BUILDER, "std::clamp<int>(left, kMinIpv6Mtu, configured)", "configured", "daemon:*",
     "tunnel packets are longer than the WAN's MTU"),
    ("daemon-tunnel-headers", BUILDER, "wan_mtu - static_cast<int>(sizeof(Ipv4Header))", "wan_mtu", "daemon:*",
     "the outer header has no room in the WAN's MTU"),
    ("daemon-dhcp-broadcast", "control/daemon/settings.cpp", "settings.broadcast = wan.dhcp_broadcast;", "", "daemon:*",
     "wan.dhcp.broadcast does nothing"),
    ("daemon-dhcp-option-212", "control/daemon/settings.cpp", "settings.six_rd = wan.dhcp_option_212;", "", "daemon:*",
     "wan.dhcp.option_212 does nothing"),
]
