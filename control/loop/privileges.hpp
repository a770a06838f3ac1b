// What the daemon gives up once its ports, TAPs and sockets are open. Both calls are for the whole process:
// threads that exist (EAL's lcores, interrupts, telemetry) get the same, later ones inherit it. Capabilities
// are a thread's own in Linux, so the threads are asked by a signal (SIGRTMAX, as the C library does for
// setuid) and the result is read back from /proc; nothing needs to be called in the worker's entry.
#pragma once

#include <cstdint>

#include "dataplane/base/result.hpp"

namespace gate41::loop {

// Keeps, of the capabilities that it has:
//   NET_ADMIN         netlink, TAPs
//   NET_RAW           packet sockets, SO_BINDTODEVICE
//   NET_BIND_SERVICE  the DHCP client's port 68
//   IPC_LOCK          hugepages, DMA
//   SETUID SETGID KILL  to start gate41-fetch as nobody, and to stop it
//   SYS_ADMIN SYS_RAWIO  where `uio` is kept: it reads physical addresses and I/O ports
//   SYS_TIME          where `clock` is kept
// The bounding set shrinks to the same; no_new_privs; system calls that a running router never needs (mount,
// setns, ptrace, modules, bpf ...) fail with EPERM. An error is a reason not to start.
struct Kept {
  bool uio = false;
  bool clock = false;  // setting the machine's (clock_settime)
};
Result<void> drop_privileges(Kept kept);

// The first half alone, for the calling thread: capabilities (bits by number, linux/capability.h) and
// no_new_privs.
Result<void> limit_thread_capabilities(uint64_t kept);

}  // namespace gate41::loop
