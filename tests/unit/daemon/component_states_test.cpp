// What components say of themselves.
#include "control/daemon/component_states.hpp"

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {

TEST(NativeState, WaitsForDuplicateAddressDetectionAndSaysOfWhichAddress) {
  const ComponentState state = native_state("lan.native", {ip6("2600:41::3")});
  EXPECT_FALSE(state.ok);
  EXPECT_EQ(state.sentence, "waiting for duplicate address detection of 2600:41::3");
}

TEST(NativeState, IsReadyWhenEveryAddressIsInUse) { EXPECT_TRUE(native_state("lan.native", {}).ok); }

}  // namespace gate41::testing
