// What a relay remembers of pairs of addresses.
#include "dataplane/worker/pair_table.hpp"

#include <gtest/gtest.h>

#include <rte_memory.h>

namespace gate41::testing {
namespace {

constexpr uint32_t kPairs = 64;

PairEntry entry(AdjacencyIndex adjacency) {
  PairEntry entry{};
  entry.adjacency = adjacency;
  return entry;
}

int32_t look_up(PairTable& pairs, uint32_t signature) {
  int32_t position = 0;
  pairs.lookup_bulk({&signature, 1}, {&position, 1});
  return position;
}

// Of one set, each with a tag of its own.
uint32_t signature(uint32_t number) { return (number + 1) << 16U | 3U; }

}  // namespace

TEST(PairTable, KnowsNobodyAtFirst) {
  PairTable pairs(kPairs, SOCKET_ID_ANY);
  ASSERT_TRUE(pairs);
  EXPECT_EQ(look_up(pairs, signature(0)), PairTable::kUnknown);
}

TEST(PairTable, FindsWhatItRemembersAsItWasToldLast) {
  PairTable pairs(kPairs, SOCKET_ID_ANY);
  for (uint32_t i = 0; i < PairTable::kWays; ++i) pairs.remember(signature(i), entry(i));
  pairs.remember(signature(2), entry(41));
  for (uint32_t i = 0; i < PairTable::kWays; ++i)
    EXPECT_EQ(pairs.at(look_up(pairs, signature(i))).adjacency, i == 2 ? 41U : i);
}

TEST(PairTable, InAFullSetForgetsOneForEachNewcomerInTurn) {
  PairTable pairs(kPairs, SOCKET_ID_ANY);
  for (uint32_t i = 0; i < PairTable::kWays + 3; ++i) pairs.remember(signature(i), entry(i));
  for (uint32_t i = 0; i < PairTable::kWays + 3; ++i)
    EXPECT_EQ(look_up(pairs, signature(i)) == PairTable::kUnknown, i < 3) << i;
}

TEST(PairTable, WithoutMemoryIsNone) { EXPECT_FALSE(PairTable()); }

}  // namespace gate41::testing
