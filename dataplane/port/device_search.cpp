#include "dataplane/port/device_search.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <fmt/ranges.h>

namespace gate41 {
namespace {

constexpr std::size_t kMost = 2;  // WAN and LAN

// Nobody but a program like this one uses what is bound to them.
bool is_free(const PciDevice& device) {
  constexpr std::array<std::string_view, 3> kDrivers = {"vfio-pci", "uio_pci_generic", "igb_uio"};
  return std::ranges::find(kDrivers, device.driver) != kDrivers.end();
}

std::string what_is_here(const Machine& machine) {
  std::vector<std::string> devices;
  for (const PciDevice& device : machine.pci)
    devices.push_back(
        fmt::format("{} ({})", device.address, device.driver.empty() ? "no driver" : device.driver));
  return devices.empty() ? "none" : fmt::format("{}", fmt::join(devices, ", "));
}

}  // namespace

Result<std::vector<std::string>> find_devices(const Machine& machine, const std::vector<std::string>& more) {
  std::vector<std::string> found;
  for (const PciDevice& device : machine.pci)
    if (is_free(device)) found.push_back(device.address);
  found.insert(found.end(), more.begin(), more.end());
  if (found.empty())
    return fail(
        fmt::format("ports: auto finds no device: none is bound to vfio-pci or uio_pci_generic "
                    "(dpdk-devbind.py -b vfio-pci ADDRESS); PCI network devices here: {}",
                    what_is_here(machine)));
  if (found.size() > kMost)
    return fail(
        fmt::format("ports: auto takes one device or two, and {} are here: {}; name those to use, as in "
                    "ports: {{ wan: {{ device: \"{}\" }}, lan: {{ device: \"{}\" }} }}",
                    found.size(), fmt::join(found, ", "), found[0], found[1]));
  return found;
}

}  // namespace gate41
