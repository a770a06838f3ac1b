#include "dataplane/filter/flow_index.hpp"

#include <gtest/gtest.h>

#include <rte_memory.h>

namespace gate41::testing {
namespace {

constexpr uint32_t kFullChain = FlowIndex::kWays * FlowIndex::kLongestChain;
constexpr uint32_t kSignature = 0x41;

bool holds(const FlowIndex& index, uint32_t signature, uint32_t position) {
  return index.find(signature, [&](int32_t at) { return at == static_cast<int32_t>(position); }) >= 0;
}

}  // namespace

TEST(FlowIndex, FindsWhatWasAddedAndNothingElse) {
  FlowIndex index(100, SOCKET_ID_ANY);
  ASSERT_TRUE(index.add(kSignature, 7));
  EXPECT_TRUE(holds(index, kSignature, 7));
  EXPECT_FALSE(holds(index, kSignature + 1, 7));
  EXPECT_EQ(index.guess(kSignature), 7);
  EXPECT_LT(index.guess(kSignature + 1), 0);
}

TEST(FlowIndex, KnowsASignatureWhoseTagIsZeroFromAFreePlace) {
  FlowIndex index(100, SOCKET_ID_ANY);
  EXPECT_LT(index.guess(0x10000), 0);
  ASSERT_TRUE(index.add(0x10000, 0));
  EXPECT_TRUE(holds(index, 0x10000, 0));
  index.remove(0x10000, 0);
  EXPECT_FALSE(holds(index, 0x10000, 0));
}

TEST(FlowIndex, HoldsAFullChainAndRefusesMore) {
  FlowIndex index(1000, SOCKET_ID_ANY);
  for (uint32_t i = 0; i < kFullChain; ++i) ASSERT_TRUE(index.add(kSignature, i)) << i;
  EXPECT_FALSE(index.add(kSignature, kFullChain));
  EXPECT_FALSE(holds(index, kSignature, kFullChain));
  for (uint32_t i = 0; i < kFullChain; ++i) EXPECT_TRUE(holds(index, kSignature, i)) << i;
}

TEST(FlowIndex, KeepsTheOthersOfAChainWhenOneGoes) {
  for (uint32_t gone = 0; gone < kFullChain; ++gone) {
    FlowIndex index(1000, SOCKET_ID_ANY);
    for (uint32_t i = 0; i < kFullChain; ++i) ASSERT_TRUE(index.add(kSignature, i));
    index.remove(kSignature, gone);
    for (uint32_t i = 0; i < kFullChain; ++i) ASSERT_EQ(holds(index, kSignature, i), i != gone) << gone << i;
    EXPECT_TRUE(index.add(kSignature, gone));
  }
}

TEST(FlowIndex, RemovesNothingThatIsNotThere) {
  FlowIndex index(1000, SOCKET_ID_ANY);
  ASSERT_TRUE(index.add(kSignature, 1));
  index.remove(kSignature, 2);
  index.remove(kSignature + 1, 1);
  EXPECT_TRUE(holds(index, kSignature, 1));
}

// Were a spare bucket lost now and then, there would soon be none.
TEST(FlowIndex, GetsItsSpareBucketsBack) {
  FlowIndex index(1000, SOCKET_ID_ANY);
  for (int round = 0; round < 1000; ++round) {
    for (uint32_t i = 0; i < kFullChain; ++i) ASSERT_TRUE(index.add(kSignature, i)) << round;
    for (uint32_t i = 0; i < kFullChain; ++i)
      index.remove(kSignature, round % 2 == 0 ? i : kFullChain - 1 - i);
  }
}

// 25 flows a bucket need the most spare ones: three each.
TEST(FlowIndex, HasSpareBucketsForTheWorstSpread) {
  constexpr uint32_t kFlows = 1000;
  constexpr uint32_t kHomes = kFlows / 4;
  constexpr uint32_t kWorst = FlowIndex::kWays * (FlowIndex::kLongestChain - 1) + 1;
  FlowIndex index(kFlows, SOCKET_ID_ANY);
  for (uint32_t i = 0; i < kFlows; ++i) {
    const auto signature = static_cast<uint32_t>((uint64_t{i / kWorst} << 32U) / kHomes + 1);
    ASSERT_TRUE(index.add(signature, i)) << i;
  }
}

TEST(FlowIndex, TakesLessThan24BytesAFlow) {
  EXPECT_LT(FlowIndex(100000, SOCKET_ID_ANY).bytes(), 100000U * 24);
}

}  // namespace gate41::testing
