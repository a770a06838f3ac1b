#include "tests/unit/loop/sandbox.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

namespace gate41::testing {

bool wait_readable(int fd, std::chrono::milliseconds limit) {
  pollfd ready{fd, POLLIN, 0};
  return ::poll(&ready, 1, static_cast<int>(limit.count())) == 1;
}

bool turn_until(loop::EventLoop& loop, const std::function<bool()>& done) {
  const TimePoint end = now() + kLimit;
  while (!done() && now() < end) loop.turn(end);
  return done();
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>&1").c_str(), "re"), &::pclose);
  std::string result;
  std::array<char, 256> part;
  while (pipe && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) result += part.data();
  return result;
}

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "gate41-test-XXXXXX").string();
  if (const char* made = ::mkdtemp(pattern.data())) path_ = made;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

loop::Fd NamespaceTest::own_namespace() {
  return loop::Fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
}

void NamespaceTest::SetUp() {
  home_ = own_namespace();
  if (::unshare(CLONE_NEWNET) != 0) {
    home_.reset();
    GTEST_SKIP() << "needs root to make a network namespace";
  }
}

void NamespaceTest::TearDown() {
  if (!home_) return;
  EXPECT_EQ(::setns(home_.get(), CLONE_NEWNET), 0);
}

void NamespaceTest::within(const loop::Fd& ns, const std::function<void()>& action) {
  const loop::Fd here = own_namespace();
  ASSERT_EQ(::setns(ns.get(), CLONE_NEWNET), 0);
  action();
  ASSERT_EQ(::setns(here.get(), CLONE_NEWNET), 0);
}

}  // namespace gate41::testing
