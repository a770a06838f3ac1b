#include "dataplane/base/log_prefix.hpp"

#include <gtest/gtest.h>

namespace gate41 {
namespace {

TEST(LogPrefix, TellsTheLevel) {
  EXPECT_EQ(without_prefix("<4>no lease").level, LogLevel::warning);
  EXPECT_EQ(without_prefix("<4>no lease").text, "no lease");
  EXPECT_EQ(without_prefix("<7>").level, LogLevel::debug);
}

TEST(LogPrefix, TakesWhatIsGraverForAnError) {
  EXPECT_EQ(without_prefix("<0>panic").level, LogLevel::error);
  EXPECT_EQ(without_prefix("<0>panic").text, "panic");
}

TEST(LogPrefix, LeavesOtherLinesAsTheyAre) {
  for (const char* line : {"", "<", "<4", "<8>x", "<x>y", "text"}) {
    EXPECT_EQ(without_prefix(line).level, LogLevel::info) << line;
    EXPECT_EQ(without_prefix(line).text, line);
  }
}

}  // namespace
}  // namespace gate41
