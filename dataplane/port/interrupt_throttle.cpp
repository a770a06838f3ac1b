#include "dataplane/port/interrupt_throttle.hpp"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fmt/core.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <rte_vfio.h>

namespace gate41 {
namespace {

using Unit = std::chrono::duration<uint32_t, std::ratio<256, 1'000'000'000>>;
constexpr Unit kLeast = std::chrono::duration_cast<Unit>(std::chrono::microseconds(250));
constexpr off_t kRegister = 0xc4;

// By VFIO, as DPDK does, since some kernels map no registers of a device that a driver has.
bool write_register(int device) noexcept {
  vfio_region_info registers{.argsz = sizeof registers, .index = VFIO_PCI_BAR0_REGION_INDEX};
  if (::ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &registers) != 0) return false;
  const uint32_t value = kLeast.count();
  return ::pwrite(device, &value, sizeof value, static_cast<off_t>(registers.offset) + kRegister) ==
         sizeof value;
}

}  // namespace

Result<void> shorten_interrupt_throttle(const std::string& address) {
  int group = 0;
  if (rte_vfio_get_group_num("/sys/bus/pci/devices", address.c_str(), &group) <= 0)
    return fail(fmt::format("{} is in no group of VFIO", address));
  const int device = ::ioctl(rte_vfio_get_group_fd(group), VFIO_GROUP_GET_DEVICE_FD, address.c_str());
  const bool written = device >= 0 && write_register(device);
  const int error = errno;
  if (device >= 0) ::close(device);
  if (written) return {};
  return fail(fmt::format("VFIO does not let its registers be written: {}", std::strerror(error)));
}

}  // namespace gate41
