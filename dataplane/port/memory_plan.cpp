#include "dataplane/port/memory_plan.hpp"

#include <algorithm>

namespace gate41 {
namespace {

// A buffer: pool header, mbuf, private area, headroom and 2048 bytes of data are 2496; but in plain memory
// DPDK lets none cross a page, so that each has one of its own.
constexpr uint64_t kBufferBytes = 4096;
// Packets outside the devices' queues: rings to and from control, packets that wait for a neighbour, pool
// caches.
constexpr uint32_t kBuffersInFlight = 4095;
// And of every further worker: its rings to and from control, its pool cache.
constexpr uint32_t kBuffersOfAnother = 2048 + 512;
// A flow, all that is kept for it (filter/flow_table.hpp; a test of the filter holds it to this).
constexpr uint64_t kFlowBytes = 160;
// DPDK itself, rings, the neighbour table, a capture's buffers.
constexpr uint64_t kReserve = 32 * kMebibyte;
constexpr uint64_t kLeastAuto = 96 * kMebibyte;
constexpr uint64_t kMostAuto = 128 * kMebibyte;
constexpr uint64_t kAutoShare = 16;  // of the machine's memory
constexpr uint64_t kLeastFlows = 1024;
constexpr uint64_t kMostFlows = uint64_t{1} << 26U;

uint64_t whole_mebibytes(uint64_t bytes) { return (bytes + kMebibyte - 1) / kMebibyte * kMebibyte; }

// All places where packets can be at once.
uint32_t count_buffers(std::size_t devices, unsigned workers) {
  const auto queues = static_cast<uint32_t>(devices * workers * (kRxQueueSize + kTxQueueSize));
  const uint32_t handovers = workers * (workers - 1) * kHandoverRingSize;
  return queues + kBuffersInFlight + (workers - 1) * kBuffersOfAnother + handovers;
}

}  // namespace

MemoryPlan plan_memory(const config::Config& config, std::size_t devices, uint64_t machine_memory,
                       unsigned workers) {
  const uint32_t buffers = count_buffers(devices, workers);
  const uint64_t for_more_workers = (buffers - count_buffers(devices, 1)) * kBufferBytes;
  const uint64_t fixed = kReserve + buffers * kBufferBytes;
  const bool needs_flows = config.role == config::Role::gateway;
  const uint64_t asked = needs_flows ? uint64_t{config.filter.max_flows} : 0;

  uint64_t memory = config.eal_memory.value_or(
      std::clamp(machine_memory / kAutoShare, kLeastAuto, kMostAuto) + for_more_workers);
  const bool follows_flows = !config.eal_memory && asked > 0;
  if (follows_flows) memory = fixed + asked * kFlowBytes;
  if (!config.eal_memory && !needs_flows) memory = fixed;
  memory = whole_mebibytes(memory);

  uint64_t flows = asked;
  if (needs_flows && asked == 0)
    flows = std::clamp((std::max(memory, fixed) - fixed) / kFlowBytes / kLeastFlows * kLeastFlows,
                       kLeastFlows, kMostFlows);
  return {memory, buffers, static_cast<uint32_t>(flows)};
}

}  // namespace gate41
