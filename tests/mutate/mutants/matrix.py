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
    ("matrix-order", TUNNEL + "checks.cpp", "return six_rd::claims(tunnel, inner);", "return true;",
     "matrix:several", "6rd takes what is 6to4's"),
]
