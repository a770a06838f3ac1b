// The checks across keys that are about tunnels: what a mode needs, what does not go together.
#pragma once

#include "config/findings.hpp"
#include "config/model.hpp"

namespace gate41::config {

void check_tunnels(const Config& config, Findings& findings);

}  // namespace gate41::config
