// Good frames of every kind that the two boxes meet, to be mutated.
#pragma once

#include "tests/unit/worker/site.hpp"

namespace gate41::testing {

struct Seed {
  uint16_t device = 0;
  Frame frame;
};
std::vector<Seed> gateway_seeds();
std::vector<Seed> relay_seeds();

}  // namespace gate41::testing
