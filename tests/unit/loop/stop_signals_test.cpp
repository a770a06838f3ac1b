#include "control/loop/stop_signals.hpp"

#include <array>
#include <csignal>
#include <unistd.h>
#include <vector>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

class StopSignalsTest : public ::testing::Test {
 protected:
  void SetUp() override { ::pthread_sigmask(SIG_SETMASK, nullptr, &before_); }
  void TearDown() override {
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    std::signal(SIGPIPE, SIG_DFL);
  }
  std::unique_ptr<loop::EventLoop> loop_ = loop::EventLoop::create().value();
  std::vector<int> seen_;
  sigset_t before_{};
};

TEST_F(StopSignalsTest, BringsEachSignalIntoTheLoop) {
  const auto signals =
      loop::StopSignals::watch(*loop_, [this](int signal) { seen_.push_back(signal); }).value();
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
    ::kill(::getpid(), signal);
    ASSERT_TRUE(turn_until(*loop_, [&] { return !seen_.empty(); }));
    EXPECT_EQ(seen_, std::vector<int>{signal});
    seen_.clear();
  }
}

TEST_F(StopSignalsTest, MayEndWithinItsCallback) {
  std::unique_ptr<loop::StopSignals> signals;
  signals = loop::StopSignals::watch(*loop_, [&](int signal) {
              seen_.push_back(signal);
              signals.reset();
            }).value();
  ::kill(::getpid(), SIGTERM);
  EXPECT_TRUE(turn_until(*loop_, [&] { return seen_.size() == 1; }));
}

TEST_F(StopSignalsTest, LetsAWriteToAClosedPipeFailInstead) {
  const auto signals = loop::StopSignals::watch(*loop_, [](int) {}).value();
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

}  // namespace
}  // namespace gate41::testing
