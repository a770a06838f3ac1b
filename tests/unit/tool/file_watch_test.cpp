#include "control/tool/file_watch.hpp"

#include <poll.h>

#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

using tool::FileWatch;

bool has_changed(const FileWatch& watch) {
  pollfd ready{watch.fd(), POLLIN, 0};
  return ::poll(&ready, 1, 0) == 1;
}

class FileWatchTest : public ::testing::Test {
 protected:
  FileWatchTest() { folder_.put("log", "one\n"); }
  Folder folder_;
};

TEST_F(FileWatchTest, TellsThatTheFileWasWrittenUntilItIsForgotten) {
  const FileWatch watch(folder_.path() / "log");
  EXPECT_FALSE(has_changed(watch));
  folder_.put("log", "one\ntwo\n");
  EXPECT_TRUE(has_changed(watch));
  watch.forget();
  EXPECT_FALSE(has_changed(watch));
}

TEST_F(FileWatchTest, WatchesTheFileThatHasTakenItsPlace) {
  const FileWatch watch(folder_.path() / "log");
  std::filesystem::rename(folder_.path() / "log", folder_.path() / "log.old");
  folder_.put("log", "");
  EXPECT_TRUE(has_changed(watch));
  watch.forget();
  folder_.put("log", "two\n");
  EXPECT_TRUE(has_changed(watch));
}

TEST_F(FileWatchTest, TellsNothingOfOtherFiles) {
  const FileWatch watch(folder_.path() / "log");
  folder_.put("init.status", "ok\n");
  EXPECT_FALSE(has_changed(watch));
}

TEST_F(FileWatchTest, TellsNothingOfAFileThatIsNotThere) {
  EXPECT_FALSE(has_changed(FileWatch("/nonexistent")));
}

}  // namespace
}  // namespace gate41::testing
