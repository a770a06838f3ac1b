// Ports: the Ethernet devices of the configuration, each once, configured and running: with a send queue for
// every worker, and as many receive queues where the device has them. Control thread. Several ports with
// different VLANs share a device; so do WAN and LAN on a single NIC.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/port/device_info.hpp"
#include "dataplane/port/kernel_link.hpp"
#include "dataplane/port/link_states.hpp"
#include "dataplane/port/machine.hpp"
#include "dataplane/port/memory_plan.hpp"
#include "dataplane/port/rx_queue.hpp"

struct rte_mempool;

namespace gate41 {

struct QueuePlan {
  uint16_t workers = 1;
  rte_mempool* pool = nullptr;  // of all receive queues: what is sent comes from it too
  uint16_t queue_size = kQueueSize;
  int numa_node = 0;  // of the workers
  config::RxMode rx_mode = config::RxMode::polling;
  Interrupts interrupts = Interrupts::messages;  // that DPDK was told to take
};

// How many workers the devices allow: each must have a send queue of every one. Of what DPDK has opened.
[[nodiscard]] uint16_t most_workers(const config::Config& config);

class Ports {
 public:
  // Errors start with the key, as in `ports.wan.device: ...`.
  static Result<std::unique_ptr<Ports>> start(const config::Config& config, const Machine& machine,
                                              const QueuePlan& plan);
  ~Ports();  // stops and closes them; no worker may run any more
  Ports(const Ports&) = delete;
  Ports& operator=(const Ports&) = delete;

  [[nodiscard]] const std::vector<uint16_t>& ids() const noexcept { return ids_; }
  // Of all devices: one that must be looked at keeps a worker from waiting for the others.
  [[nodiscard]] IdleMode idle_mode() const noexcept { return idle_; }
  // Worker i polls queue i of every device that has one, and what is left over beyond the last worker's: some
  // devices spread frames over more queues than they are asked for.
  [[nodiscard]] std::vector<RxQueue> queues_of(unsigned worker, unsigned workers) const;
  // A device has fewer receive queues than there are workers.
  [[nodiscard]] bool has_too_few_queues(unsigned workers) const;
  // With the link states that links() has, and error counters as they are now.
  [[nodiscard]] std::vector<DeviceInfo> devices() const;
  // As of the start, or the last watch_links().
  [[nodiscard]] const LinkStates& links() const noexcept { return links_; }
  // Looks at all links: about once a second.
  void watch_links();

 private:
  Ports() = default;
  Result<void> add(const std::string& key, const std::string& device, const Machine& machine,
                   const QueuePlan& plan);
  [[nodiscard]] bool has_link(uint16_t port) const noexcept;

  std::vector<uint16_t> ids_;
  std::vector<DeviceInfo> infos_;  // what does not change, beside ids_
  IdleMode idle_ = IdleMode::interrupt;
  std::map<uint16_t, KernelLink> kernel_links_;  // by port id, where the kernel knows better than the driver
  LinkStates links_;
};

}  // namespace gate41
