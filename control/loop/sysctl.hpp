// Kernel settings of the network namespace that the calling thread is in.
#pragma once

#include <string>
#include <string_view>

#include "dataplane/base/result.hpp"

namespace gate41::loop {

// `name` as a path below /proc/sys/net: "ipv4/ip_forward".
Result<void> write_sysctl(const std::string& name, std::string_view value);

// False when the kernel runs without IPv6 (ipv6.disable=1): it then has none of its settings.
bool kernel_has_ipv6();

}  // namespace gate41::loop
