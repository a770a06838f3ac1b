"""`gate41 ping` and `traceroute`: the engine, its way through the daemon and the packet path."""
ECHO = "control/echowire/echo.cpp"
PING = "control/ping/ping.cpp"
TRACE = "control/ping/trace.cpp"
RUN = "control/ping/run.cpp"
PINGER = "control/ping/pinger.cpp"
SOURCE = "control/daemon/ping_source.cpp"
SEND = "dataplane/worker/stage_send.cpp"

ROWS = [
    ("ping-checksum", ECHO,
     "checksum_ipv6(packet.v6.source, packet.v6.destination, ip_proto::kIcmpv6, message) != 0", "false",
     "echowire:EchoAnswer.*", "a spoilt answer counts"),
    ("ping-quote-source", ECHO, "!is_whole_icmpv6(packet) || packet.v6.source != answer.own",
     "!is_whole_icmpv6(packet)", "echowire:EchoAnswer.*", "an error about a packet of somebody else counts"),
    ("ping-identifier", RUN, "token >> 16U != identifier()", "false", "ping:PingerRuns.*",
     "an answer goes to another client's ping"),
    ("ping-not-sent-yet", RUN, "number < sent_", "number < 1000", "ping:PingerRuns.*",
     "an answer to a request that was not sent yet counts"),
    ("ping-quoted-target", RUN, "answer.target && *answer.target != ends_.destination", "false",
     "ping:PingerRuns.*", "an error about a packet to somebody else counts"),
    ("ping-duplicate", PING, "request.fate == Fate::received", "false", "ping:PingRun.*",
     "a duplicate is received twice"),
    ("ping-waits-on", PING, "sent() == settings_.count && !waits", "false", "ping:PingRun.*",
     "a ping that is answered whole waits for the last answers"),
    ("ping-bound", PINGER, "runs_.size() >= kMaxRuns", "false", "ping:PingerRuns.*",
     "any number of pings runs at once"),
    ("ping-room", PINGER, "std::erase_if(runs_, [](const auto& run) { return run.second->over(); });", "",
     "ping:PingerRuns.*", "a ping that has ended takes a place for ever"),
    ("trace-beyond", TRACE,
     "if (!answer.verdict.is_hop_limit()) last_hop_ = std::min(last_hop_, hop_of(number) + 1);", "", "ping:TraceRun.*",
     "requests go beyond the destination"),
    ("trace-hurry", TRACE, "now - probes_[i].at >= kProbeWait", "now - probes_[i].at > Duration{}", "ping:TraceRun.*",
     "no answer is waited for"),
    ("trace-refused", TRACE, "!(answer->verdict.is_reply() || answer->verdict.is_hop_limit())", "false",
     "ping:TraceRun.*", "a traceroute goes on where there is no way on"),
    ("ping-foreign-source", SOURCE, "wanted && !has(own, *wanted)", "false", "daemon:PingSource.*",
     "packets leave from an address that is not ours"),
    ("ping-dead-tunnel", SOURCE, "route != nullptr && route->kind != RouteKind::relay_down", "true",
     "daemon:PingSource.*", "a tunnel without a live relay is taken while another one has one"),
    ("own-dropped-any", SEND, "packet.from == Side::own && packet.origin == Origin::host && l4.present", "l4.present",
     "worker:OwnDropped.*", "control hears of requests of others that are dropped"),
    ("own-dropped-policed", SEND, "is_own_request(packet) && may_go_up(ExceptionClass::own_dropped, context)",
     "is_own_request(packet)", "worker:OwnDropped.*", "control hears of each packet of a flood"),
    ("own-dropped-mtu", SEND, "packet.answered && packet.error.type == icmpv6_type::kPacketTooBig", "false",
     "worker:OwnDropped.*", "nobody hears what size would fit"),
    ("ping-client-gone", "control/operator/server.cpp",
     "if (client->doing == Client::Doing::ping) view_->end_ping(client->run);", "", "operator:OperatorPing.*",
     "a ping goes on without its client"),
]
