#include "control/tool/password_tries.hpp"

#include <gtest/gtest.h>

namespace gate41::tool {
namespace {

using std::chrono::seconds;

constexpr TimePoint kStart{seconds(100)};

TEST(PasswordTriesTest, AllowsTheFirstTryAtOnce) {
  const PasswordTries tries;
  EXPECT_EQ(tries.wait(kStart), seconds(0));
}

TEST(PasswordTriesTest, WaitsTwiceAsLongAfterEachWrongOne) {
  PasswordTries tries;
  TimePoint now = kStart;
  for (const int pause : {2, 4, 8, 16, 32, 60, 60}) {
    tries.wrong(now);
    EXPECT_EQ(tries.wait(now), seconds(pause));
    now += seconds(pause);
    EXPECT_EQ(tries.wait(now), seconds(0));
  }
}

TEST(PasswordTriesTest, BeginsAnewAfterARightOne) {
  PasswordTries tries;
  tries.wrong(kStart);
  tries.wrong(kStart);
  tries.right();
  tries.wrong(kStart);
  EXPECT_EQ(tries.wait(kStart), seconds(2));
}

}  // namespace
}  // namespace gate41::tool
