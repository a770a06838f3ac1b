#include "appliance/init/nics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>
#include <system_error>

#include "appliance/init/small_file.hpp"

namespace gate41::appliance {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kDriversForDpdk = {"vfio-pci", "uio_pci_generic"};
constexpr std::string_view kEthernet = "0x0200";  // the class and subclass of class, subclass, interface

uint16_t hexadecimal(const std::string& text) {
  const char* begin = text.c_str() + (text.starts_with("0x") ? 2 : 0);
  uint16_t number = 0;
  std::from_chars(begin, text.c_str() + text.size(), number, 16);
  return number;
}

fs::path folder_of(const fs::path& sys, const Nic& nic) { return sys / "bus/pci/devices" / nic.address; }

std::string driver_of(const fs::path& folder) {
  std::error_code none;
  return fs::read_symlink(folder / "driver", none).filename().string();
}

std::string first_entry(const fs::path& folder) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) return entry.path().filename().string();
  return "";
}

// FOLDER/net/eth0, or, of a virtio card, FOLDER/virtio0/net/eth0.
std::string interface_of(const fs::path& folder) {
  if (std::string name = first_entry(folder / "net"); !name.empty()) return name;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (entry.path().filename().string().starts_with("virtio"))
      if (std::string name = first_entry(entry.path() / "net"); !name.empty()) return name;
  return "";
}

Nic read_nic(const fs::path& folder) {
  return {.address = folder.filename().string(),
          .vendor = hexadecimal(read_line(folder / "vendor")),
          .device = hexadecimal(read_line(folder / "device")),
          .driver = driver_of(folder),
          .interface = interface_of(folder)};
}

}  // namespace

std::vector<Nic> find_nics(const fs::path& sys) {
  std::vector<Nic> nics;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(sys / "bus/pci/devices", none))
    if (read_line(entry.path() / "class").starts_with(kEthernet)) nics.push_back(read_nic(entry.path()));
  std::ranges::sort(nics, {}, &Nic::address);
  return nics;
}

bool is_known(const Nic& nic, std::string_view known) {
  return known.empty() || known.find(fmt::format("{:04x}:{:04x}", nic.vendor, nic.device)) != known.npos;
}

std::vector<SysfsWrite> binding(const fs::path& sys, const Nic& nic, std::string_view driver) {
  const fs::path folder = folder_of(sys, nic);
  std::vector<SysfsWrite> writes{{folder / "driver_override", std::string(driver) + '\n'}};
  if (!nic.driver.empty()) writes.push_back({folder / "driver/unbind", nic.address});
  writes.push_back({sys / "bus/pci/drivers_probe", nic.address});
  return writes;
}

Result<void> attach(const fs::path& sys, const Nic& nic, std::string_view driver) {
  for (const SysfsWrite& write : binding(sys, nic, driver))
    if (auto written = write_into(write.file, write.text); !written) return written;
  if (driver_of(folder_of(sys, nic)) != driver)
    return fail(fmt::format("{}: {} does not take it", nic.address, driver));
  return {};
}

void release(const fs::path& sys, const Nic& nic) {
  // An empty line takes the override away. What fails here has no remedy.
  for (const SysfsWrite& write : binding(sys, nic, "")) static_cast<void>(write_into(write.file, write.text));
}

bool is_handed_over(const Nic& nic) {
  return std::ranges::find(kDriversForDpdk, nic.driver) != kDriversForDpdk.end();
}

bool hand_over(const fs::path& sys, Nic& nic) {
  if (is_handed_over(nic)) return true;
  const auto look_again = [&] { nic = read_nic(folder_of(sys, nic)); };
  for (const std::string_view driver : kDriversForDpdk) {
    if (!fs::exists(sys / "bus/pci/drivers" / driver)) continue;
    const bool taken = attach(sys, nic, driver).has_value();
    look_again();
    if (taken) return true;
  }
  release(sys, nic);
  look_again();
  return false;
}

std::string packet_device(const Nic& nic, std::size_t number) {
  return fmt::format("net_af_packet{},iface={}", number, nic.interface);
}

std::string describe(const Nic& nic) {
  return fmt::format("{} {:04x}:{:04x} by {}", nic.address, nic.vendor, nic.device,
                     nic.driver.empty() ? "no driver" : nic.driver);
}

}  // namespace gate41::appliance
