#include "control/loop/host_namespace.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "control/loop/tap.hpp"
#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

using loop::HostNamespace;

ino_t inode(const char* path) {
  struct stat found {};
  return ::stat(path, &found) == 0 ? found.st_ino : 0;
}
ino_t own_inode() { return inode("/proc/thread-self/ns/net"); }

class HostNamespaceTest : public NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    if (IsSkipped()) return;
    start_ = own_inode();
    if (::mkdir("/run/netns", 0755) != 0 && errno != EEXIST) GTEST_SKIP() << "needs a writable /run/netns";
  }
  void TearDown() override {
    output_of("ip netns delete " + name_);
    NamespaceTest::TearDown();
  }
  std::unique_ptr<HostNamespace> prepare() {
    auto result = HostNamespace::prepare(name_);
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }
  std::string inside(const std::string& command) const {
    return output_of("ip netns exec " + name_ + ' ' + command);
  }
  bool exists() const { return output_of("ip netns list").find(name_) != std::string::npos; }

  std::string name_ = "gate41-test-" + std::to_string(::getpid());
  ino_t start_ = 0;
};

TEST_F(HostNamespaceTest, IsWhereTheThreadIsAfterEntering) {
  const auto ns = prepare();
  EXPECT_EQ(own_inode(), start_) << "prepare() moved the thread";
  const auto entered = ns->enter();
  ASSERT_TRUE(entered) << entered.error().message;
  EXPECT_EQ(own_inode(), inode(("/run/netns/" + name_).c_str()));
}

TEST_F(HostNamespaceTest, IsUsableWithIpNetns) {
  const auto ns = prepare();
  EXPECT_NE(inside("ip -o link").find("lo: <LOOPBACK,UP"), std::string::npos) << inside("ip -o link");
}

TEST_F(HostNamespaceTest, DoesNotForward) {
  output_of("ip netns add " + name_);
  inside("sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding'");
  const auto ns = prepare();
  EXPECT_EQ(inside("cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding"), "0\n0\n");
}

TEST_F(HostNamespaceTest, IsRemovedWhenWeMadeIt) {
  auto ns = prepare();
  ASSERT_TRUE(exists());
  ns->remove();
  EXPECT_FALSE(exists());
}

TEST_F(HostNamespaceTest, StaysWhenItWasThereBefore) {
  output_of("ip netns add " + name_);
  prepare().reset();
  EXPECT_TRUE(exists());
}

TEST_F(HostNamespaceTest, LeavesNoProcess) {
  prepare().reset();
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

// kill -9: the daemon has no chance to clean up, and the next one does it.
TEST_F(HostNamespaceTest, IsReusedAndRemovedByTheNextAfterAKill) {
  const pid_t daemon = ::fork();
  if (daemon == 0) {
    const auto ns = HostNamespace::prepare(name_);
    ::raise(SIGKILL);
  }
  ::waitpid(daemon, nullptr, 0);
  ASSERT_TRUE(exists());
  const ino_t before = inode(("/run/netns/" + name_).c_str());
  auto next = prepare();
  EXPECT_EQ(inode(("/run/netns/" + name_).c_str()), before);
  next->remove();
  EXPECT_FALSE(exists());
}

TEST_F(HostNamespaceTest, OfARunningDaemonIsRefused) {
  const auto ns = prepare();
  ASSERT_TRUE(ns->enter());
  const auto tap = loop::Tap::create({.name = "g41wan", .mac = {{2, 0, 0, 0, 0, 1}}});
  ASSERT_TRUE(tap) << tap.error().message;
  const auto second = HostNamespace::prepare(name_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "namespace " + name_ +
                ": g41wan exists there, so another gate41d runs in it; stop that one, or set "
                "`instance` or `host.netns`");
  EXPECT_TRUE(exists()) << "the refused daemon removed the running one's namespace";
}

TEST_F(HostNamespaceTest, CalledNoneIsTheDaemonsOwn) {
  const auto ns = HostNamespace::prepare("none").value();
  ASSERT_TRUE(ns->enter());
  EXPECT_EQ(own_inode(), start_);
  EXPECT_FALSE(exists());
}

TEST_F(HostNamespaceTest, ReplacesAFileThatIsNoNamespace) {
  output_of("touch /run/netns/" + name_);
  auto ns = prepare();
  EXPECT_NE(inside("ip -o link").find("lo:"), std::string::npos);
}

TEST(HostNamespaceName, MayNotLeaveTheFolder) {
  for (const char* name : {"", "..", "../x", "a/b"}) EXPECT_FALSE(HostNamespace::prepare(name)) << name;
}

}  // namespace
}  // namespace gate41::testing
