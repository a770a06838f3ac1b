// Machine: what this machine has to offer to the data path, read once before DPDK starts. Control thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gate41 {

struct PciDevice {
  std::string address;  // 0000:00:03.0
  std::string vendor;   // 0x1af4 = virtio
  std::string driver;   // empty = none bound
  std::string model;    // 0x100e
};

struct Machine {
  std::vector<unsigned> cores;          // that this process may run on, ascending; never empty
  uint64_t memory = 0;                  // bytes
  uint64_t free_huge_pages = 0;         // bytes
  std::vector<PciDevice> pci;           // network devices
  std::vector<std::string> interfaces;  // of the kernel, in this network namespace
  uint64_t capabilities = 0;            // effective ones of this thread, bits by number (linux/capability.h)
};

// nullptr: none has this address.
[[nodiscard]] const PciDevice* pci_device_at(const Machine& machine, std::string_view address) noexcept;
[[nodiscard]] Machine read_machine(const std::filesystem::path& sys = "/sys");
// So many bytes more, of pages of 2 MiB, are taken from the rest of the machine until the next boot; or what
// the kernel finds of them.
void reserve_huge_pages(uint64_t bytes, const std::filesystem::path& sys = "/sys");

}  // namespace gate41
