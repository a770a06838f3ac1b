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
