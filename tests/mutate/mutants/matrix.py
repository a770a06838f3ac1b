"""What the matrix of addresses sees: from the configuration to the snapshot, and the kinds of tunnel."""
DAEMON = "control/daemon/"
TUNNEL = "dataplane/tunnel/"

ROWS = [
    ("matrix-source-routes", DAEMON + "snapshot_builder.cpp",
     "if (plan.delegation) result.source = plan.delegation->prefix;", "", "matrix:several",
     "a packet leaves by another tunnel than the one that gave it its source"),
    ("matrix-accept", DAEMON + "snapshot_builder.cpp", "tunnel.accept_relays_only = wanted.accept_relays_only;", "",
     "matrix:relays-only", "accept: relays has no effect"),
    ("matrix-own-forms", DAEMON + "snapshot_builder.cpp",
     "if (tunnel.kind == TunnelKind::six_to_four) forms.push_back(Ipv6Address::from_halves(form.high(), 1));", "",
     "matrix:6to4-relay", "a relay does not answer for its 2002:V4ADDR::1"),
    ("matrix-subnet-router", DAEMON + "snapshot_builder.cpp", "addresses.push_back(delegation.prefix.address);", "",
     "matrix:every_cell and gateway", "the subnet-router anycast address of the site's prefix is nobody's"),
    ("matrix-hub-and-spoke", DAEMON + "tunnel_plan.cpp", "plan.direct = !tunnel.six_rd->hub_and_spoke;", "",
     "matrix:hub-and-spoke", "sites of a 6rd domain speak past the border relay that all is to go through"),
    ("matrix-common-bits", TUNNEL + "domain.hpp", "sites.address.host() | (embedded & ~sites.mask())",
     "embedded & ~sites.mask()", "matrix:6rd-gateway-private", "the bits that all sites share are lost"),
    ("matrix-6rd-stranger", TUNNEL + "six_rd.cpp",
     "if (!tunnel.domain.sites.contains(source)) return DropReason::outer_source_unlisted;", "",
     "matrix:6rd-gateway-private", "who is outside the domain speaks as one of its sites"),
    ("matrix-6rd-destination", TUNNEL + "six_rd.cpp",
     "return tunnel.prefix.contains(inner.destination) ? Drop{} : DropReason::inner_destination_not_ours;",
     "return {};", "matrix:6rd-gateway-private", "what is for another site of the domain comes in"),
    ("matrix-6in4-peer", TUNNEL + "six_in_four.cpp",
     "return tunnel.is_relay(source) ? Drop{} : DropReason::outer_source_unlisted;", "return {};", "matrix:6in4",
     "anybody speaks as the configured peer"),
    ("matrix-order", TUNNEL + "checks.cpp", "tunnel.kind != TunnelKind::six_rd || six_rd::claims(tunnel, inner)", "true",
     "matrix:several", "6rd takes what is 6to4's"),
]
