// check_devices(): what can be said about a device before DPDK starts, in the words of the configuration.
#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <linux/capability.h>

#include "dataplane/port/device_name.hpp"
#include "dataplane/port/eal_plan.hpp"

namespace gate41 {
namespace {

constexpr uint64_t bit(unsigned capability) { return uint64_t{1} << capability; }

struct Driver {
  std::string_view name;
  uint64_t capabilities = 0;  // that it cannot do without, whoever runs it
};

// Kernel drivers under which a DPDK driver can work; none bound is fine for legacy virtio. Without an IOMMU
// physical addresses are needed, which only SYS_ADMIN may read; RAWIO is for I/O ports.
constexpr std::array kPciDrivers{Driver{"", bit(CAP_SYS_ADMIN) | bit(CAP_SYS_RAWIO)},
                                 Driver{"vfio-pci"},
                                 Driver{"uio_pci_generic", bit(CAP_SYS_ADMIN)},
                                 Driver{"igb_uio", bit(CAP_SYS_ADMIN)},
                                 Driver{"mlx4_core", bit(CAP_NET_RAW)},
                                 Driver{"mlx5_core", bit(CAP_NET_RAW)}};

// DPDK's own, which carry Ethernet frames. They are plug-ins that DPDK names only once it runs.
constexpr std::array kVdevDrivers{Driver{"net_af_packet", bit(CAP_NET_RAW)},
                                  Driver{"net_af_xdp", bit(CAP_NET_ADMIN) | bit(CAP_NET_RAW)},
                                  Driver{"net_bonding"},
                                  Driver{"net_failsafe"},
                                  Driver{"net_memif"},
                                  Driver{"net_null"},
                                  Driver{"net_pcap"},
                                  Driver{"net_ring"},
                                  Driver{"net_tap", bit(CAP_NET_ADMIN)},
                                  Driver{"net_vhost"},
                                  Driver{"net_virtio_user"}};

std::vector<std::string_view> names_of(uint64_t capabilities) {
  constexpr std::array<std::pair<unsigned, std::string_view>, 4> kNames{{{CAP_NET_ADMIN, "CAP_NET_ADMIN"},
                                                                         {CAP_NET_RAW, "CAP_NET_RAW"},
                                                                         {CAP_SYS_RAWIO, "CAP_SYS_RAWIO"},
                                                                         {CAP_SYS_ADMIN, "CAP_SYS_ADMIN"}}};
  std::vector<std::string_view> names;
  for (const auto& [number, name] : kNames)
    if ((capabilities & bit(number)) != 0) names.push_back(name);
  return names;
}

Result<void> check_permission(std::string_view device, const Driver& driver, const Machine& machine) {
  const uint64_t missing = driver.capabilities & ~machine.capabilities;
  if (missing == 0) return {};
  return fail(
      fmt::format("{}: needs {}, which this process lacks; run gate41d as root or with the capabilities of "
                  "the service file",
                  dpdk_name(device), fmt::join(names_of(missing), ", ")));
}

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
  const PciDevice* found = pci_device_at(machine, address);
  if (found == nullptr)
    return fail(
        fmt::format("{}: no such device; PCI network devices here: {}", address, pci_addresses(machine)));
  const auto driver = std::ranges::find(kPciDrivers, found->driver, &Driver::name);
  if (driver == kPciDrivers.end())
    return fail(
        fmt::format("{}: belongs to the kernel's driver {}; hand it over: dpdk-devbind.py -b vfio-pci {} "
                    "(or uio_pci_generic where there is no IOMMU)",
                    address, found->driver, address));
  return check_permission(device, *driver, machine);
}

Result<void> check_interface(std::string_view device, const Machine& machine) {
  const std::string_view name = device_argument(device, "iface");
  if (std::ranges::find(machine.interfaces, name) != machine.interfaces.end()) return {};
  if (name.empty())
    return fail(
        fmt::format("{}: needs iface=NAME; interfaces here: {}", device, or_none(machine.interfaces)));
  return fail(fmt::format("{}: no interface {}; interfaces here: {}", dpdk_name(device), name,
                          or_none(machine.interfaces)));
}

Error no_such_driver(std::string_view device) {
  std::vector<std::string_view> names;
  names.reserve(kVdevDrivers.size());
  for (const Driver& driver : kVdevDrivers) names.push_back(driver.name);
  return {
      fmt::format("{}: no such driver; allowed: a PCI address, as 0000:00:03.0, or a name that begins with "
                  "its driver, as net_null0: {}",
                  dpdk_name(device), fmt::join(names, ", "))};
}

Result<void> check_vdev(std::string_view device, const Machine& machine) {
  const std::string name = dpdk_name(device);
  const auto driver = std::ranges::find_if(
      kVdevDrivers, [&](const Driver& candidate) { return name.starts_with(candidate.name); });
  if (driver == kVdevDrivers.end()) return tl::unexpected(no_such_driver(device));
  if (is_on_kernel_interface(device))
    if (Result<void> found = check_interface(device, machine); !found) return found;
  return check_permission(device, *driver, machine);
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
