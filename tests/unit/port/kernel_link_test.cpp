#include "dataplane/port/kernel_link.hpp"

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <thread>
#include <unistd.h>

namespace gate41::testing {
namespace {

// One end of a cable (veth) in a network namespace that goes with the test. Skipped without root.
class KernelInterface : public ::testing::Test {
 protected:
  void SetUp() override {
    home_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    inside_ = ::unshare(CLONE_NEWNET) == 0;
    if (!inside_) GTEST_SKIP() << "needs root";
    lay_cable();
  }
  void TearDown() override {
    leave();
    ::close(home_);
  }
  static void ip(const std::string& words) {
    ASSERT_EQ(std::system(("ip link " + words).c_str()), 0) << words;
  }
  static void lay_cable() {
    ip("add near type veth peer name far");
    ip("set near up");
    ip("set far up");
  }
  void leave() {
    if (!inside_) return;
    ASSERT_EQ(::setns(home_, CLONE_NEWNET), 0);
    inside_ = false;
  }
  static KernelLink near() { return std::move(*KernelLink::open("near")); }

 private:
  int home_ = -1;
  bool inside_ = false;
};

// The kernel's link watch takes up to a second.
bool becomes(const KernelLink& link, bool running) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (link.is_running() != running && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  return link.is_running() == running;
}

}  // namespace

TEST_F(KernelInterface, RunsWhenBothEndsAreUp) { EXPECT_TRUE(becomes(near(), true)); }

TEST_F(KernelInterface, IsDownWhenItWasSetDown) {
  const KernelLink link = near();
  ip("set near down");
  EXPECT_TRUE(becomes(link, false));
}

TEST_F(KernelInterface, IsDownWithoutACarrierThoughItIsSetUp) {
  const KernelLink link = near();
  ip("set far down");
  EXPECT_TRUE(becomes(link, false));
}

TEST_F(KernelInterface, RunsAgainWithTheCarrier) {
  const KernelLink link = near();
  ip("set far down");
  ASSERT_TRUE(becomes(link, false));
  ip("set far up");
  EXPECT_TRUE(becomes(link, true));
}

TEST_F(KernelInterface, IsFollowedUnderAnotherName) {
  const KernelLink link = near();
  ip("set near down");
  ASSERT_TRUE(becomes(link, false));
  ip("set near name other");
  ip("set other up");
  EXPECT_TRUE(becomes(link, true));
}

TEST_F(KernelInterface, StaysDownWhenAnotherOneTakesItsName) {
  const KernelLink link = near();
  ip("del near");
  lay_cable();
  EXPECT_TRUE(becomes(link, false));
}

TEST_F(KernelInterface, IsSeenFromAnotherNamespace) {
  const KernelLink link = near();
  leave();
  EXPECT_TRUE(becomes(link, true));
}

TEST_F(KernelInterface, TellsItsMtu) {
  const KernelLink link = near();
  ip("set near mtu 1200");
  EXPECT_EQ(link.mtu().value(), 1200);
}

TEST_F(KernelInterface, IsAnErrorWhenThereIsNone) {
  const auto opened = KernelLink::open("nope");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "nope: No such device");
}

}  // namespace gate41::testing
