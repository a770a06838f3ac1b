#include "dataplane/port/memory_plan.hpp"

#include <gtest/gtest.h>

#include "tests/unit/port/configurations.hpp"

namespace gate41::testing {

TEST(MemoryPlan, IsModestByItself) {
  EXPECT_EQ(plan_memory(with_vdevs(), 2, 64 * kGibibyte).memory, 128 * kMebibyte);
}

TEST(MemoryPlan, TakesASixteenthOfASmallMachine) {
  EXPECT_EQ(plan_memory(with_vdevs(), 2, 1792 * kMebibyte).memory, 112 * kMebibyte);
}

// proves: S12
TEST(MemoryPlan, IsSmallByItselfWhereThereIsLittleMemory) {
  const MemoryPlan plan = plan_memory(with_vdevs(), 2, 54 * kMebibyte, 1, true);
  EXPECT_EQ(plan.max_flows, 16384u);
  EXPECT_EQ(plan.queue_size, 256);
  EXPECT_EQ(plan.buffers, 2u * (256 + 256) + 1023);
  EXPECT_LE(plan.memory, 12 * kMebibyte);
}

TEST(MemoryPlan, IsSmallFrom255MebibytesDown) {
  EXPECT_TRUE(is_small(with_vdevs(), 256 * kMebibyte - 1));
  EXPECT_FALSE(is_small(with_vdevs(), 256 * kMebibyte));
}

TEST(MemoryPlan, IsAsSmallAsIsConfigured) {
  config::Config config = with_vdevs();
  config.memory_profile = config::MemoryProfile::small;
  EXPECT_EQ(plan_memory(config, 2, 64 * kGibibyte).max_flows, 16384u);
  config.memory_profile = config::MemoryProfile::normal;
  EXPECT_GE(plan_memory(config, 2, 54 * kMebibyte).memory, 96 * kMebibyte);
}

TEST(MemoryPlan, OfASmallOneTakesTheConfiguredFlows) {
  config::Config config = with_vdevs();
  config.filter.max_flows = 100'000;
  const MemoryPlan plan = plan_memory(config, 2, 54 * kMebibyte);
  EXPECT_EQ(plan.max_flows, 100'000u);
  EXPECT_GE(plan.memory, 16 * kMebibyte);
}

TEST(MemoryPlan, TakesNoLessThanItNeedsOnATinyMachine) {
  EXPECT_EQ(plan_memory(with_vdevs(), 2, kGibibyte / 2).memory, 96 * kMebibyte);
}

TEST(MemoryPlan, HasABufferForEveryPlaceInTheQueues) {
  EXPECT_EQ(plan_memory(with_vdevs(), 2, kGibibyte).buffers, 2u * (1024 + 1024) + 4095);
}

TEST(MemoryPlan, HasBuffersForTheQueuesAndRingsOfFurtherWorkers) {
  EXPECT_EQ(plan_memory(with_vdevs(), 2, kGibibyte, 3).buffers,
            2u * 3 * (1024 + 1024) + 4095 + 2 * (2048 + 512) + 6 * 512);
}

TEST(MemoryPlan, TakesNoFlowsAwayForFurtherWorkers) {
  const MemoryPlan one = plan_memory(with_vdevs(), 2, kGibibyte, 1);
  const MemoryPlan four = plan_memory(with_vdevs(), 2, kGibibyte, 4);
  EXPECT_GE(four.max_flows, one.max_flows);
  EXPECT_GT(four.memory, one.memory);
}

TEST(MemoryPlan, FillsTheMemoryWithFlows) {
  config::Config config = with_vdevs();
  config.eal_memory = 256 * kMebibyte;
  const uint32_t flows = plan_memory(config, 2, kGibibyte).max_flows;
  EXPECT_GT(flows, 1'000'000u);
  EXPECT_LT(uint64_t{flows} * 160, 256 * kMebibyte);
}

TEST(MemoryPlan, TakesTheConfiguredFlowsAndMakesRoomForThem) {
  config::Config config = with_vdevs();
  config.filter.max_flows = 4'000'000;
  const MemoryPlan plan = plan_memory(config, 2, 64 * kGibibyte);
  EXPECT_EQ(plan.max_flows, 4'000'000u);
  EXPECT_GT(plan.memory, uint64_t{4'000'000} * 160);
  EXPECT_LE(plan.memory, kGibibyte);
}

TEST(MemoryPlan, HasSomeFlowsInTheLeastMemory) {
  config::Config config = with_vdevs();
  config.eal_memory = 64 * kMebibyte;
  EXPECT_GE(plan_memory(config, 2, kGibibyte).max_flows, 1024u);
}

// As DPDK takes it where there are no huge pages.
TEST(MemoryPlan, CountsAPageForEveryBuffer) {
  config::Config config = with_vdevs();
  config.role = config::Role::relay;
  const MemoryPlan plan = plan_memory(config, 2, kGibibyte, 2);
  EXPECT_GE(plan.memory, uint64_t{plan.buffers} * 4096 + 32 * kMebibyte);
}

TEST(MemoryPlan, HasNoFlowsInARelay) {
  config::Config config = with_vdevs();
  config.role = config::Role::relay;
  const MemoryPlan plan = plan_memory(config, 2, 64 * kGibibyte);
  EXPECT_EQ(plan.max_flows, 0u);
  EXPECT_LT(plan.memory, 100 * kMebibyte);
}

}  // namespace gate41::testing
