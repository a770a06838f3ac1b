// Which fragments of one packet pass after others.
#include "dataplane/filter/fragment_ranges.hpp"

#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

constexpr bool kLast = true;
constexpr bool kMore = false;
constexpr std::optional<DropReason> kPasses;

class FragmentRangesTest : public ::testing::Test {
 protected:
  std::optional<DropReason> comes(uint32_t begin, uint32_t end, bool last) {
    return ranges_.add({begin, end}, last);
  }
  void passed(uint32_t begin, uint32_t end, bool last) { ASSERT_EQ(comes(begin, end, last), kPasses); }

 private:
  FragmentRanges ranges_;
};

}  // namespace

// proves: K53
TEST_F(FragmentRangesTest, PassAPacketOfManyPiecesInOrder) {
  for (uint32_t begin = 0; begin < 64000; begin += 1000) passed(begin, begin + 1000, kMore);
  passed(64000, 65535, kLast);
}

// proves: K53
TEST_F(FragmentRangesTest, PassPiecesThatOvertakeEachOther) {
  passed(0, 8, kMore);
  passed(24, 32, kMore);
  passed(40, 45, kLast);
  passed(8, 16, kMore);
  passed(32, 40, kMore);
  passed(16, 24, kMore);
}

TEST_F(FragmentRangesTest, RefuseAPieceMoreThanThereIsRoomForAndTakeItOnceAGapIsClosed) {
  passed(0, 8, kMore);
  passed(16, 24, kMore);
  passed(32, 40, kMore);
  passed(48, 56, kMore);
  EXPECT_EQ(comes(64, 72, kMore), DropReason::filter_fragment);
  passed(8, 16, kMore);
  passed(64, 72, kMore);
}

// proves: K53
TEST_F(FragmentRangesTest, APieceThatClosesAGapKeepsWhatIsBehindIt) {
  passed(0, 8, kMore);
  passed(16, 24, kMore);
  passed(8, 16, kMore);
  EXPECT_EQ(comes(16, 24, kMore), DropReason::fragment_duplicate);
}

// proves: K53
TEST_F(FragmentRangesTest, RefuseTheSameAgainAndGoOn) {
  passed(0, 64, kMore);
  EXPECT_EQ(comes(0, 64, kMore), DropReason::fragment_duplicate);
  EXPECT_EQ(comes(8, 16, kMore), DropReason::fragment_duplicate);
  passed(64, 80, kLast);
  EXPECT_EQ(comes(64, 80, kLast), DropReason::fragment_duplicate);
}

// proves: K53
TEST_F(FragmentRangesTest, OverlapByOneBlockCondemnsTheWholePacket) {
  passed(0, 64, kMore);
  EXPECT_EQ(comes(56, 72, kMore), DropReason::fragment_overlap);
  EXPECT_EQ(comes(64, 72, kMore), DropReason::fragment_overlap);
  EXPECT_EQ(comes(0, 64, kMore), DropReason::fragment_overlap);
}

TEST_F(FragmentRangesTest, OverlapFromTheFront) {
  passed(0, 8, kMore);
  passed(64, 128, kMore);
  EXPECT_EQ(comes(32, 72, kMore), DropReason::fragment_overlap);
}

TEST_F(FragmentRangesTest, APieceAroundWhatHasPassedOverlaps) {
  passed(0, 8, kMore);
  passed(64, 72, kMore);
  EXPECT_EQ(comes(56, 80, kMore), DropReason::fragment_overlap);
}

TEST_F(FragmentRangesTest, NothingComesBehindTheLastPiece) {
  passed(0, 64, kMore);
  passed(64, 80, kLast);
  EXPECT_EQ(comes(80, 88, kMore), DropReason::fragment_overlap);
}

TEST_F(FragmentRangesTest, AnotherEndContradictsTheFirst) {
  passed(0, 8, kMore);
  passed(64, 80, kLast);
  EXPECT_EQ(comes(16, 24, kLast), DropReason::fragment_overlap);
}

TEST_F(FragmentRangesTest, AnEndBeforeWhatHasPassedContradictsIt) {
  passed(0, 8, kMore);
  passed(64, 80, kMore);
  EXPECT_EQ(comes(16, 24, kLast), DropReason::fragment_overlap);
}

}  // namespace gate41::testing
