// HostNamespace: the network namespace that the TAPs live in (`host.netns`), named like one of `ip netns`.
//
// Order at start: prepare() first of all, before EAL (it forks a process that must not share EAL's memory);
// enter() on the control thread once the ports are open, since vdevs such as net_af_packet open theirs in the
// namespace that the daemon was started in; then the TAPs; then drop_privileges(). At stop: close the TAPs,
// then remove(). The name is a mount under /run/netns, which only CAP_SYS_ADMIN may take away and which the
// daemon gives up; hence the process that prepare() forks: it holds that one capability, waits for remove()
// and ends with the daemon. A namespace that was there before is used and left in place, unless its mark (the
// alias of its `lo`) says that a gate41d made it and did not live to remove it. Processes that should outlive
// the daemon in it (BIRD, keepalived) want one that is made before: `ip netns add gate41`.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "control/loop/fd.hpp"
#include "control/loop/namespace_remover.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

class HostNamespace {
 public:
  // "none": stay where the daemon runs; the object then does nothing. Otherwise makes the namespace if it is
  // absent, with `lo` up and forwarding off. An interface g41* in it is a running daemon's: an error.
  static Result<std::unique_ptr<HostNamespace>> prepare(const std::string& name);
  ~HostNamespace();  // remove()
  HostNamespace(const HostNamespace&) = delete;
  HostNamespace& operator=(const HostNamespace&) = delete;

  // Moves the calling thread, and with it every thread and child that it starts from now on.
  Result<void> enter();
  // Takes the name away if a gate41d made the namespace; waits at most a second for it. The namespace itself
  // ends with the last process and descriptor in it.
  void remove();

 private:
  HostNamespace() = default;
  Result<void> set_up(const std::string& name, const std::string& path, bool fresh);

  Fd namespace_;                             // -1: "none"
  std::optional<NamespaceRemover> remover_;  // when a gate41d made it
};

}  // namespace gate41::loop
