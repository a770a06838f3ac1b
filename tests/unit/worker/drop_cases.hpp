// One case a DropReason: what makes exactly this counter move.
#pragma once

#include <functional>
#include <vector>

#include "tests/unit/worker/site.hpp"

namespace gate41::testing {

struct DropCase {
  DropReason reason{};
  std::function<void(GatewaySite&)> act;  // the last packet is the one that is dropped
  std::function<void(GatewaySite&)> prepare = [](GatewaySite&) {};  // before counters are read
  uint32_t flows = 4096;
};
struct RelayDropCase {
  DropReason reason{};
  std::function<void(RelaySite&)> act;
};

std::vector<DropCase> frame_drop_cases();   // receive, parse, classify
std::vector<DropCase> tunnel_drop_cases();  // decapsulate
std::vector<DropCase> fragment_drop_cases();
std::vector<DropCase> filter_drop_cases();
std::vector<DropCase> forward_drop_cases();  // forward, encapsulate, send
std::vector<RelayDropCase> relay_drop_cases();

}  // namespace gate41::testing
