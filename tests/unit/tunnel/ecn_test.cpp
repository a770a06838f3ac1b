#include "dataplane/tunnel/ecn.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

constexpr uint8_t kNotEct = 0b00, kEct1 = 0b01, kEct0 = 0b10, kCe = 0b11;

struct Cell {
  uint8_t inner;
  uint8_t outer;
  uint8_t result;
  bool dropped = false;
};

// RFC 6040 figure 4, row by row as printed.
constexpr Cell kFigure4[] = {
    {kNotEct, kNotEct, kNotEct}, {kNotEct, kEct0, kNotEct},
    {kNotEct, kEct1, kNotEct},   {kNotEct, kCe, kNotEct, true},
    {kEct0, kNotEct, kEct0},     {kEct0, kEct0, kEct0},
    {kEct0, kEct1, kEct1},       {kEct0, kCe, kCe},
    {kEct1, kNotEct, kEct1},     {kEct1, kEct0, kEct1},
    {kEct1, kEct1, kEct1},       {kEct1, kCe, kCe},
    {kCe, kNotEct, kCe},         {kCe, kEct0, kCe},
    {kCe, kEct1, kCe},           {kCe, kCe, kCe},
};

}  // namespace

// proves: F4 F5 F6
TEST(EgressEcn, FollowsFigure4InAll16Cells) {
  for (const Cell& cell : kFigure4) {
    const EcnResult result = egress_ecn(cell.inner, cell.outer);
    EXPECT_EQ(result.drop, cell.dropped) << int{cell.inner} << " in " << int{cell.outer};
    EXPECT_EQ(result.ecn, cell.result) << int{cell.inner} << " in " << int{cell.outer};
  }
}

}  // namespace gate41::testing
