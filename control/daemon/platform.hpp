// Platform: what all parts of the daemon stand on, by reference; main owns it and it outlives them.
#pragma once

#include "control/daemon/events.hpp"
#include "control/loop/event_loop.hpp"
#include "control/loop/netlink.hpp"
#include "control/loop/state_store.hpp"
#include "dataplane/worker/dataplane.hpp"

namespace gate41 {

struct Platform {
  Dataplane& dataplane;
  loop::EventLoop& loop;
  loop::HostNetwork& network;
  loop::StateStore& store;
  Events& events;
};

// From getrandom(2): seeds of the engines.
[[nodiscard]] uint64_t random_seed();
// Not coarse, as now() is: for round-trip times that people read.
[[nodiscard]] TimePoint precise_now();
// Seconds since 1970: only for what must survive a restart. move_machine_clock() does not move it: what is
// kept was told by the same clock, that of the machine, which a restart begins with again.
[[nodiscard]] int64_t wall_clock();
// The machine's clock, by so much forward. Needs CAP_SYS_TIME.
Result<void> move_machine_clock(Duration by);
[[nodiscard]] std::chrono::sys_time<Duration> machine_clock();

}  // namespace gate41
