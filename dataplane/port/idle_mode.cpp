#include "dataplane/port/idle_mode.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gate41 {
namespace {

// Only what was seen to wake anybody: with messages e1000 lets itself be armed, and never does.
constexpr std::array<std::pair<std::string_view, Interrupts>, 3> kWaking = {
    {{"net_virtio", Interrupts::messages},
     {"net_vmxnet3", Interrupts::messages},
     {"net_e1000_em", Interrupts::line}}};

}  // namespace

std::string_view to_string(IdleMode mode) noexcept {
  constexpr std::array<std::string_view, 3> kNames = {"poll", "nap", "interrupt"};
  return kNames[static_cast<std::size_t>(mode)];
}

// UIO has one interrupt for a whole device, and DPDK does not let go of it.
IdleMode choose_idle_mode(std::string_view driver, std::string_view kernel_driver, Interrupts interrupts,
                          config::RxMode wanted) noexcept {
  if (wanted == config::RxMode::polling) return IdleMode::poll;
  const bool wakes = kernel_driver == "vfio-pci" &&
                     std::ranges::find(kWaking, std::pair(driver, interrupts)) != kWaking.end();
  return wakes ? IdleMode::interrupt : IdleMode::nap;
}

}  // namespace gate41
