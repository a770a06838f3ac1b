"""What operators do while the packets flow: pinholes, lists of flows, their deletion."""
PINHOLES = "dataplane/filter/pinholes.cpp"
CONFIG = "config/pinholes.cpp"

ROWS = [
    ("pinhole-first-port", PINHOLES, "rule.port_first > question.port", "rule.port_first >= question.port",
     "filter:Pinholes.*", "the first port of a pinhole is closed"),
    ("pinhole-reach", PINHOLES, "std::max({before, rules_[root].port_last, behind})", "rules_[root].port_last",
     "filter:Pinholes.*", "a wide pinhole is not seen behind narrow ones"),
    ("pinhole-no-tree", PINHOLES, "reach_[root] < question.port", "false", "filter:Pinholes.*",
     "a scan looks at every pinhole of a host"),
    ("pinhole-for-all", PINHOLES, "rule.from.contains(question.source)", "true", "filter:Pinholes.*",
     "a pinhole for one remote prefix lets everybody in"),
    ("pinhole-one-of-many", PINHOLES, "return search(root + 1, end, question, looked_at);", "return nullptr;",
     "filter:Pinholes.*", "only some of the pinholes for a port are asked"),
    ("pinhole-exterior", "dataplane/filter/policy.cpp", "{key.interior, key.exterior, key.protocol, port}",
     "{key.interior, key.interior, key.protocol, port}", "filter:StillAllowed.*",
     "the flow of a pinhole for one remote prefix ends with every change"),
    ("pinhole-any-lan", CONFIG, "std::ranges::find(config.lans, pinhole.lan, &Lan::name) == config.lans.end()", "false",
     "config:*Pinhole*", "a pinhole to a LAN that does not exist is accepted"),
    ("pinhole-without-host", CONFIG, "if (!by_id && !by_address)", "if (false)", "config:*Pinhole*",
     "a pinhole to no host is accepted"),
]
