// check_devices(): what can be said about a device before DPDK starts, in the words of the configuration.
#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "dataplane/port/device_name.hpp"
#include "dataplane/port/eal_plan.hpp"

namespace gate41 {
namespace {

// Kernel drivers under which a DPDK driver can work; none bound is fine for legacy virtio.
constexpr std::array<std::string_view, 6> kUsableDrivers = {"",        "vfio-pci",  "uio_pci_generic",
                                                            "igb_uio", "mlx4_core", "mlx5_core"};

std::string or_none(std::vector<std::string> names) {
  std::erase(names, "lo");
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

std::string pci_addresses(const Machine& machine) {
  std::vector<std::string> addresses;
  for (const PciDevice& device : machine.pci) addresses.push_back(device.address);
  return or_none(addresses);
}

Result<void> check_pci(std::string_view device, const Machine& machine) {
  const std::string address = dpdk_name(device);
  const auto found = std::ranges::find(machine.pci, address, &PciDevice::address);
  if (found == machine.pci.end())
    return fail(
        fmt::format("{}: no such device; PCI network devices here: {}", address, pci_addresses(machine)));
  if (std::ranges::find(kUsableDrivers, found->driver) == kUsableDrivers.end())
    return fail(
        fmt::format("{}: belongs to the kernel's driver {}; hand it over: dpdk-devbind.py -b vfio-pci {} "
                    "(or uio_pci_generic where there is no IOMMU)",
                    address, found->driver, address));
  return {};
}

Result<void> check_vdev(std::string_view device, const Machine& machine) {
  if (!device.starts_with("net_af_packet") && !device.starts_with("net_af_xdp")) return {};
  const std::string_view name = device_argument(device, "iface");
  if (std::ranges::find(machine.interfaces, name) != machine.interfaces.end()) return {};
  if (name.empty())
    return fail(
        fmt::format("{}: needs iface=NAME; interfaces here: {}", device, or_none(machine.interfaces)));
  return fail(fmt::format("{}: no interface {}; interfaces here: {}", dpdk_name(device), name,
                          or_none(machine.interfaces)));
}

// Two ports on one device: written alike, since control matches them by the text.
Result<void> check_spelling(const config::Config& config, std::string_view device) {
  for (const auto& [name, port] : config.ports)
    if (port.device != device && dpdk_name(port.device) == dpdk_name(device))
      return fail(
          fmt::format("{}: the same device as {} of ports.{}; write both alike", device, port.device, name));
  return {};
}

}  // namespace

Result<void> check_devices(const config::Config& config, const Machine& machine) {
  for (const auto& [name, port] : config.ports) {
    Result<void> checked = check_spelling(config, port.device);
    if (checked)
      checked =
          is_pci_device(port.device) ? check_pci(port.device, machine) : check_vdev(port.device, machine);
    if (!checked) return fail(fmt::format("ports.{}.device: {}", name, checked.error().message));
  }
  return {};
}

}  // namespace gate41
