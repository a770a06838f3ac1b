// The dynamic tunnel MTU (RFC 4213 §3.2.2).
#include "dataplane/tunnel/path_mtu.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

struct LimitCase {
  uint16_t tunnel;
  uint16_t path;
  uint16_t mtu;
  bool dont_fragment;
};
class PathLimits : public ::testing::TestWithParam<LimitCase> {};

// proves: D7 D8 D9 D10
TEST_P(PathLimits, AreThePathsOr1280WithFragments) {
  const PathLimit limit = path_limit(GetParam().tunnel, GetParam().path);
  EXPECT_EQ(limit.mtu, GetParam().mtu);
  EXPECT_EQ(limit.dont_fragment, GetParam().dont_fragment);
}
INSTANTIATE_TEST_SUITE_P(
    Rfc4213, PathLimits,
    ::testing::Values(LimitCase{1480, 1500, 1480, true}, LimitCase{1480, 1400, 1380, true},
                      LimitCase{1480, 1300, 1280, true}, LimitCase{1480, 1299, 1280, false},
                      LimitCase{1480, 68, 1280, false}, LimitCase{1480, 9000, 1480, true},
                      LimitCase{1480, 65535, 1480, true}, LimitCase{1280, 1500, 1280, true}));

}  // namespace
}  // namespace gate41::testing
