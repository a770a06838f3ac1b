"""Native routes: the trie, the left-right pair, the kernel's messages, what is offered."""
FIB = "dataplane/forward/fib.cpp"
RIB = "dataplane/forward/rib.cpp"
STORE = "dataplane/worker/route_store.cpp"
KERNEL = "control/loop/kernel_routes.cpp"
MONITOR = "control/loop/route_monitor.cpp"
OFFER = "control/loop/route_offer.cpp"
ACCEPT = "dataplane/worker/host_accept.cpp"

ROWS = [
    ("fib-longer-stays", FIB, "length_of(entry) >= change.shortest && length_of(entry) <= change.prefix.length",
     "length_of(entry) >= change.shortest", "forward:Fib.*", "a shorter route paints over a longer one"),
    ("fib-covered", FIB, "1U << (below - change.prefix.length)", "1U", "forward:Fib.*",
     "a route covers one sixteenth of a node, however short it is"),
    ("fib-nodes-return", FIB, "std::ranges::any_of(content.children, [&](Entry child) { return child != leaf; })", "true",
     "forward:Fib.*",
     "nodes stay when their routes have gone"),
    ("rib-fallback", RIB, "covering(prefix.address, prefix.length)", "covering(prefix.address, 0)", "forward:Fib.*",
     "nothing is left under a route that goes"),
    ("rib-bound", RIB, "routes_.size() >= max_routes_", "routes_.size() > max_routes_", "forward:Fib.*",
     "one route more than configured"),
    ("rib-numbers-return", RIB, "free_numbers_.push_back(number);", "", "forward:Fib.*",
     "the number of a next hop that is gone is never used again"),
    ("store-grace", STORE, "!due() || !grace_.passed(idle_since_)", "!due()", "runtime:RouteStoreTest.*",
     "a table is changed that a worker may be reading"),
    ("store-replay", STORE, "std::min(applied_[0], applied_[1])", "std::max(applied_[0], applied_[1])",
     "runtime:RouteStoreTest.*", "the second side misses what the first has seen"),
    ("store-slice", STORE, "applied_[idle_] == end_ && applied_[1 - idle_] < end_", "applied_[1 - idle_] < end_",
     "runtime:RouteStoreTest.*", "workers see half of a batch"),
    ("kernel-tunnel-space", KERNEL, "prefix.length >= kSixToFour.length && kSixToFour.contains(prefix.address)", "false",
     "loop:KernelRoutesTest.*", "a route inside 2002::/16 is taken from the kernel"),
    ("kernel-own-protocol", KERNEL, "protocol != kRouteProtocol && protocol != kOfferProtocol",
     "protocol != kRouteProtocol", "loop:KernelRoutesTest.*", "a relay takes its own offer for a route"),
    ("kernel-sweep", KERNEL, "sweep();", "", "loop:KernelRoutesTest.*",
     "routes that went while messages were lost stay"),
    ("kernel-replace", KERNEL, "(message.nlmsg_flags & NLM_F_REPLACE) != 0", "false", "loop:KernelRoutesTest.*",
     "a replaced route stays beside its successor"),
    ("kernel-room-again", KERNEL, "lost_ || (short_of_room_ && prefixes_ < max_prefixes_ - max_prefixes_ / 10)", "lost_",
     "loop:KernelRoutesTest.*", "refused routes are never looked for again"),
    ("kernel-gone-in-dump", KERNEL, "dumping_ && !of_dump && message.nlmsg_type == RTM_DELROUTE", "false",
     "loop:KernelRoutesTest.*", "a route that a dump left out, because another went meanwhile, is taken away"),
    ("monitor-waits", MONITOR, "now < dump_at_ || socket_.waits()", "now < dump_at_", "loop:RouteMonitorTest.*",
     "all routes are asked for while the kernel does not yet tell of further losses"),
    ("monitor-quiet", MONITOR, "std::min(now + kQuiet, patient_until_)", "now", "loop:RouteMonitorTest.*",
     "all routes are asked for while they change"),
    ("monitor-patience", MONITOR, "patient_until_ = now + kPatience;\n  }", "patient_until_ = now + kPatience * 9;\n  }",
     "loop:RouteMonitorTest.*", "what was lost is never asked for while routes keep changing"),
    ("monitor-loss", MONITOR, "if (error == ENOBUFS) on_loss(now);", "", "loop:RouteMonitorTest.*",
     "lost changes are not noticed"),
    ("offer-half", OFFER, "!anycast", "false", "loop:RouteOfferTest.*",
     "half an offer stays when the other half fails"),
    ("accept-bfd-hops", ACCEPT, "hops_left(packet) == kFromTheLink", "true", "worker:HostAcceptTest.*",
     "BFD from beyond a router is let in"),
    ("accept-port", ACCEPT, "bgp && l4.destination_port == kBgpPort", "bgp", "worker:HostAcceptTest.*",
     "host.accept: bgp opens every TCP port"),
    ("accept-strangers", "dataplane/worker/stage_classify.cpp", "snapshot.wan_subnet.contains(packet.parsed.v4.source)",
     "true", "worker:HostAcceptTest.*", "BGP from anywhere is let in"),
]
