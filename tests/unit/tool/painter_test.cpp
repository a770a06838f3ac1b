#include "control/tool/painter.hpp"

#include <gmock/gmock.h>

namespace gate41::tool {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RowsOf, AreTheLinesThatFit) {
  EXPECT_THAT(rows_of("one\n\nthree\n", 5), ElementsAre("one", "", "three"));
  EXPECT_THAT(rows_of("", 5), IsEmpty());
}

TEST(RowsOf, GoOnBelowTheSecondColumn) {
  EXPECT_THAT(rows_of("  relay  no relay is alive", 20),
              ElementsAre("  relay  no relay is", "         alive"));
}

TEST(RowsOf, GoOnAtTheLeftWhereThereIsOneColumn) {
  EXPECT_THAT(rows_of("one two three", 8), ElementsAre("one two", "three"));
}

TEST(RowsOf, CutAWordThatIsTooLong) { EXPECT_THAT(rows_of("abcdefgh", 3), ElementsAre("abc", "def", "gh")); }

TEST(RowsOf, GiveColoursNoPlace) {
  EXPECT_THAT(rows_of("\x1b[31m!\x1b[0m relay", 7), ElementsAre("\x1b[31m!\x1b[0m relay"));
  EXPECT_THAT(rows_of("\x1b[31mab\x1b[0mc", 2), ElementsAre("\x1b[31mab\x1b[0m", "c"));
}

TEST(RowsOf, EndOnEveryText) {
  for (const char* text : {"\x1b", "\x1b[", " ", "     ", "a      b", "\n\n", "  a  b"})
    for (std::size_t columns = 0; columns < 4; ++columns)
      EXPECT_LE(rows_of(text, columns).size(), 8U) << text << " in " << columns;
}

constexpr ScreenSize kSize{.columns = 10, .rows = 3};

TEST(Painter, PaintsAllOfAScreenAtFirst) {
  EXPECT_EQ(Painter().paint({"one", "two"}, kSize), "\x1b[2J\x1b[1;1H\x1b[Kone\x1b[2;1H\x1b[Ktwo");
}

TEST(Painter, SendsOnlyTheRowsThatChanged) {
  Painter painter;
  painter.paint({"one", "two", "three"}, kSize);
  EXPECT_EQ(painter.paint({"one", "2", "three"}, kSize), "\x1b[2;1H\x1b[K2");
  EXPECT_EQ(painter.paint({"one", "2", "three"}, kSize), "");
}

TEST(Painter, ClearsARowThatIsGone) {
  Painter painter;
  painter.paint({"one", "two"}, kSize);
  EXPECT_EQ(painter.paint({"one"}, kSize), "\x1b[2;1H\x1b[K");
}

TEST(Painter, LeavesOutWhatIsBelowTheScreen) {
  EXPECT_EQ(Painter().paint({"", "", "", "four"}, kSize), "\x1b[2J");
}

TEST(Painter, PaintsAllAnewWhenOthersWroteOrTheSizeChanged) {
  Painter painter;
  const std::string all = painter.paint({"one"}, kSize);
  painter.forget();
  EXPECT_EQ(painter.paint({"one"}, kSize), all);
  EXPECT_EQ(painter.paint({"one"}, {.columns = 10, .rows = 4}), all);
}

}  // namespace
}  // namespace gate41::tool
