// The filter's policy as the configuration has it, and in words. Pure.
#pragma once

#include <string>
#include <vector>

#include "config/model.hpp"
#include "dataplane/filter/policy.hpp"

namespace gate41 {

// Without `epoch` and `inbound`.
[[nodiscard]] Policy filter_policy(const config::Filter& filter);
// Who gets in, for `status`.
[[nodiscard]] std::string filter_sentence(const config::Filter& filter);
// Timers below their least (config::FilterTimeout), a sentence each.
[[nodiscard]] std::vector<std::string> short_timers(const config::FilterTimeouts& timeouts);

}  // namespace gate41
