// IdleMode: what a worker does while its devices have nothing for it.
#pragma once

#include <cstdint>
#include <string_view>

#include "config/model.hpp"
#include "dataplane/port/interrupts.hpp"

namespace gate41 {

// The later, the less it takes of the core.
enum class IdleMode : uint8_t {
  poll,
  nap,        // looks again after a while
  interrupt,  // sleeps until a device wakes it
};

[[nodiscard]] std::string_view to_string(IdleMode mode) noexcept;

// What a device allows. `driver` is DPDK's, `kernel_driver` what a PCI device is bound to, empty for others.
[[nodiscard]] IdleMode choose_idle_mode(std::string_view driver, std::string_view kernel_driver,
                                        Interrupts interrupts, config::RxMode wanted) noexcept;

}  // namespace gate41
