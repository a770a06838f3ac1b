// LinkStates: whether each device has a link, as last seen. Written by control once a second, read by the
// workers once a burst; the cache lines move only when a link changes.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include <rte_config.h>

namespace gate41 {

class LinkStates {
 public:
  void set(uint16_t device, bool up) noexcept { down_[device].store(!up, std::memory_order_relaxed); }
  [[nodiscard]] bool up(uint16_t device) const noexcept {
    return !down_[device].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<bool>, RTE_MAX_ETHPORTS> down_{};  // by DPDK port id
};

}  // namespace gate41
