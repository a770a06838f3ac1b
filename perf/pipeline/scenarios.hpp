// The routers that are measured, as configurations.
#pragma once

#include "perf/pipeline/scene.hpp"
#include "tests/matrix/driver/scenario.hpp"

namespace gate41::perf {

[[nodiscard]] matrix::Scenario scenario_of(Mode mode);
[[nodiscard]] const char* name_of(Mode mode);

}  // namespace gate41::perf
