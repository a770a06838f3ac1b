#include "control/loop/secret_file.hpp"

#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace gate41::testing {
namespace {

class SecretFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = (std::filesystem::temp_directory_path() / "secret_test.XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    path_ = folder_ + "/credentials";
    std::ofstream(path_) << "user:word\n";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string error_with_mode(mode_t mode) {
    EXPECT_EQ(::chmod(path_.c_str(), mode), 0);
    const auto file = loop::open_secret(path_);
    return file ? "" : file.error().message;
  }

  std::string folder_;
  std::string path_;
};

TEST_F(SecretFile, IsOpenedAtItsBeginning) {
  ::chmod(path_.c_str(), 0600);
  const auto file = loop::open_secret(path_);
  ASSERT_TRUE(file) << file.error().message;
  std::string text(9, ' ');
  EXPECT_EQ(::read(file->get(), text.data(), text.size()), 9);
  EXPECT_EQ(text, "user:word");
}

TEST_F(SecretFile, MayBeStricterThanNeeded) { EXPECT_EQ(error_with_mode(0400), ""); }

// Each bit of the group's and of everybody's.
TEST_F(SecretFile, IsRefusedWhenOthersMayUseIt) {
  for (const unsigned bit : {040U, 020U, 010U, 04U, 02U, 01U})
    EXPECT_EQ(error_with_mode(0600U | bit),
              fmt::format("{0}: others may use it (mode 06{1:02o}); chmod 600 {0}", path_, bit));
}

TEST_F(SecretFile, IsRefusedWhenItBelongsToSomebodyElse) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a file away";
  ASSERT_EQ(::chown(path_.c_str(), 1234, 0), 0);
  EXPECT_EQ(error_with_mode(0600), fmt::format("{0}: belongs to user 1234; chown root {0}", path_));
}

TEST_F(SecretFile, IsNoFolder) {
  const auto file = loop::open_secret(folder_);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, folder_ + ": not a plain file");
}

TEST_F(SecretFile, IsNoPipe) {
  const std::string pipe = folder_ + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto file = loop::open_secret(pipe);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, pipe + ": not a plain file");
}

TEST_F(SecretFile, IsSaidToBeMissing) {
  const auto file = loop::open_secret(folder_ + "/none");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, folder_ + "/none: No such file or directory");
}

}  // namespace
}  // namespace gate41::testing
