// One Ethernet device from found to running. For ports.cpp, and for the generator of perf/.
#pragma once

#include <string_view>

#include "dataplane/port/ports.hpp"

namespace gate41 {

// What a device does not say of itself.
struct DeviceNature {
  bool all_queues = false;  // it spreads frames over all receive queues that it has, whatever it is asked for
  std::string_view kernel_driver = {};  // that it is bound to, of a PCI device
};

// `device` and `link_up` of the answer are left to the caller.
[[nodiscard]] Result<DeviceInfo> start_ethdev(uint16_t port, const QueuePlan& plan,
                                              const DeviceNature& nature);
// Asks the device without waiting for it. What has no link state is up.
[[nodiscard]] bool link_is_up(uint16_t port) noexcept;

}  // namespace gate41
