#include "control/tool/folder_watch.hpp"

#include <poll.h>

#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

using tool::FolderWatch;

bool has_changed(const FolderWatch& watch) {
  pollfd ready{watch.fd(), POLLIN, 0};
  return ::poll(&ready, 1, 0) == 1;
}

TEST(FolderWatchTest, TellsThatAFileWasWrittenUntilItIsForgotten) {
  const Folder folder;
  folder.put("log", "one\n");
  const FolderWatch watch(folder.path());
  EXPECT_FALSE(has_changed(watch));
  folder.put("log", "one\ntwo\n");
  EXPECT_TRUE(has_changed(watch));
  watch.forget();
  EXPECT_FALSE(has_changed(watch));
}

TEST(FolderWatchTest, TellsThatAFileWasReplaced) {
  const Folder folder;
  const Folder other;
  other.put("init.status.new", "ok\n");
  const FolderWatch watch(folder.path());
  std::filesystem::rename(other.path() / "init.status.new", folder.path() / "init.status");
  EXPECT_TRUE(has_changed(watch));
}

TEST(FolderWatchTest, OfNoFolderTellsNothing) { EXPECT_FALSE(has_changed(FolderWatch("/nonexistent"))); }

}  // namespace
}  // namespace gate41::testing
