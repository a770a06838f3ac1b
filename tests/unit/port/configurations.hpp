// Configurations and machines that the tests of this room start from.
#pragma once

#include <algorithm>
#include <string>

#include "dataplane/port/eal_plan.hpp"

namespace gate41::testing {

inline constexpr uint64_t kGibibyte = uint64_t{1} << 30U;

inline config::Config with_devices(const std::string& wan, const std::string& lan) {
  config::Config config;
  config.ports["wan"].device = wan;
  config.ports["lan"].device = lan;
  return config;
}
inline config::Config with_vdevs() { return with_devices("net_ring0", "net_null0,no-rx=1"); }
inline config::Config with_pci() { return with_devices("0000:00:03.0", "0000:00:04.0"); }

// Four cores, 8 GiB, no huge pages, two virtio devices and an Intel one, all capabilities.
inline Machine small_machine() {
  Machine machine;
  machine.cores = {0, 1, 2, 3};
  machine.memory = 8 * kGibibyte;
  machine.pci = {{"0000:00:03.0", "0x1af4", "uio_pci_generic"},
                 {"0000:00:04.0", "0x1af4", "uio_pci_generic"},
                 {"0000:00:05.0", "0x8086", "e1000"}};
  machine.interfaces = {"lo", "eth0", "veth-wan"};
  machine.capabilities = ~uint64_t{0};
  return machine;
}
inline Machine machine_with_huge_pages() {
  Machine machine = small_machine();
  machine.free_huge_pages = kGibibyte;
  return machine;
}

inline bool has(const EalPlan& plan, const std::string& argument) {
  return std::ranges::find(plan.arguments, argument) != plan.arguments.end();
}
// The argument that follows, as N after -m; empty = there is none.
inline std::string after(const EalPlan& plan, const std::string& argument) {
  const auto found = std::ranges::find(plan.arguments, argument);
  return found == plan.arguments.end() || found + 1 == plan.arguments.end() ? std::string() : *(found + 1);
}

}  // namespace gate41::testing
