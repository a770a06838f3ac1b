// MemoryPlan: how much memory DPDK gets and how it is divided between packet buffers and flows. Pure.
#pragma once

#include <cstdint>

#include "config/model.hpp"

namespace gate41 {

inline constexpr uint64_t kMebibyte = uint64_t{1} << 20U;

// Of the profile `auto`: less RAM than this is little.
inline constexpr uint64_t kLittleMemory = 256 * kMebibyte;
// Entries of each queue asked for; a device may give fewer.
inline constexpr uint16_t kQueueSize = 1024;
inline constexpr uint16_t kSmallQueueSize = 256;
inline constexpr uint32_t kSmallFlows = 16384;
// Packets on their way from one worker to one other.
inline constexpr uint16_t kHandoverRingSize = 512;

// Address pairs that a relay's worker remembers (worker/pair_table.hpp), and their memory.
inline constexpr uint32_t kRelayPairs = 1U << 18U;
inline constexpr uint64_t kRelayPairsBytes = uint64_t{kRelayPairs} * 66;

struct MemoryPlan {
  uint64_t memory = 0;      // bytes for DPDK
  uint32_t buffers = 0;     // of the packet pool
  uint32_t cached = 0;      // of them, at most, by each thread
  uint16_t queue_size = 0;  // of devices
  uint32_t neighbours = 0;
  uint32_t adjacencies = 0;  // ways to them, and to the ends of tunnels
  uint32_t max_flows = 0;    // 0 in the relay role, which has no flow table
};

// The profile, `auto` decided.
[[nodiscard]] bool is_small(const config::Config& config, uint64_t machine_memory);

// `devices`, `workers`: how many; `machine_memory`: bytes of RAM. What is configured is taken as it is, the
// rest follows from it. `huge_pages`: there are some, and they are wanted.
[[nodiscard]] MemoryPlan plan_memory(const config::Config& config, std::size_t devices,
                                     uint64_t machine_memory, unsigned workers = 1, bool huge_pages = false);

}  // namespace gate41
