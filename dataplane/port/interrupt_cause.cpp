#include "dataplane/port/interrupt_cause.hpp"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fmt/core.h>
#include <linux/vfio.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

#include <rte_vfio.h>

namespace gate41 {
namespace {

constexpr off_t kCauseRead = 0xc0;  // ICR: reading takes all causes
constexpr off_t kThrottle = 0xc4;   // ITR: the least time between two interrupts
using ThrottleUnit = std::chrono::duration<uint32_t, std::ratio<256, 1'000'000'000>>;
// Instead of the driver's 17 ms: packets that come by the hundredth of a second would wait for that.
constexpr ThrottleUnit kLeastBetweenInterrupts =
    std::chrono::duration_cast<ThrottleUnit>(std::chrono::microseconds(250));

tl::unexpected<Error> not_opened(const std::string& address) {
  return fail(fmt::format("the registers of {} can't be opened by VFIO: {}", address, std::strerror(errno)));
}

}  // namespace

Result<InterruptCause> InterruptCause::open(const std::string& address) {
  int group = 0;
  if (rte_vfio_get_group_num("/sys/bus/pci/devices", address.c_str(), &group) <= 0)
    return fail(fmt::format("{} is in no group of VFIO", address));
  const int device = ::ioctl(rte_vfio_get_group_fd(group), VFIO_GROUP_GET_DEVICE_FD, address.c_str());
  if (device < 0) return not_opened(address);
  vfio_region_info registers{.argsz = sizeof registers, .index = VFIO_PCI_BAR0_REGION_INDEX};
  InterruptCause cause(device, 0);
  if (::ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &registers) != 0) return not_opened(address);
  cause.registers_ = static_cast<off_t>(registers.offset);
  const uint32_t throttle = kLeastBetweenInterrupts.count();
  if (::pwrite(device, &throttle, sizeof throttle, cause.registers_ + kThrottle) != sizeof throttle)
    return not_opened(address);
  return cause;
}

InterruptCause::~InterruptCause() {
  if (device_ >= 0) ::close(device_);
}

InterruptCause::InterruptCause(InterruptCause&& other) noexcept
    : device_(std::exchange(other.device_, -1)), registers_(other.registers_) {}

void InterruptCause::take() const noexcept {
  uint32_t causes = 0;
  [[maybe_unused]] const auto taken = ::pread(device_, &causes, sizeof causes, registers_ + kCauseRead);
}

}  // namespace gate41
