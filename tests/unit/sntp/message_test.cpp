#include "control/sntp/message.hpp"

#include "tests/unit/sntp/bench.hpp"

namespace gate41::testing {
namespace {

TEST(SntpRequest, SaysItsVersionAndModeAndNothingOfUsButTheMark) {
  std::array<uint8_t, 48> expected{0x23};
  for (uint8_t i = 0; i < 8; ++i) expected[40U + i] = static_cast<uint8_t>(i + 1);
  EXPECT_EQ(sntp::request(0x0102030405060708), expected);
}

TEST(SntpAnswer, OfFewerBytesIsNone) {
  const std::vector<uint8_t> bytes(47);
  EXPECT_FALSE(sntp::read_answer(bytes));
}

TEST(SntpAnswer, MayBeFollowedByExtensions) {
  const std::vector<uint8_t> bytes(100);
  EXPECT_TRUE(sntp::read_answer(bytes));
}

TEST(SntpTime, CountsFrom1900) { EXPECT_EQ(sntp::wall_time(kNtp << 32U), kTrue); }

TEST(SntpTime, HasFractionsOf32Bits) {
  EXPECT_EQ(sntp::wall_time(kNtp << 32U | 0x80000000U), kTrue + milliseconds(500));
}

// 2036-02-07 06:28:16 UTC.
TEST(SntpTime, GoesOnAfter2036) {
  EXPECT_EQ(sntp::wall_time(uint64_t{1} << 32U), WallTime(seconds(2'085'978'497)));
}

}  // namespace
}  // namespace gate41::testing
