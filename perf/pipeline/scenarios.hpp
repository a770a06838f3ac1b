// The routers that are measured, as configurations.
#pragma once

#include "perf/pipeline/case.hpp"
#include "tests/matrix/driver/scenario.hpp"

namespace gate41::perf {

[[nodiscard]] matrix::Scenario scenario_of(Mode mode, uint32_t more_tunnels);

}  // namespace gate41::perf
