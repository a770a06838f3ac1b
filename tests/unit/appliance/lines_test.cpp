#include "appliance/init/lines.hpp"

#include <gmock/gmock.h>

namespace gate41::testing {
namespace {

using appliance::Lines;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LinesTest, AreCutWhereverTheBytesAreCut) {
  Lines lines;
  EXPECT_THAT(lines.add("one\ntw"), ElementsAre("one"));
  EXPECT_THAT(lines.add("o"), IsEmpty());
  EXPECT_THAT(lines.add("\n\nthree"), ElementsAre("two", ""));
  EXPECT_EQ(lines.rest(), "three");
  EXPECT_EQ(lines.rest(), "");
}

TEST(LinesTest, NeverGrowWithoutBound) {
  Lines lines;
  EXPECT_THAT(lines.add(std::string(Lines::kLongest + 1, 'x')),
              ElementsAre(std::string(Lines::kLongest, 'x')));
  EXPECT_EQ(lines.rest(), "x");
}

TEST(ReadableTest, TellsTheLevelsThatMatter) {
  EXPECT_EQ(appliance::readable("<3>no"), "error: no");
  EXPECT_EQ(appliance::readable("<4>well"), "warning: well");
  EXPECT_EQ(appliance::readable("<6>yes"), "yes");
}

TEST(ReadableTest, LeavesOtherLinesAsTheyAre) {
  for (const char* line : {"", "<", "<4", "<8>x", "<x>y", "text"}) EXPECT_EQ(appliance::readable(line), line);
}

}  // namespace
}  // namespace gate41::testing
