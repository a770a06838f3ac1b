#include "control/setup/difference.hpp"

#include <gtest/gtest.h>

namespace gate41::setup {
namespace {

TEST(DifferenceTest, IsEmptyForTheSame) {
  EXPECT_EQ(difference("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(difference("", ""), "");
}

TEST(DifferenceTest, ShowsWhatGoesBeforeWhatComes) {
  EXPECT_EQ(difference("a\nb\nc\n", "a\nx\nc\n"), "- b\n+ x\n");
}

TEST(DifferenceTest, ShowsAllOfATextThatIsNewOrGone) {
  EXPECT_EQ(difference("", "a\nb\n"), "+ a\n+ b\n");
  EXPECT_EQ(difference("a\nb\n", ""), "- a\n- b\n");
}

TEST(DifferenceTest, LeavesOutWhatStaysAround) {
  EXPECT_EQ(difference("a\nb\nc\nd\n", "b\nc\ne\nd\n"), "- a\n+ e\n");
}

}  // namespace
}  // namespace gate41::setup
