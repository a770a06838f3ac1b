// Ports: the Ethernet devices of the configuration, each once, configured with one receive and one send queue
// a worker, and running. Control thread. Several ports with different VLANs share a device; so do WAN and LAN
// on a single NIC.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/port/device_info.hpp"

struct rte_mempool;

namespace gate41 {

struct QueuePlan {
  uint16_t queues = 1;          // of each kind, one a worker
  rte_mempool* pool = nullptr;  // of all receive queues: what is sent comes from it too
  int numa_node = 0;            // of the workers
};

class Ports {
 public:
  // Errors start with the key, as in `ports.wan.device: ...`.
  static Result<std::unique_ptr<Ports>> start(const config::Config& config, const QueuePlan& plan);
  ~Ports();  // stops and closes them; no worker may run any more
  Ports(const Ports&) = delete;
  Ports& operator=(const Ports&) = delete;

  [[nodiscard]] const std::vector<uint16_t>& ids() const noexcept { return ids_; }
  // With link state and error counters as they are now.
  [[nodiscard]] std::vector<DeviceInfo> devices() const;
  // Logs what came up or went down since the last call.
  void watch_links();

 private:
  Ports() = default;
  Result<void> add(const std::string& key, const std::string& device, const QueuePlan& plan);

  std::vector<uint16_t> ids_;
  std::vector<DeviceInfo> infos_;  // what does not change, beside ids_
};

}  // namespace gate41
