"""The appliance's first process and console, and what its start and its idleness rest on."""
EARLY = "control/daemon/early_lan.cpp"
ENGINES = "control/daemon/lan_engines.cpp"
IDLE = "dataplane/worker/idle.cpp"
SLOT = "appliance/init/boot_slot.cpp"
SYSLOG = "control/daemon/syslog_sender.cpp"

ROWS = [
    ("early-other-link", EARLY, "if (!engines_ || link != link_) return;", "if (!engines_) return;", "daemon:*",
     "the presumed LAN's engines hear the WAN"),
    ("early-guess-stays", EARLY, "engines_ = link ? make_(*link) : std::nullopt;", "if (link) engines_ = make_(*link);", "daemon:*",
     "what was begun for a guess outlives it"),
    ("early-begins-again", EARLY, "if (link == link_) return;", "", "daemon:*",
     "duplicate address detection begins anew with each look"),
    ("engines-address-ready", ENGINES, "ra->set_address_ready(nd.is_ready(link_local));", "ra->set_address_ready(true);", "daemon:*",
     "advertisements come from an address that has not passed DAD"),
    ("engines-events-lost", ENGINES, "return std::holds_alternative<nd::SendFrame>(output);", "return true;", "daemon:*",
     "what the engines told before the LAN was there is lost"),
    ("advertiser-address-ready", "control/ra/advertiser.cpp", "now >= listen_until_ && address_ready_", "now >= listen_until_",
     "daemon:*", "listening ends before DAD does"),
    ("search-likely", "control/dhcp/wan_search.cpp", "verdict() == Verdict::one_answers ? first_answered() : wan_", "wan_", "dhcp:*",
     "no port is presumed to be the WAN's before it is sure"),

    ("idle-spin", IDLE, "empty_polls_ < kEmptyPolls && now - last_work_ < kLongestSpin", "empty_polls_ < kEmptyPolls", "runtime:*",
     "a slow machine polls for nothing for many milliseconds"),
    ("idle-first-wait", IDLE, "interrupts_ ? kLongestWait : kFirstWait", "kLongestWait", "runtime:*",
     "the first frames wait a second each where interrupts never come"),
    ("idle-missed", "dataplane/worker/idle.hpp", "missed_interrupts_ >= kMissedInterrupts", "false", "runtime:*",
     "a device that never interrupts is waited for each time"),
    ("idle-empty", "dataplane/worker/idle.hpp", "empty_interrupts_ >= kEmptyInterrupts", "false", "runtime:*",
     "a device that interrupts without end for nothing is waited for without end"),
    ("interrupts-mixed", "dataplane/port/interrupts.cpp", "interrupts_by_line(pci_device_at(machine, dpdk_name(device)))", "true", "port:*",
     "virtio gets no interrupts where an e1000 stands beside it"),
    ("small-team", "dataplane/port/eal_plan.cpp", "is_small(config, machine.memory) ? 1 : kMostAutoWorkers", "kMostAutoWorkers",
     "port:EalPlan.*", "a small machine with many processors has no room for its packets"),
    ("missing-pages", "dataplane/port/eal_plan.cpp", "std::min(plan->memory.memory, machine.free_huge_pages)", "uint64_t{0}", "port:EalPlan.*",
     "the appliance reserves huge pages that it has already"),
    ("watchdog-quarter", "control/loop/notify.cpp", "now - fed_ < *watchdog_limit_ / 4", "now - fed_ < *watchdog_limit_ * 4", "loop:*",
     "the service manager takes a living daemon for dead"),

    ("dad-again", "control/nd/own_addresses.cpp", "entry.second.due = now + kTriedAgainAfter;", "entry.second.due.reset();", "nd:*",
     "an address that was taken once is never used again"),
    ("syslog-supervisor", SYSLOG, "failed == 0 && type == SOCK_SEQPACKET ? STDIN_FILENO : -1", "-1", "daemon:*",
     "the daemon never finds the first process's lines"),
    ("slot-piece", SLOT, "Environment{device, begin + at, read_device(device, begin + at, kEnvironmentBytes)}",
     "Environment{device, at, read_device(device, begin + at, kEnvironmentBytes)}", "appliance:*",
     "a new system is confirmed in the midst of GRUB"),
    ("slot-cut-off", SLOT, "!environment || environment->text.size() < kEnvironmentBytes", "!environment", "appliance:*",
     "a grubenv that is cut off is written to"),
    ("log-prefix-level", "dataplane/base/log_prefix.cpp", "return {static_cast<LogLevel>(level), line.substr(3)};",
     "return {LogLevel::info, line.substr(3)};", "base:*", "a warning of another process is told as news"),
    ("journal-own-lines", "appliance/init/journal.cpp", "::send(write_end_.get(), line.data(), line.size(), MSG_NOSIGNAL);", "",
     "appliance:*", "the daemon gets none of the first process's lines"),
    ("file-watch-new-place", "control/tool/file_watch.cpp", "::inotify_add_watch(fd_.get(), path_.c_str(), IN_MODIFY | IN_MOVE_SELF);",
     "[[maybe_unused]] static const int once = ::inotify_add_watch(fd_.get(), path_.c_str(), IN_MODIFY | IN_MOVE_SELF);", "tool:FileWatchTest.*",
     "a log that was begun anew is watched no more"),
    ("operator-group", "control/operator/listener.cpp", "if (name == found->gr_name) return found->gr_gid;",
     "return found->gr_gid;", "operator:*", "the socket is given to another group"),
]
