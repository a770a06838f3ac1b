// EalPlan: DPDK's start arguments from the configuration and from what the machine has. Pure; errors name the
// key and the remedy.
#pragma once

#include <string>
#include <vector>

#include "config/model.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/port/interrupts.hpp"
#include "dataplane/port/machine.hpp"
#include "dataplane/port/memory_plan.hpp"

namespace gate41 {

// Of `workers.cores: auto`: more take memory that not every machine's network needs.
inline constexpr std::size_t kMostAutoWorkers = 4;

struct EalPlan {
  std::vector<std::string> arguments;  // of rte_eal_init, the program's name first
  MemoryPlan memory;
  bool huge_pages = false;
  Interrupts interrupts = Interrupts::messages;
  std::vector<unsigned> control_cores;  // where the control thread may run
  std::vector<unsigned> worker_cores;   // of workers, the first one's first; with `auto`, at most so many run
};

// The configured devices, each once, in the order of their ports' names.
[[nodiscard]] std::vector<std::string> distinct_devices(const config::Config& config);

// Cores: the configured ones are the workers', or all but the first, at most kMostAutoWorkers, and one in
// the small memory profile; control has the others, or shares where none is left. Memory: huge pages where
// the configuration asks for them or, `auto`, where enough are free; else plain memory.
[[nodiscard]] Result<EalPlan> plan_eal(const config::Config& config, const Machine& machine);

// Bytes that plan_eal() will miss, for PCI devices.
[[nodiscard]] uint64_t missing_huge_pages(const config::Config& config, const Machine& machine);

// Are all configured devices here, and bound to a driver that DPDK can use?
[[nodiscard]] Result<void> check_devices(const config::Config& config, const Machine& machine);

}  // namespace gate41
