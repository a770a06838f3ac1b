#include "dataplane/port/eal_plan.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "dataplane/port/device_name.hpp"

namespace gate41 {
namespace {

// Named as DPDK's lcores: what runs where is said by --lcores alone.
constexpr unsigned kControlLcore = 0;
constexpr unsigned kFirstWorkerLcore = 1;
constexpr std::string_view kVirtioVendor = "0x1af4";

bool any_pci(const std::vector<std::string>& devices) {
  return std::ranges::any_of(devices, [](const std::string& device) { return is_pci_device(device); });
}

bool contains(const std::vector<unsigned>& cores, unsigned core) {
  return std::ranges::find(cores, core) != cores.end();
}

// From the last one down: the first one stays control's.
std::vector<unsigned> automatic_worker_cores(const config::Config& config, const Machine& machine) {
  const std::size_t all_but_one = std::max<std::size_t>(machine.cores.size() - 1, 1);
  const std::size_t most = is_small(config, machine.memory) ? 1 : kMostAutoWorkers;
  std::vector<unsigned> cores(machine.cores.rbegin(), machine.cores.rend());
  cores.resize(std::min(all_but_one, most));
  return cores;
}

Result<std::vector<unsigned>> choose_worker_cores(const config::Config& config, const Machine& machine) {
  if (config.worker_cores.empty()) return automatic_worker_cores(config, machine);
  for (const unsigned core : config.worker_cores)
    if (!contains(machine.cores, core))
      return fail(fmt::format("workers.cores: core {} is not available; available: {}", core,
                              fmt::join(machine.cores, ", ")));
  return config.worker_cores;
}

std::vector<unsigned> cores_for_control(const Machine& machine, const std::vector<unsigned>& workers) {
  std::vector<unsigned> others = machine.cores;
  std::erase_if(others, [&](unsigned core) { return contains(workers, core); });
  return others.empty() ? machine.cores : others;
}

// As --lcores wants it: DPDK's number, where it may run.
std::string lcores_argument(const EalPlan& plan) {
  std::string argument = fmt::format("--lcores={}@({})", kControlLcore, fmt::join(plan.control_cores, ","));
  for (unsigned i = 0; i < plan.worker_cores.size(); ++i)
    argument += fmt::format(",{}@{}", kFirstWorkerLcore + i, plan.worker_cores[i]);
  return argument;
}

Result<bool> choose_huge_pages(const config::Config& config, const Machine& machine, const EalPlan& plan) {
  if (!config.eal_hugepages) return false;
  const uint64_t needed = plan.memory.memory;
  if (machine.free_huge_pages >= needed) return true;
  const bool for_pci = any_pci(distinct_devices(config));
  if (config.eal_hugepages_auto && !for_pci) return false;
  return fail(
      fmt::format("eal.hugepages: {} MiB in huge pages are needed{}, {} MiB are free; reserve them (sysctl "
                  "vm.nr_hugepages={}), "
                  "or lower eal.memory",
                  needed / kMebibyte, for_pci ? " for a PCI device" : "", machine.free_huge_pages / kMebibyte,
                  needed / (2 * kMebibyte) + 1));
}

// Cores and the file prefix have keys of their own; DPDK refuses both ways of saying it at once, or lets the
// last win.
Result<void> check_extra_arguments(const config::Config& config) {
  constexpr std::array<std::string_view, 7> kOurs = {"-l", "-c",           "--lcores",     "-S",
                                                     "-s", "--main-lcore", "--file-prefix"};
  for (const std::string& argument : config.eal_args) {
    const std::string_view option = std::string_view(argument).substr(0, argument.find('='));
    if (std::ranges::find(kOurs, option) != kOurs.end())
      return fail(fmt::format(
          "eal.args: {} is not allowed here; cores are set by workers.cores, the prefix is `instance`",
          option));
  }
  return {};
}

std::vector<std::string> memory_arguments(const EalPlan& plan) {
  const std::string size = std::to_string(plan.memory.memory / kMebibyte);
  if (plan.huge_pages) return {"--in-memory", "-m", size};
  return {"--no-huge", "--no-shconf", "-m", size};
}

// In a virtual machine the vectorised path halves the cost of receiving; the driver takes it only when asked.
std::string allowed_pci(const std::string& device, const Machine& machine) {
  const std::string address = dpdk_name(device);
  const PciDevice* found = pci_device_at(machine, address);
  const bool plain = device_arguments(device).empty();
  if (plain && found != nullptr && found->vendor == kVirtioVendor) return address + ",vectorized=1";
  return address + std::string(device_arguments(device));
}

std::vector<std::string> device_start_arguments(const std::vector<std::string>& devices,
                                                const Machine& machine) {
  std::vector<std::string> arguments;
  if (!any_pci(devices)) arguments.emplace_back("--no-pci");
  for (const std::string& device : devices) {
    if (is_pci_device(device))
      arguments.insert(arguments.end(), {"-a", allowed_pci(device, machine)});
    else
      arguments.push_back("--vdev=" + device);
  }
  return arguments;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> distinct_devices(const config::Config& config) {
  std::vector<std::string> devices;
  for (const auto& [name, port] : config.ports)
    if (std::ranges::find(devices, port.device) == devices.end()) devices.push_back(port.device);
  return devices;
}

Result<EalPlan> plan_eal(const config::Config& config, const Machine& machine) {
  if (auto extra = check_extra_arguments(config); !extra) return tl::unexpected(extra.error());
  const std::vector<std::string> devices = distinct_devices(config);
  EalPlan plan;
  const Result<std::vector<unsigned>> cores = choose_worker_cores(config, machine);
  if (!cores) return tl::unexpected(cores.error());
  plan.worker_cores = *cores;
  plan.control_cores = cores_for_control(machine, plan.worker_cores);
  plan.memory =
      plan_memory(config, devices.size(), machine.memory, static_cast<unsigned>(plan.worker_cores.size()),
                  config.eal_hugepages && machine.free_huge_pages > 0);
  const Result<bool> huge = choose_huge_pages(config, machine, plan);
  if (!huge) return tl::unexpected(huge.error());
  plan.huge_pages = *huge;

  plan.arguments = {"gate41d", "--file-prefix=" + config.instance, lcores_argument(plan),
                    "--log-level=error"};
  append(plan.arguments, memory_arguments(plan));
  append(plan.arguments, device_start_arguments(devices, machine));
  plan.interrupts = choose_interrupts(devices, machine);
  if (plan.interrupts == Interrupts::line) plan.arguments.emplace_back("--vfio-intr=legacy");
  append(plan.arguments, config.eal_args);
  return plan;
}

uint64_t missing_huge_pages(const config::Config& config, const Machine& machine) {
  Machine plenty = machine;
  plenty.free_huge_pages = UINT64_MAX;
  const Result<EalPlan> plan = plan_eal(config, plenty);
  if (!plan || !plan->huge_pages || !any_pci(distinct_devices(config))) return 0;
  return plan->memory.memory - std::min(plan->memory.memory, machine.free_huge_pages);
}

}  // namespace gate41
