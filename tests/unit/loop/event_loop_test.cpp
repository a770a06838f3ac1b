#include "control/loop/event_loop.hpp"

#include <array>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    in = loop::Fd(ends[0]);
    out = loop::Fd(ends[1]);
  }
  void fill() const { EXPECT_EQ(::write(out.get(), "x", 1), 1); }
  loop::Fd in;
  loop::Fd out;
};

class EventLoopTest : public ::testing::Test {
 protected:
  std::unique_ptr<loop::EventLoop> loop_ = loop::EventLoop::create().value();
  Pipe first_;
  Pipe second_;
  int calls_ = 0;
};

TEST_F(EventLoopTest, CallsTheCallbackOfAReadyDescriptorWithItsEvents) {
  uint32_t seen = 0;
  loop_->watch(first_.in.get(), EPOLLIN, [&](uint32_t events) { seen = events; });
  first_.fill();
  loop_->turn(now() + kLimit);
  EXPECT_EQ(seen, uint32_t{EPOLLIN});
}

TEST_F(EventLoopTest, CallsAgainWhileTheDescriptorStaysReady) {
  loop_->watch(first_.in.get(), EPOLLIN, [&](uint32_t) { ++calls_; });
  first_.fill();
  loop_->turn(now() + kLimit);
  loop_->turn(now() + kLimit);
  EXPECT_EQ(calls_, 2);
}

TEST_F(EventLoopTest, WaitsForTheDeadline) {
  const auto start = std::chrono::steady_clock::now();
  const TimePoint deadline = now() + std::chrono::milliseconds(30);
  while (now() < deadline) loop_->turn(deadline);
  EXPECT_GE(std::chrono::steady_clock::now() - start,
            std::chrono::milliseconds(25));  // the coarse clock's step
  EXPECT_LT(std::chrono::steady_clock::now() - start, kLimit);
}

TEST_F(EventLoopTest, ReturnsAtOnceWhenTheDeadlineIsPast) {
  const auto start = std::chrono::steady_clock::now();
  loop_->turn(now() - std::chrono::hours(1));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST_F(EventLoopTest, WakesBeforeTheDeadlineForADescriptor) {
  loop_->watch(first_.in.get(), EPOLLIN, [&](uint32_t) { ++calls_; });
  first_.fill();
  const auto start = std::chrono::steady_clock::now();
  loop_->turn(now() + std::chrono::hours(1000));
  EXPECT_LT(std::chrono::steady_clock::now() - start, kLimit);
  EXPECT_EQ(calls_, 1);
}

TEST_F(EventLoopTest, ReplacesTheCallbackOfADescriptorWatchedAgain) {
  loop_->watch(first_.in.get(), EPOLLIN, [&](uint32_t) { FAIL(); });
  loop_->watch(first_.in.get(), EPOLLIN, [&](uint32_t) { ++calls_; });
  first_.fill();
  loop_->turn(now() + kLimit);
  EXPECT_EQ(calls_, 1);
}

TEST_F(EventLoopTest, LetsACallbackUnwatchItself) {
  std::string kept = "alive";
  loop_->watch(first_.in.get(), EPOLLIN, [this, kept](uint32_t) {
    loop_->unwatch(first_.in.get());
    EXPECT_EQ(kept, "alive");  // the callback outlives its removal
    ++calls_;
  });
  first_.fill();
  loop_->turn(now() + kLimit);
  loop_->turn(now());
  EXPECT_EQ(calls_, 1);
}

TEST_F(EventLoopTest, CallsNobodyWhomAnotherCallbackOfTheSameTurnUnwatched) {
  const auto once = [&](uint32_t) {
    loop_->unwatch(first_.in.get());
    loop_->unwatch(second_.in.get());
    ++calls_;
  };
  loop_->watch(first_.in.get(), EPOLLIN, once);
  loop_->watch(second_.in.get(), EPOLLIN, once);
  first_.fill();
  second_.fill();
  loop_->turn(now() + kLimit);
  EXPECT_EQ(calls_, 1);
}

// A descriptor's number may be another's by the time that its event is handled.
TEST_F(EventLoopTest, GivesAnEventOnlyToTheCallbackItWasFor) {
  int fresh = 0;
  const auto swap_other = [&](Pipe& other) {
    return [&](uint32_t) {
      ++calls_;
      loop_->unwatch(other.in.get());
      loop_->watch(other.in.get(), EPOLLIN, [&fresh](uint32_t) { ++fresh; });
    };
  };
  loop_->watch(first_.in.get(), EPOLLIN, swap_other(second_));
  loop_->watch(second_.in.get(), EPOLLIN, swap_other(first_));
  first_.fill();
  second_.fill();
  loop_->turn(now() + kLimit);
  EXPECT_EQ(calls_, 1);
  EXPECT_EQ(fresh, 0);
}

TEST_F(EventLoopTest, LetsACallbackWatchAnother) {
  second_.fill();
  loop_->watch(first_.in.get(), EPOLLIN, [&](uint32_t) {
    loop_->unwatch(first_.in.get());
    loop_->watch(second_.in.get(), EPOLLIN, [&](uint32_t) { ++calls_; });
  });
  first_.fill();
  loop_->turn(now() + kLimit);
  loop_->turn(now() + kLimit);
  EXPECT_EQ(calls_, 1);
}

}  // namespace
}  // namespace gate41::testing
