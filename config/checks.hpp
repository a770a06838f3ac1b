// The rules that look at more than one key, or at what an address means.
#pragma once

#include "config/findings.hpp"
#include "config/model.hpp"

namespace gate41::config {

void check_across_keys(const Config& config, Findings& findings);

}  // namespace gate41::config
