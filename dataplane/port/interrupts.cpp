#include "dataplane/port/interrupts.hpp"

#include <algorithm>
#include <array>

#include "dataplane/port/device_name.hpp"

namespace gate41 {
namespace {

constexpr std::string_view kIntel = "0x8086";
// 82543GC, 82540EM, 82545EM: e1000 of VirtualBox, QEMU and VMware. 82574L: e1000e of QEMU and VMware.
constexpr std::array<std::string_view, 4> kByLine = {"0x1004", "0x100e", "0x100f", "0x10d3"};

bool interrupts_by_line(const PciDevice* device) {
  return device != nullptr && device->vendor == kIntel &&
         std::ranges::find(kByLine, device->model) != kByLine.end();
}

}  // namespace

Interrupts choose_interrupts(const std::vector<std::string>& devices, const Machine& machine) {
  bool any = false;
  for (const std::string& device : devices) {
    if (!is_pci_device(device)) continue;
    if (!interrupts_by_line(pci_device_at(machine, dpdk_name(device)))) return Interrupts::messages;
    any = true;
  }
  return any ? Interrupts::line : Interrupts::messages;
}

}  // namespace gate41
