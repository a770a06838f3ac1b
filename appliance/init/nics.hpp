// The machine's network cards: which there are, and how each is handed over to DPDK. Reads and writes sysfs
// below a folder of the caller's, so that a test has one of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/base/result.hpp"

namespace gate41::appliance {

struct Nic {
  std::string address;  // PCI: 0000:00:03.0
  uint16_t vendor = 0;
  uint16_t device = 0;
  std::string driver;     // the kernel's, that has it now; empty: none
  std::string interface;  // that this driver made of it; empty: none
};

// Ethernet cards on the PCI bus, by address.
[[nodiscard]] std::vector<Nic> find_nics(const std::filesystem::path& sys);

// One line of a text file of cards that gate41d has a driver for: `VENDOR:DEVICE` in hexadecimal. An empty
// list knows every card.
[[nodiscard]] bool is_known(const Nic& nic, std::string_view known);

// What is written where, in this order, so that `driver` takes the card.
struct SysfsWrite {
  std::filesystem::path file;
  std::string text;
};
[[nodiscard]] std::vector<SysfsWrite> binding(const std::filesystem::path& sys, const Nic& nic,
                                              std::string_view driver);

// Done, and looked at: an error when another driver, or none, has the card afterwards.
Result<void> attach(const std::filesystem::path& sys, const Nic& nic, std::string_view driver);
// Back to the kernel's own choice.
void release(const std::filesystem::path& sys, const Nic& nic);

// One of the drivers for DPDK has it.
[[nodiscard]] bool is_handed_over(const Nic& nic);

// Hands the card to the first of the drivers for DPDK that takes it: vfio-pci, then uio_pci_generic. False:
// none does, and the kernel has it back. `nic` is as it is afterwards. One that is handed over already stays:
// a program may use it.
bool hand_over(const std::filesystem::path& sys, Nic& nic);

// What gate41d calls one that the kernel keeps; `number` tells several apart.
[[nodiscard]] std::string packet_device(const Nic& nic, std::size_t number);

// "0000:00:03.0 1af4:1041 by vfio-pci"
[[nodiscard]] std::string describe(const Nic& nic);

}  // namespace gate41::appliance
