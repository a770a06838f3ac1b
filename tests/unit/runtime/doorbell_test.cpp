#include "dataplane/worker/doorbell.hpp"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <poll.h>
#include <thread>

#include "dataplane/worker/idle_wait.hpp"

namespace gate41::testing {
namespace {

constexpr Duration kForever = std::chrono::seconds(30);

class Bell : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(bell_.open()); }
  bool has_rung() const {
    pollfd poll{bell_.fd(), POLLIN, 0};
    return ::poll(&poll, 1, 0) == 1;
  }
  Doorbell bell_;
};

}  // namespace

TEST_F(Bell, IsNotRungForOneWhoIsAwake) {
  bell_.ring();
  EXPECT_FALSE(has_rung());
}

TEST_F(Bell, RingsForOneWhoSaidThatHeSleeps) {
  bell_.announce_sleep();
  bell_.ring();
  EXPECT_TRUE(has_rung());
}

TEST_F(Bell, RingsOnceForASleep) {
  bell_.announce_sleep();
  bell_.ring();
  bell_.silence();
  bell_.ring();
  EXPECT_FALSE(has_rung());
}

TEST_F(Bell, IsNotRungForOneWhoHasWokenUpHimself) {
  bell_.announce_sleep();
  bell_.awake();
  bell_.ring();
  EXPECT_FALSE(has_rung());
}

// A lost wake-up would let one wait last for ever.
TEST_F(Bell, LosesNoWakeUp) {
  constexpr int kItems = 3000;
  std::atomic<int> enqueued{0};
  std::thread producer([&] {
    for (int i = 0; i < kItems; ++i) {
      enqueued.fetch_add(1, std::memory_order_release);
      bell_.ring();
      if (i % 7 == 0) std::this_thread::yield();
    }
  });
  IdleWait wait(bell_, {});
  for (int taken = 0; taken < kItems;) {
    const auto start = std::chrono::steady_clock::now();
    bell_.announce_sleep();
    if (enqueued.load(std::memory_order_acquire) == taken) wait.wait(kForever);
    bell_.awake();
    ASSERT_LT(std::chrono::steady_clock::now() - start, kForever);
    taken = enqueued.load(std::memory_order_acquire);
  }
  producer.join();
}

}  // namespace gate41::testing
