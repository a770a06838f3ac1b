// One Ethernet device from found to running. Only ports.cpp uses it.
#pragma once

#include "dataplane/port/ports.hpp"

namespace gate41 {

// `device` and `link_up` of the answer are left to the caller.
[[nodiscard]] Result<DeviceInfo> start_ethdev(uint16_t port, const QueuePlan& plan);
// Asks the device without waiting for it. What has no link state is up.
[[nodiscard]] bool link_is_up(uint16_t port) noexcept;

}  // namespace gate41
