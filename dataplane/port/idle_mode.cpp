#include "dataplane/port/idle_mode.hpp"

#include <algorithm>
#include <array>

namespace gate41 {

std::string_view to_string(IdleMode mode) noexcept {
  constexpr std::array<std::string_view, 3> kNames = {"poll", "nap", "interrupt"};
  return kNames[static_cast<std::size_t>(mode)];
}

// Only what was seen to wake anybody: e1000 and e1000e let themselves be armed, and never do. UIO has one
// interrupt for a whole device.
IdleMode choose_idle_mode(std::string_view driver, std::string_view kernel_driver,
                          config::RxMode wanted) noexcept {
  constexpr std::array<std::string_view, 2> kInterrupting = {"net_virtio", "net_vmxnet3"};
  if (wanted == config::RxMode::polling) return IdleMode::poll;
  const bool interrupts =
      kernel_driver == "vfio-pci" && std::ranges::find(kInterrupting, driver) != kInterrupting.end();
  return interrupts ? IdleMode::interrupt : IdleMode::nap;
}

}  // namespace gate41
