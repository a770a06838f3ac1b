#include "appliance/init/huge_pages.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

constexpr uint64_t kMebibyte = 1024;

TEST(HugePagesTest, FollowTheMemoryThatTheKernelTells) {
  EXPECT_EQ(appliance::memory_total_kib("MemTotal:          53940 kB\nMemFree: 44844 kB\n"), 53940U);
  EXPECT_EQ(appliance::memory_total_kib("MemFree: 44844 kB\n"), 0U);
  EXPECT_EQ(appliance::memory_total_kib("MemTotal:"), 0U);
}

TEST(HugePagesTest, AreThoseOfTheSmallProfileOnASmallMachine) {
  for (const uint64_t mebibytes : {uint64_t{0}, uint64_t{48}, uint64_t{64}, uint64_t{255}})
    EXPECT_EQ(appliance::huge_pages_for(mebibytes * kMebibyte), 6U);
}

TEST(HugePagesTest, AreWhatTheDaemonAsksForOnALargeMachine) {
  EXPECT_EQ(appliance::huge_pages_for(512 * kMebibyte), 48U);
  EXPECT_EQ(appliance::huge_pages_for(16384 * kMebibyte), 64U);
}

}  // namespace
}  // namespace gate41::testing
