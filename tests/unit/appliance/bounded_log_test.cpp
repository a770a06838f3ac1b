#include "appliance/init/bounded_log.hpp"

#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;

class BoundedLogTest : public ::testing::Test {
 protected:
  Folder folder_;
  appliance::BoundedLog log_{folder_.path() / "log", 100};
};

TEST_F(BoundedLogTest, SaysWhenAndWho) {
  log_.add(TimePoint(12345ms), "gate41d", "text");
  EXPECT_EQ(folder_.text("log"), "   12.345 gate41d: text\n");
}

TEST_F(BoundedLogTest, KeepsTheNewestLinesAndNeverMoreThanTwiceItsLimit) {
  for (int i = 0; i < 1000; ++i) log_.add(TimePoint(1s), "x", "line " + std::to_string(i));
  const std::string text = folder_.text("log.old") + folder_.text("log");
  EXPECT_LE(text.size(), 200U);
  EXPECT_TRUE(text.ends_with("    1.000 x: line 998\n    1.000 x: line 999\n")) << text;
}

TEST_F(BoundedLogTest, BeginsANewFileEachRun) {
  log_.add(TimePoint(1s), "x", "old");
  appliance::BoundedLog(folder_.path() / "log", 100).add(TimePoint(1s), "x", "new");
  EXPECT_EQ(folder_.text("log"), "    1.000 x: new\n");
}

}  // namespace
}  // namespace gate41::testing
