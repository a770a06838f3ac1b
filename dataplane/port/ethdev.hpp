// One Ethernet device from found to running. For ports.cpp, and for the generator of perf/.
#pragma once

#include "dataplane/port/ports.hpp"

namespace gate41 {

// `device` and `link_up` of the answer are left to the caller. `all_queues`: the device spreads frames over
// all receive queues that it has, whatever it is asked for.
[[nodiscard]] Result<DeviceInfo> start_ethdev(uint16_t port, const QueuePlan& plan, bool all_queues);
// Asks the device without waiting for it. What has no link state is up.
[[nodiscard]] bool link_is_up(uint16_t port) noexcept;

}  // namespace gate41
