#include "tests/unit/runtime/box.hpp"

namespace gate41::testing {

unsigned box_workers() { return 2; }

}  // namespace gate41::testing
