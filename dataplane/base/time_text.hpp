// Times as sentences for people have them. For engines that say of themselves what they wait for.
#pragma once

#include <string>

#include "dataplane/base/clock.hpp"

namespace gate41 {

// Until `then`, rounded up: "24 h", "12 min" (from two minutes on), "85 s"; "0 s" when it has come.
[[nodiscard]] std::string time_left(TimePoint then, TimePoint now);

}  // namespace gate41
