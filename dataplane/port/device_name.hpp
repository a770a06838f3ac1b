// The configured text of a device, `NAME[,arguments]`, taken apart: NAME is a PCI address or a vdev's name.
#pragma once

#include <string>
#include <string_view>

namespace gate41 {

// "0000:00:03.0" or "00:03.0", arguments or not.
[[nodiscard]] bool is_pci_device(std::string_view device);
// What DPDK calls the device: without arguments, a PCI address with its domain.
[[nodiscard]] std::string dpdk_name(std::string_view device);
// What follows the name, with its comma; empty = none.
[[nodiscard]] std::string_view device_arguments(std::string_view device);
// The value of one argument, as `iface` in "net_af_packet0,iface=eth0"; empty = not given.
[[nodiscard]] std::string_view device_argument(std::string_view device, std::string_view name);
// A vdev that works on an interface of the kernel, which its argument `iface` names.
[[nodiscard]] bool is_on_kernel_interface(std::string_view device);

}  // namespace gate41
