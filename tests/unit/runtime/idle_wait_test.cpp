#include "dataplane/worker/idle_wait.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace gate41::testing {
namespace {

constexpr Duration kForever = std::chrono::seconds(30);
constexpr Duration kShort = std::chrono::microseconds(100);

// A worker with two queues, whose interrupts are the test's to raise.
class Waiting : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(bell_.open()); }
  ~Waiting() override {
    for (const RxQueue& queue : queues_) ::close(queue.interrupt);
  }
  void interrupt(std::size_t queue) const { ASSERT_EQ(::eventfd_write(queues_[queue].interrupt, 1), 0); }
  void ring() {
    bell_.announce_sleep();
    bell_.ring();
  }

  Doorbell bell_;
  std::vector<RxQueue> queues_{{0, 0, ::eventfd(0, EFD_NONBLOCK)}, {1, 0, ::eventfd(0, EFD_NONBLOCK)}};
};

}  // namespace

TEST_F(Waiting, IsEndedByTheInterruptOfAnyQueue) {
  IdleWait wait(bell_, queues_);
  for (const std::size_t queue : {0U, 1U}) {
    interrupt(queue);
    EXPECT_EQ(wait.wait(kForever), Waking::interrupt);
  }
}

TEST_F(Waiting, IsEndedByTheBell) {
  IdleWait wait(bell_, queues_);
  ring();
  EXPECT_EQ(wait.wait(kForever), Waking::bell);
}

TEST_F(Waiting, TellsOfAnInterruptAlsoWhereTheBellRingsToo) {
  IdleWait wait(bell_, queues_);
  ring();
  interrupt(1);
  EXPECT_EQ(wait.wait(kForever), Waking::interrupt);
}

TEST_F(Waiting, IsEndedOnceByEach) {
  IdleWait wait(bell_, queues_);
  ring();
  interrupt(0);
  interrupt(1);
  EXPECT_EQ(wait.wait(kForever), Waking::interrupt);
  EXPECT_EQ(wait.wait(kShort), Waking::time_out);
}

TEST_F(Waiting, EndsInTime) {
  IdleWait wait(bell_, queues_);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(wait.wait(kShort), Waking::time_out);
  EXPECT_GE(std::chrono::steady_clock::now() - start, kShort);
}

TEST_F(Waiting, NeedsNoQueueThatInterrupts) {
  const std::vector<RxQueue> silent = {{.device = 0}, {.device = 1}};
  IdleWait wait(bell_, silent);
  EXPECT_EQ(wait.wait(kShort), Waking::time_out);
  ring();
  EXPECT_EQ(wait.wait(kForever), Waking::bell);
}

}  // namespace gate41::testing
