#include "control/setup/password.hpp"

#include "tests/unit/appliance/folder.hpp"

namespace gate41::setup {
namespace {

namespace fs = std::filesystem;

class PasswordFileTest : public ::testing::Test {
 protected:
  testing::Folder folder_;
  PasswordFile file_{folder_.path()};
};

TEST_F(PasswordFileTest, HasNoPasswordOfItsOwn) {
  EXPECT_FALSE(file_.is_set());
  EXPECT_FALSE(file_.is(""));
}

// proves: S74
TEST_F(PasswordFileTest, KnowsThePasswordThatWasSet) {
  ASSERT_TRUE(file_.set("a secret word"));
  EXPECT_TRUE(file_.is_set());
  EXPECT_TRUE(file_.is("a secret word"));
  EXPECT_FALSE(file_.is("a secret work"));
  EXPECT_FALSE(file_.is("a secret wor"));
  EXPECT_FALSE(file_.is(""));
}

TEST_F(PasswordFileTest, KeepsItHashedForItsOwnerAlone) {
  ASSERT_TRUE(file_.set("a secret word"));
  EXPECT_NE(folder_.text("password").find("\n$y$"), std::string::npos) << folder_.text("password");
  EXPECT_EQ(folder_.text("password").find("secret"), std::string::npos);
  EXPECT_EQ(fs::status(folder_.path() / "password").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(PasswordFileTest, HashesTheSamePasswordDifferentlyEachTime) {
  ASSERT_TRUE(file_.set("a secret word"));
  const std::string first = folder_.text("password");
  ASSERT_TRUE(file_.set("a secret word"));
  EXPECT_NE(folder_.text("password"), first);
}

TEST_F(PasswordFileTest, ForgetsTheOneBefore) {
  ASSERT_TRUE(file_.set("first"));
  ASSERT_TRUE(file_.set("second"));
  EXPECT_FALSE(file_.is("first"));
  EXPECT_TRUE(file_.is("second"));
}

TEST_F(PasswordFileTest, HasNoneOnceItIsRemoved) {
  ASSERT_TRUE(file_.set("a secret word"));
  ASSERT_TRUE(file_.set(""));
  EXPECT_FALSE(file_.is_set());
  EXPECT_FALSE(file_.is(""));
}

TEST_F(PasswordFileTest, StaysOpenWhereTheFileIsBroken) {
  folder_.put("password", "gate41 state 0000000000000000\n$y$");
  EXPECT_FALSE(file_.is_set());
}

TEST_F(PasswordFileTest, SaysThatAPasswordIsTooLong) {
  const auto written = file_.set(std::string(10'000, 'x'));
  ASSERT_FALSE(written);
  EXPECT_FALSE(file_.is_set());
}

}  // namespace
}  // namespace gate41::setup
