#include "control/loop/state_store.hpp"

#include <fstream>
#include <iterator>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

// Another store is another run of the daemon.
std::optional<std::string> after_restart(const fs::path& folder, const std::string& name = "lease") {
  return loop::StateStore(folder).load(name);
}

class StateStoreTest : public ::testing::Test {
 protected:
  Folder folder_;
  fs::path path_ = folder_.path() / "state";
};

// proves: S21
TEST_F(StateStoreTest, GivesBackWhatARunBeforeSaved) {
  const std::string text("two\nlines and a \0 byte", 22);
  loop::StateStore(path_).save("lease", text);
  EXPECT_EQ(after_restart(path_), text);
}

TEST_F(StateStoreTest, KeepsNamesApart) {
  loop::StateStore store(path_);
  store.save("lease", "a");
  store.save("prefixes", "");
  EXPECT_EQ(after_restart(path_), "a");
  EXPECT_EQ(after_restart(path_, "prefixes"), "");
}

TEST_F(StateStoreTest, HasNothingUnderANameNeverSaved) { EXPECT_EQ(after_restart(path_), std::nullopt); }

TEST_F(StateStoreTest, LeavesNoTemporaryFile) {
  loop::StateStore(path_).save("lease", "a");
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename());
  EXPECT_EQ(names, std::vector<std::string>{"lease"});
}

TEST_F(StateStoreTest, IsReadableByItsOwnerOnly) {
  loop::StateStore(path_).save("secret", "a");
  EXPECT_EQ(fs::status(path_ / "secret").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

// proves: S21
TEST_F(StateStoreTest, FallsBackToTheCopyBeforeWhenAFileIsBroken) {
  loop::StateStore store(path_);
  store.save("lease", "older");
  store.save("lease", "newer");
  std::string broken = read(path_ / "lease");
  broken.back() = 'X';
  write(path_ / "lease", broken);
  EXPECT_EQ(after_restart(path_), "older");
}

TEST_F(StateStoreTest, FallsBackWhenAFileIsCutShort) {
  loop::StateStore store(path_);
  store.save("lease", "older");
  store.save("lease", "newer");
  fs::resize_file(path_ / "lease", fs::file_size(path_ / "lease") - 1);
  EXPECT_EQ(after_restart(path_), "older");
}

// A power cut between the two renames.
TEST_F(StateStoreTest, FallsBackWhenOnlyTheCopyBeforeIsThere) {
  loop::StateStore store(path_);
  store.save("lease", "older");
  store.save("lease", "newer");
  fs::remove(path_ / "lease");
  EXPECT_EQ(after_restart(path_), "older");
}

TEST_F(StateStoreTest, KeepsTheGoodCopyWhenABrokenFileIsReplaced) {
  loop::StateStore(path_).save("lease", "older");
  loop::StateStore(path_).save("lease", "newer");
  write(path_ / "lease", "rubbish");
  loop::StateStore(path_).save("lease", "newest");
  write(path_ / "lease", "rubbish");
  EXPECT_EQ(after_restart(path_), "older");
}

TEST_F(StateStoreTest, CountsAsNeverSavedWhenBothAreBroken) {
  fs::create_directories(path_);
  for (const char* name : {"lease", "lease.old"}) write(path_ / name, "rubbish\n");
  EXPECT_EQ(after_restart(path_), std::nullopt);
}

// A folder that can't be made, for root either: its parent is a file.
class UnwritableStateTest : public StateStoreTest {
 protected:
  UnwritableStateTest() {
    write(folder_.path() / "file", "");
    path_ = folder_.path() / "file" / "state";
  }
};

// proves: S21
TEST_F(UnwritableStateTest, KeepsTheStateInMemory) {
  loop::StateStore store(path_);
  store.save("lease", "a");
  EXPECT_EQ(store.load("lease"), "a");
  EXPECT_FALSE(store.persistent());
}

TEST_F(UnwritableStateTest, WarnsOnce) {
  loop::StateStore store(path_);
  ::testing::internal::CaptureStderr();
  store.save("lease", "a");
  store.save("lease", "b");
  store.save("prefixes", "c");
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  EXPECT_NE(log.find("`state`"), std::string::npos) << log;
}

}  // namespace
}  // namespace gate41::testing
