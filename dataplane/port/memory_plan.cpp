#include "dataplane/port/memory_plan.hpp"

#include <algorithm>

namespace gate41 {
namespace {

// A buffer: pool header, mbuf, private area, headroom and 2048 bytes of data are 2496; but DPDK lets none
// cross a page, so that in plain memory each has one of its own. Where there is plenty that is reckoned for
// all.
constexpr uint64_t kBufferBytes = 4096;
constexpr uint64_t kHugeBufferBytes = 2560;
// A flow, all that is kept for it (filter/flow_table.hpp; a test of the filter holds it to this).
constexpr uint64_t kFlowBytes = 160;
constexpr uint64_t kLeastAuto = 96 * kMebibyte;
constexpr uint64_t kMostAuto = 128 * kMebibyte;
constexpr uint64_t kAutoShare = 16;  // of the machine's memory
constexpr uint64_t kLeastFlows = 1024;
constexpr uint64_t kMostFlows = uint64_t{1} << 26U;

struct Profile {
  uint16_t queue_size;
  // Packets outside the devices' queues: rings to and from control, packets that wait for a neighbour, pool
  // caches. When they are used up, packets are lost, counted.
  uint32_t in_flight;
  uint32_t in_flight_of_another;  // further worker: its rings to and from control, its pool cache
  uint32_t cached;
  uint32_t neighbours;
  uint32_t adjacencies;
  uint64_t reserve;  // bytes: DPDK itself, rings, the neighbour table, a capture's buffers
};
constexpr Profile kNormal{kQueueSize, 4095, 2048 + 512, 256, 16384, 65536, 32 * kMebibyte};
constexpr Profile kSmall{kSmallQueueSize, 1023, 512, 64, 2048, 8192, 4 * kMebibyte};

uint64_t whole_mebibytes(uint64_t bytes) { return (bytes + kMebibyte - 1) / kMebibyte * kMebibyte; }

// All places where packets can be at once.
uint32_t count_buffers(const Profile& profile, std::size_t devices, unsigned workers) {
  const auto queues = static_cast<uint32_t>(devices * workers * 2 * profile.queue_size);
  const uint32_t handovers = workers * (workers - 1) * kHandoverRingSize;
  return queues + profile.in_flight + (workers - 1) * profile.in_flight_of_another + handovers;
}

uint64_t flows_that_fit(uint64_t bytes) {
  return std::clamp(bytes / kFlowBytes / kLeastFlows * kLeastFlows, kLeastFlows, kMostFlows);
}

}  // namespace

bool is_small(const config::Config& config, uint64_t machine_memory) {
  if (config.memory_profile != config::MemoryProfile::automatic)
    return config.memory_profile == config::MemoryProfile::small;
  return machine_memory < kLittleMemory;
}

MemoryPlan plan_memory(const config::Config& config, std::size_t devices, uint64_t machine_memory,
                       unsigned workers, bool huge_pages) {
  const bool small = is_small(config, machine_memory);
  const uint64_t buffer_bytes = small && huge_pages ? kHugeBufferBytes : kBufferBytes;
  const Profile& profile = small ? kSmall : kNormal;
  const uint32_t buffers = count_buffers(profile, devices, workers);
  const uint64_t for_more_workers = (buffers - count_buffers(profile, devices, 1)) * buffer_bytes;
  const bool needs_flows = config.role == config::Role::gateway;
  const uint64_t pairs = needs_flows ? 0 : workers * kRelayPairsBytes;
  const uint64_t fixed = profile.reserve + buffers * buffer_bytes + pairs;
  uint64_t flows = needs_flows ? uint64_t{config.filter.max_flows} : 0;
  if (needs_flows && small && flows == 0 && !config.eal_memory) flows = kSmallFlows;

  uint64_t memory = config.eal_memory.value_or(
      std::clamp(machine_memory / kAutoShare, kLeastAuto, kMostAuto) + for_more_workers);
  if (!config.eal_memory && (flows > 0 || !needs_flows)) memory = fixed + flows * kFlowBytes;
  memory = whole_mebibytes(memory);
  if (needs_flows && flows == 0) flows = flows_that_fit(std::max(memory, fixed) - fixed);
  return {.memory = memory,
          .buffers = buffers,
          .cached = profile.cached,
          .queue_size = profile.queue_size,
          .neighbours = profile.neighbours,
          .adjacencies = profile.adjacencies,
          .max_flows = static_cast<uint32_t>(flows)};
}

}  // namespace gate41
