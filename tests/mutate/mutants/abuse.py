"""What keeps abuse in bounds and leaves its traces: the rate of a site."""
METERS = "dataplane/forward/site_meters.cpp"
DECAPSULATE = "dataplane/worker/stage_decapsulate.cpp"

ROWS = [
    ("rate-never", DECAPSULATE, "if (over_rate(packet, context)) return Verdict::drop(DropReason::site_rate);", "",
     "worker:SiteRate.*", "a site sends as fast as it likes"),
    ("rate-all-share", DECAPSULATE,
     "worker.site_meters->passes(limit, site, packet.parsed.v6.total_length(), context.now)",
     "worker.site_meters->passes(limit, packet.parsed.v4.destination, packet.parsed.v6.total_length(), context.now)",
     "worker:SiteRate.*", "all sites have one share together"),
    ("rate-nameless", DECAPSULATE, "worker.counters.tunnels[packet.tunnel].fast_site.set(site.host());", "",
     "worker:SiteRate.*", "nobody learns which site it was"),
    ("rate-old-limit", METERS, "limit != limit_", "!limit_.on()", "forward:SiteMeters.*:*/SiteRate.*",
     "a reload changes the rate of nobody"),
    ("rate-tsc", METERS, "rte_get_tsc_hz()", "uint64_t{1'000'000'000}",
     "forward:*/SiteRate.*", "the rate depends on the machine's TSC"),
    ("rate-small-burst", METERS, "std::max(limit.burst, kMinBurst)", "limit.burst", "forward:SiteMeters.*",
     "a small burst lets no packet of full size pass, ever"),
    ("rate-newest-evicted", METERS, "std::ranges::min_element(set.meters, {}, &rte_meter_srtcm::time)",
     "std::ranges::max_element(set.meters, {}, &rte_meter_srtcm::time)", "forward:SiteMeters.*",
     "a flood of made-up sites takes a busy site's meter away"),
    ("rate-empty-start", METERS, "profile_.cbs", "uint64_t{0}", "forward:SiteMeters.*",
     "a site's first packets are dropped"),
    ("rate-unit", "control/daemon/snapshot_builder.cpp", "relay.site_rate * kBytesPerMegabit",
     "uint64_t{relay.site_rate}", "daemon:RelaySnapshot.*", "Mbit/s are taken for bytes a second"),
]
