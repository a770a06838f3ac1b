// Box: the packet path of a scenario: pipeline, tables and snapshot as the daemon sets them up. Devices are
// numbered in the order of the ports' names; device N has the MAC 02:41:00:00:00:0N.
#pragma once

#include <memory>

#include "tests/matrix/driver/scenario.hpp"
#include "tests/unit/worker/harness.hpp"

namespace gate41::matrix {

inline constexpr uint32_t kFlows = 1024;

// `flows`: of a gateway, at one worker. `team`: how many workers.
[[nodiscard]] std::unique_ptr<testing::Harness> make_box(const Scenario& scenario, uint32_t flows = kFlows,
                                                         Team team = {});

}  // namespace gate41::matrix
