// MemoryPlan: how much memory DPDK gets and how it is divided between packet buffers and flows. Pure.
#pragma once

#include <cstdint>

#include "config/model.hpp"

namespace gate41 {

inline constexpr uint64_t kMebibyte = uint64_t{1} << 20U;

// Queue entries asked for; a device may give fewer.
inline constexpr uint16_t kRxQueueSize = 1024;
inline constexpr uint16_t kTxQueueSize = 1024;
// Packets on their way from one worker to one other.
inline constexpr uint16_t kHandoverRingSize = 512;

struct MemoryPlan {
  uint64_t memory = 0;     // bytes for DPDK
  uint32_t buffers = 0;    // of the packet pool
  uint32_t max_flows = 0;  // 0 in the relay role, which has no flow table
};

// `devices`, `workers`: how many; `machine_memory`: bytes of RAM. What is configured is taken as it is, the
// rest follows from it.
[[nodiscard]] MemoryPlan plan_memory(const config::Config& config, std::size_t devices,
                                     uint64_t machine_memory, unsigned workers = 1);

}  // namespace gate41
