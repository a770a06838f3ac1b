#include "dataplane/port/machine.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gate41 {
namespace {

namespace fs = std::filesystem;

std::string read_line(const fs::path& path) {
  std::string line;
  std::ifstream file(path);
  std::getline(file, line);
  return line;
}

uint64_t number_in(std::string_view text) {
  uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code ignored;  // a machine without this folder has none of it
  for (fs::directory_iterator it(folder, ignored), end; it != end; it.increment(ignored))
    entries.push_back(it->path());
  std::ranges::sort(entries);
  return entries;
}

std::vector<unsigned> allowed_cores() {
  std::vector<unsigned> cores;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0)
    for (unsigned core = 0; core < CPU_SETSIZE; ++core)
      if (CPU_ISSET(core, &set)) cores.push_back(core);
  if (cores.empty()) cores.push_back(0);
  return cores;
}

// Folders are named hugepages-2048kB.
constexpr const char* kHugePages = "kernel/mm/hugepages";

uint64_t free_huge_pages(const fs::path& sys) {
  constexpr std::string_view kPrefix = "hugepages-";
  uint64_t bytes = 0;
  for (const fs::path& folder : entries_of(sys / kHugePages)) {
    const std::string name = folder.filename();
    if (!name.starts_with(kPrefix)) continue;
    bytes += number_in(std::string_view(name).substr(kPrefix.size())) * 1024 *
             number_in(read_line(folder / "free_hugepages"));
  }
  return bytes;
}

std::vector<PciDevice> network_devices(const fs::path& sys) {
  std::vector<PciDevice> devices;
  for (const fs::path& folder : entries_of(sys / "bus/pci/devices")) {
    if (!read_line(folder / "class").starts_with("0x02")) continue;
    std::error_code none;
    devices.push_back({folder.filename(), read_line(folder / "vendor"),
                       fs::read_symlink(folder / "driver", none).filename(), read_line(folder / "device")});
  }
  return devices;
}

// Of the calling thread's namespace, which /sys need not show.
std::vector<std::string> kernel_interfaces() {
  std::vector<std::string> names;
  struct if_nameindex* all = ::if_nameindex();
  if (all == nullptr) return names;
  for (const struct if_nameindex* one = all; one->if_index != 0; ++one) names.emplace_back(one->if_name);
  ::if_freenameindex(all);
  return names;
}

uint64_t effective_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> words{};
  if (::syscall(SYS_capget, &header, words.data()) != 0) return 0;
  return uint64_t{words[1].effective} << 32U | words[0].effective;
}

}  // namespace

const PciDevice* pci_device_at(const Machine& machine, std::string_view address) noexcept {
  const auto found = std::ranges::find(machine.pci, address, &PciDevice::address);
  return found == machine.pci.end() ? nullptr : &*found;
}

void reserve_huge_pages(uint64_t bytes, const fs::path& sys) {
  constexpr uint64_t kPage = uint64_t{2} << 20U;
  const fs::path file = sys / kHugePages / "hugepages-2048kB/nr_hugepages";
  const uint64_t pages = number_in(read_line(file)) + (bytes + kPage - 1) / kPage;
  std::ofstream(file) << pages;
}

Machine read_machine(const fs::path& sys) {
  return {allowed_cores(),
          static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)),
          free_huge_pages(sys),
          network_devices(sys),
          kernel_interfaces(),
          effective_capabilities()};
}

}  // namespace gate41
