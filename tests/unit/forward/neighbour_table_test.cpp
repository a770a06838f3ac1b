#include "dataplane/forward/neighbour_table.hpp"

#include <gtest/gtest.h>

#include <rte_memory.h>

#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

constexpr TimePoint at(int seconds) { return TimePoint{std::chrono::seconds(seconds)}; }

NeighbourKey key_of(uint64_t number, uint16_t scope = 0) {
  return {Ipv6Address::from_halves(0x2002'0b00'0002'0001ULL, number), scope, {}};
}

std::unique_ptr<NeighbourTable> make_table(const char* name, uint32_t capacity) {
  auto table = NeighbourTable::create(name, capacity, SOCKET_ID_ANY, HashSecret{});
  return table ? std::move(*table) : nullptr;
}

TEST(NeighbourTable, KnowsWhomItWasTold) {
  const auto table = make_table("n1", 16);
  EXPECT_TRUE(table->insert(key_of(1), 11));
  EXPECT_TRUE(table->insert(key_of(2), 12));
  EXPECT_EQ(table->lookup(key_of(1), 5), 11U);
  EXPECT_EQ(table->lookup(key_of(2), 5), 12U);
  EXPECT_EQ(table->lookup(key_of(3), 5), kNoAdjacency);
  EXPECT_EQ(table->size(), 2U);
}

TEST(NeighbourTable, ScopesAreApart) {
  const auto table = make_table("n2", 16);
  table->insert(key_of(1, 0), 11);
  table->insert(key_of(1, 1), 12);
  EXPECT_EQ(table->lookup(key_of(1, 0), 5), 11U);
  EXPECT_EQ(table->lookup(key_of(1, 1), 5), 12U);
  EXPECT_EQ(table->lookup(key_of(1, kWanScope), 5), kNoAdjacency);
}

TEST(NeighbourTable, InsertReplaces) {
  const auto table = make_table("n3", 16);
  table->insert(key_of(1), 11);
  table->insert(key_of(1), 99);
  EXPECT_EQ(table->lookup(key_of(1), 5), 99U);
  EXPECT_EQ(table->size(), 1U);
}

TEST(NeighbourTable, HoldsItsCapacityAndNoMore) {
  const auto table = make_table("n4", 100);
  for (uint64_t i = 0; i < 100; ++i) EXPECT_TRUE(table->insert(key_of(i), 1));
  EXPECT_FALSE(table->insert(key_of(100), 1));
  EXPECT_TRUE(table->insert(key_of(50), 2));
}

TEST(NeighbourTable, AnErasedNeighbourIsUnknownAtOnce) {
  const auto table = make_table("n5", 16);
  table->insert(key_of(1), 11);
  table->erase(key_of(1));
  EXPECT_EQ(table->lookup(key_of(1), 5), kNoAdjacency);
  EXPECT_EQ(table->slot_of(key_of(1)), 0U);
  EXPECT_EQ(table->size(), 0U);
  table->erase(key_of(1));
  EXPECT_EQ(table->size(), 0U);
}

TEST(NeighbourTable, PlacesComeBackWithReclaim) {
  const auto table = make_table("n6", 8);
  for (uint64_t i = 0; i < 10000; ++i) {
    ASSERT_TRUE(table->insert(key_of(i), 1)) << i;
    table->erase(key_of(i));
    table->reclaim();
  }
}

TEST(NeighbourTable, AnErasedPlaceIsNotUsedAgainBeforeReclaim) {
  const auto table = make_table("n7", 8);
  table->insert(key_of(1), 11);
  const uint32_t slot = table->slot_of(key_of(1));
  table->erase(key_of(1));
  for (uint64_t i = 2; i < 10 && table->insert(key_of(i), 1); ++i) EXPECT_NE(table->slot_of(key_of(i)), slot);
}

TEST(NeighbourTable, TellsWhoWasUsedSinceTheLastCall) {
  const auto table = make_table("n8", 16);
  for (uint64_t i = 1; i <= 3; ++i) table->insert(key_of(i), 1);
  (void)table->lookup(key_of(1), 100);
  table->stamp(table->slot_of(key_of(2)), 101);
  std::vector<NeighbourKey> used = table->take_used(at(110));
  ASSERT_EQ(used.size(), 2U);
  EXPECT_TRUE(table->take_used(at(120)).empty());
  (void)table->lookup(key_of(3), 125);
  used = table->take_used(at(130));
  ASSERT_EQ(used.size(), 1U);
  EXPECT_EQ(used.front().address, key_of(3).address);
}

TEST(NeighbourTable, AUseInTheSecondOfTheLastCallIsNotLost) {
  const auto table = make_table("n9", 16);
  table->insert(key_of(1), 1);
  (void)table->take_used(at(100));
  (void)table->lookup(key_of(1), 100);
  EXPECT_EQ(table->take_used(at(101)).size(), 1U);
}

TEST(NeighbourTable, ANewNeighbourInAnOldPlaceWasNotUsed) {
  const auto table = make_table("n10", 1);
  table->insert(key_of(1), 1);
  (void)table->lookup(key_of(1), 100);
  table->erase(key_of(1));
  table->reclaim();
  for (uint64_t i = 2; i < 40; ++i) {  // goes round all places
    ASSERT_TRUE(table->insert(key_of(i), 1));
    EXPECT_TRUE(table->take_used(at(1)).empty());
    table->erase(key_of(i));
    table->reclaim();
  }
}

TEST(NeighbourTable, Ipv4NeighboursAreMapped) {
  EXPECT_EQ(mapped(ip4("11.0.0.77")), ip6("::ffff:11.0.0.77"));
}

TEST(NeighbourTable, SaysWhyItCannotBeMade) {
  const auto table = NeighbourTable::create("n11", 1U << 31U, SOCKET_ID_ANY, HashSecret{});
  ASSERT_FALSE(table);
  EXPECT_NE(table.error().message.find("n11"), std::string::npos);
}

}  // namespace
}  // namespace gate41::testing
