#include "dataplane/forward/adjacency.hpp"

#include <gtest/gtest.h>
#include <set>

namespace gate41::testing {
namespace {

Adjacency way_to(uint16_t link) {
  Adjacency way;
  way.kind = AdjacencyKind::ethernet;
  way.link = link;
  way.mtu = 1500;
  way.header[0] = 0x41;
  way.header_length = 14;
  return way;
}

TEST(AdjacencyTable, WhatIsWrittenIsRead) {
  AdjacencyTable table(8);
  const AdjacencyIndex index = table.allocate();
  table.write(index, way_to(7));
  const Adjacency read = table.read(index);
  EXPECT_EQ(read.kind, AdjacencyKind::ethernet);
  EXPECT_EQ(read.link, 7);
  EXPECT_EQ(read.mtu, 1500);
  EXPECT_EQ(read.header[0], 0x41);
}

TEST(AdjacencyTable, IndexZeroIsNoEntry) {
  const AdjacencyTable table(8);
  EXPECT_EQ(table.read(kNoAdjacency).kind, AdjacencyKind::unresolved);
}

TEST(AdjacencyTable, AFreshEntryIsUnresolved) {
  AdjacencyTable table(8);
  EXPECT_EQ(table.read(table.allocate()).kind, AdjacencyKind::unresolved);
}

TEST(AdjacencyTable, HandsOutEachIndexOnceUntilItIsFull) {
  AdjacencyTable table(8);
  std::set<AdjacencyIndex> given;
  for (int i = 0; i < 7; ++i) given.insert(table.allocate());
  EXPECT_EQ(given.size(), 7U);
  EXPECT_FALSE(given.contains(kNoAdjacency));
  EXPECT_EQ(table.in_use(), 7U);
  EXPECT_EQ(table.allocate(), kNoAdjacency);
}

TEST(AdjacencyTable, AReleasedEntryIsUnresolvedAtOnceAndFreeAfterReclaim) {
  AdjacencyTable table(2);
  const AdjacencyIndex index = table.allocate();
  table.write(index, way_to(7));
  table.release(index);
  EXPECT_EQ(table.read(index).kind, AdjacencyKind::unresolved);
  EXPECT_EQ(table.in_use(), 0U);
  EXPECT_EQ(table.allocate(), kNoAdjacency);
  table.reclaim();
  EXPECT_NE(table.allocate(), kNoAdjacency);
}

// A flow keeps its index for days.
TEST(AdjacencyTable, AStaleIndexNeverReadsAsTheSlotsNextUser) {
  AdjacencyTable table(2);
  const AdjacencyIndex first = table.allocate();
  table.write(first, way_to(1));
  std::set<AdjacencyIndex> stale;
  AdjacencyIndex index = first;
  for (uint16_t link = 2; link < 1000; ++link) {
    table.release(index);
    stale.insert(index);
    table.reclaim();
    index = table.allocate();
    table.write(index, way_to(link));
    ASSERT_EQ(table.read(index).link, link);
    ASSERT_FALSE(stale.contains(index));
    ASSERT_EQ(table.read(first).kind, AdjacencyKind::unresolved);
  }
  for (const AdjacencyIndex old : stale) EXPECT_EQ(table.read(old).kind, AdjacencyKind::unresolved);
}

TEST(AdjacencyTable, ReleasingNothingDoesNothing) {
  AdjacencyTable table(2);
  table.release(kNoAdjacency);
  table.reclaim();
  EXPECT_EQ(table.in_use(), 0U);
}

}  // namespace
}  // namespace gate41::testing
