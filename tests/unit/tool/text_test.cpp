#include "control/tool/text.hpp"

#include <gtest/gtest.h>

namespace gate41::tool {
namespace {

TEST(ToolText, LetsNoControlCharacterThrough) {
  EXPECT_EQ(printable("lan 1 ~"), "lan 1 ~");
  EXPECT_EQ(printable("\x1b[2Jx\r\n\t\x7f"), "\\x1b[2Jx\\x0d\\x0a\\x09\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m");  // CSI as one character of UTF-8
}

TEST(ToolText, ScalesRatesByThousands) {
  EXPECT_EQ(scaled(0, "bit/s"), "0 bit/s");
  EXPECT_EQ(scaled(999, "bit/s"), "999 bit/s");
  EXPECT_EQ(scaled(1000, "bit/s"), "1.0 kbit/s");
  EXPECT_EQ(scaled(12'345'678, "packet/s"), "12.3 Mpacket/s");
  EXPECT_EQ(scaled(9.87e9, "bit/s"), "9.9 Gbit/s");
}

TEST(ToolText, ScalesSizesBy1024) {
  EXPECT_EQ(binary_size(1023), "1023 B");
  EXPECT_EQ(binary_size(1536), "1.5 KiB");
  EXPECT_EQ(binary_size(1048576.0 * 1024 * 3), "3.0 GiB");
}

TEST(ToolText, TellsTimeInTwoUnits) {
  EXPECT_EQ(time_span(0.9), "0 s");
  EXPECT_EQ(time_span(59), "59 s");
  EXPECT_EQ(time_span(185), "3 min 5 s");
  EXPECT_EQ(time_span(2 * 3600 + 4 * 60 + 59), "2 h 4 min");
  EXPECT_EQ(time_span(3 * 86400 + 7 * 3600), "3 d 7 h");
  EXPECT_EQ(time_span(-5), "0 s");
}

TEST(ToolText, SharesOfNothingAreNothing) {
  EXPECT_EQ(percent(1, 8), "12.5 %");
  EXPECT_EQ(percent(0, 0), "0.0 %");
}

TEST(ToolText, ColoursOnlyWhenAsked) {
  EXPECT_EQ(coloured("x", Colour::none), "x");
  EXPECT_EQ(coloured("x", Colour::red), "\x1b[31mx\x1b[0m");
}

TEST(ToolTable, AlignsColumns) {
  Table table({"NAME", ">N"}, 1);
  table.add({"a", "1"});
  table.add({"longer", "200"});
  EXPECT_EQ(table.take(),
            " NAME      N\n"
            " a         1\n"
            " longer  200\n");
}

TEST(ToolTable, TakesPartsWithOneHeaderAndWidthsThatOnlyGrow) {
  Table table({"NAME", "X"});
  table.add({"longer", "1"});
  EXPECT_EQ(table.take(), "NAME    X\nlonger  1\n");
  table.add({"b", "2"});
  EXPECT_EQ(table.take(), "b       2\n");
  EXPECT_EQ(table.take(), "");
}

TEST(ToolTable, WithoutNamesHasNoHeader) {
  Table table({"", ">"});
  table.add({"a", "1"});
  EXPECT_EQ(table.take(), "a  1\n");
}

}  // namespace
}  // namespace gate41::tool
