"""What the reference of the filter sees: bounds, to a byte and to a second, and state that must stay."""
FILTER = "dataplane/filter/"

ROWS = [
    ("model-timer", FILTER + "filter.cpp", "lengthen(entry, timeout_of(entry.state, packet, policy.timeouts), coarse_seconds(now));",
     "lengthen(entry, timeout_of(entry.state, packet, policy.timeouts), coarse_seconds(now) - 2);", "model:300000",
     "a flow ends two seconds early"),
    ("model-udp-ports", FILTER + "filter.cpp",
     "a < kFirstDynamicPort || b < kFirstDynamicPort",
     "a <= kFirstDynamicPort || b < kFirstDynamicPort", "model:300000",
     "port 1024 is well-known"),
    ("model-acknowledgement", FILTER + "tcp_window.cpp", "between(peer.sent_end - lag, segment.ack, peer.sent_end)",
     "between(peer.sent_end - lag, segment.ack, peer.sent_end + 1)", "model:300000",
     "one byte may be acknowledged that was not sent"),
    ("model-reset-edge", FILTER + "tcp_window.cpp", "later(own.limit, own.sent_end)",
     "later(own.limit, own.sent_end) + 1", "model:300000", "a reset passes that is one byte beyond the window"),
    ("model-pinhole-range", FILTER + "pinholes.cpp", "rule.port_last >= question.port", "rule.port_last > question.port",
     "model:300000", "the last port of a pinhole is closed"),
    ("model-error-ends-flow", "dataplane/worker/stage_filter.cpp",
     "packet.flow >= 0 && is_talking(context.worker.flows->entry(packet.flow), context.now)",
     "packet.flow >= 0 && (context.worker.flows->erase(packet.flow), true)", "model:300000",
     "an ICMPv6 error ends the flow that it is about"),
]
