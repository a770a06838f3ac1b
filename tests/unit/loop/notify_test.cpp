#include "control/loop/notify.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

class NotifyTest : public ::testing::Test {
 protected:
  ~NotifyTest() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  // The manager's end. An '@' is the abstract namespace.
  void listen_at(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    manager_ = loop::Fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(manager_.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  std::string next_message() {
    if (!wait_readable(manager_.get())) return "nothing";
    std::array<char, 256> buffer;
    const ssize_t n = ::recv(manager_.get(), buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(n)};
  }
  Folder folder_;
  loop::Fd manager_;
};

TEST_F(NotifyTest, SaysEachStateInADatagram) {
  listen_at((folder_.path() / "notify").string());
  loop::Notifier notifier;
  notifier.ready();
  EXPECT_EQ(next_message(), "READY=1");
  notifier.stopping();
  EXPECT_EQ(next_message(), "STOPPING=1");
}

TEST_F(NotifyTest, KeepsAStatusToItsFirstLine) {
  listen_at((folder_.path() / "notify").string());
  loop::Notifier().status("waiting for a DHCP offer on wan\nREADY=1");
  EXPECT_EQ(next_message(), "STATUS=waiting for a DHCP offer on wan");
}

TEST_F(NotifyTest, ReachesAnAbstractSocket) {
  listen_at("@gate41-test-" + std::to_string(::getpid()));
  loop::Notifier().ready();
  EXPECT_EQ(next_message(), "READY=1");
}

TEST_F(NotifyTest, IsSilentWithoutTheVariable) {
  ::testing::internal::CaptureStderr();
  loop::Notifier notifier;
  notifier.ready();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(notifier.watchdog_limit(), std::nullopt);
}

TEST_F(NotifyTest, TakesTheWatchdogsLimit) {
  listen_at((folder_.path() / "notify").string());
  ::setenv("WATCHDOG_USEC", "20000000", 1);
  EXPECT_EQ(loop::Notifier().watchdog_limit(), std::chrono::seconds(20));
}

TEST_F(NotifyTest, FeedsTheWatchdogEachQuarterOfItsLimit) {
  listen_at((folder_.path() / "notify").string());
  ::setenv("WATCHDOG_USEC", "20000000", 1);
  constexpr TimePoint kStart{std::chrono::hours(1)};
  loop::Notifier notifier;
  for (const int seconds : {0, 4, 5}) {
    notifier.watchdog(kStart + std::chrono::seconds(seconds));
    notifier.status(std::to_string(seconds));
  }
  for (const char* message : {"WATCHDOG=1", "STATUS=0", "STATUS=4", "WATCHDOG=1", "STATUS=5"})
    EXPECT_EQ(next_message(), message);
}

TEST_F(NotifyTest, FeedsNoWatchdogWhereThereIsNone) {
  listen_at((folder_.path() / "notify").string());
  loop::Notifier notifier;
  notifier.watchdog(TimePoint(std::chrono::hours(1)));
  notifier.ready();
  EXPECT_EQ(next_message(), "READY=1");
}

TEST_F(NotifyTest, LeavesAWatchdogOfAnotherProcessAlone) {
  listen_at((folder_.path() / "notify").string());
  ::setenv("WATCHDOG_USEC", "20000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(loop::Notifier().watchdog_limit(), std::nullopt);
}

}  // namespace
}  // namespace gate41::testing
