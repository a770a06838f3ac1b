#include "control/fetch/credentials.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

namespace gate41::fetch {
namespace {

Result<Credentials> read_from(const std::string& text) {
  const int file = ::memfd_create("credentials", MFD_CLOEXEC);
  EXPECT_EQ(::pwrite(file, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  auto result = Credentials::read(file);
  ::close(file);
  return result;
}

TEST(Credentials, AreUserAndPassword) {
  const auto credentials = read_from("user:pass word:x \n");
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->user, "user");
  EXPECT_EQ(credentials->password, "pass word:x");
}

TEST(Credentials, NeedNoLineEnd) { EXPECT_EQ(read_from("u:p")->password, "p"); }

TEST(Credentials, MayHaveAnEmptyPassword) { EXPECT_EQ(read_from("u:\n")->password, ""); }

TEST(Credentials, MayBeOfAnyScript) { EXPECT_EQ(read_from("u:\xc3\xa9\n")->password, "\xc3\xa9"); }

TEST(Credentials, AreRefusedWhenTheyAreNotOneLine) {
  for (const char* text :
       {"", "\n", "user", ":password", "u:p\nu:p", "u:p\r\nX: y", "u\x01:p", "u:p\x7f", "\nu:p"})
    EXPECT_FALSE(read_from(text)) << text;
}

TEST(Credentials, AreRefusedWhenTheyAreTooLong) {
  const std::string longest = "u:" + std::string(kMaxCredentialsBytes - 2, 'p');
  EXPECT_TRUE(read_from(longest));
  EXPECT_FALSE(read_from(longest + "p"));
}

TEST(Credentials, AreNotShownWhenTheyAreWrong) {
  EXPECT_EQ(read_from("secret\n").error().message, "the credentials are not one line, user:password");
}

TEST(Credentials, NeedADescriptorThatIsOpen) {
  EXPECT_EQ(Credentials::read(-1).error().message, "the credentials cannot be read");
}

}  // namespace
}  // namespace gate41::fetch
