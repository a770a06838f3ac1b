#include "control/setup/places.hpp"

#include "control/loop/checked_file.hpp"
#include "control/setup/password.hpp"
#include "tests/unit/appliance/folder.hpp"

namespace gate41::setup {
namespace {

namespace fs = std::filesystem;

class AppliancePlacesTest : public ::testing::Test {
 protected:
  AppliancePlacesTest() {
    folder_.put("run/gate41.yaml", "role: given\n");
    folder_.put("keymaps/us", "");
    folder_.put("keymaps/de", "");
    fs::create_directories(folder_.path() / "data");
  }
  testing::Folder folder_;
  AppliancePlaces places_{folder_.path() / "data", folder_.path() / "run/gate41.yaml",
                          folder_.path() / "keymaps"};
};

TEST_F(AppliancePlacesTest, BeginWithWhatTheDaemonWasGiven) {
  const Settings settings = places_.read().value();
  EXPECT_EQ(settings.configuration.text(), "role: given\n");
  EXPECT_EQ(settings.keymap, "us");
  EXPECT_EQ(places_.keymaps(), (std::vector<std::string>{"de", "us"}));
}

// proves: S82
TEST_F(AppliancePlacesTest, SaveForTheNextBootAndForTheDaemon) {
  Settings settings = places_.read().value();
  settings.configuration.set("role", "new");
  settings.keymap = "de";
  settings.login = "user:word";
  ASSERT_TRUE(places_.write(settings));
  EXPECT_EQ(places_.read()->configuration, settings.configuration);
  EXPECT_EQ(places_.read()->keymap, "de");
  EXPECT_EQ(loop::read_checked(folder_.path() / "data", "gate41.yaml").text, "role: new\n");
  EXPECT_EQ(folder_.text("run/gate41.yaml"), "role: new\n");
  EXPECT_EQ(folder_.text("data/broker"), "user:word\n");
}

// proves: S74
TEST_F(AppliancePlacesTest, SaveAPasswordAndItsRemoval) {
  Settings settings = places_.read().value();
  EXPECT_FALSE(settings.has_password);
  settings.new_password = "a secret word";
  ASSERT_TRUE(places_.write(settings));
  EXPECT_TRUE(places_.read()->has_password);
  settings.new_password = "";
  ASSERT_TRUE(places_.write(settings));
  EXPECT_FALSE(places_.read()->has_password);
}

TEST_F(AppliancePlacesTest, LeaveThePasswordThatNobodyChanged) {
  ASSERT_TRUE(PasswordFile(folder_.path() / "data").set("a secret word"));
  ASSERT_TRUE(places_.write(places_.read().value()));
  EXPECT_TRUE(PasswordFile(folder_.path() / "data").is("a secret word"));
}

TEST_F(AppliancePlacesTest, LeaveTheDaemonsFileWhenNothingCouldBeSaved) {
  const Settings settings = places_.read().value();
  fs::remove_all(folder_.path() / "data");
  EXPECT_FALSE(places_.write(settings));
  EXPECT_EQ(folder_.text("run/gate41.yaml"), "role: given\n");
}

class FilePlacesTest : public ::testing::Test {
 protected:
  testing::Folder folder_;
  FilePlaces places_{folder_.path() / "gate41.yaml"};
};

TEST_F(FilePlacesTest, KeepTheFileBeforeAndItsMode) {
  folder_.put("gate41.yaml", "role: old\n");
  const fs::perms mode = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read;
  fs::permissions(folder_.path() / "gate41.yaml", mode);
  Settings settings = places_.read().value();
  settings.configuration.set("role", "new");
  ASSERT_TRUE(places_.write(settings));
  EXPECT_EQ(folder_.text("gate41.yaml"), "role: new\n");
  EXPECT_EQ(folder_.text("gate41.yaml.old"), "role: old\n");
  EXPECT_EQ(fs::status(folder_.path() / "gate41.yaml").permissions(), mode);
  EXPECT_FALSE(fs::exists(folder_.path() / "broker"));
}

TEST_F(FilePlacesTest, SayWhichFileIsMissing) {
  const auto settings = places_.read();
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().message.find("gate41.yaml: No such file or directory"), std::string::npos);
}

}  // namespace
}  // namespace gate41::setup
