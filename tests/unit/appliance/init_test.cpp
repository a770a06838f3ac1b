// The program itself, on a folder, with scripts in the daemon's place that write to a pipe what they are
// given.
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "control/loop/checked_file.hpp"
#include "control/loop/fd.hpp"
#include "tests/unit/appliance/folder.hpp"

namespace gate41::testing {
namespace {

class InitTest : public ::testing::Test {
 protected:
  static constexpr int kLimitMs = 10'000;

  InitTest() {
    root_.put("etc/gate41/gate41.yaml", "shipped");
    std::filesystem::create_directories(root_.path() / "data");
    const std::string pipe = root_.path() / "pipe";
    ::mkfifo(pipe.c_str(), 0600);
    pipe_.reset(::open(pipe.c_str(), O_RDWR | O_CLOEXEC));
  }
  ~InitTest() override {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
    if (daemon_ > 0) ::kill(daemon_, SIGKILL);
  }

  // `tell WORDS` writes a line to the test; `last` waits for a signal.
  void daemon(const std::string& script) const { program("usr/bin/gate41d", script); }
  void program(const std::string& name, const std::string& script) const {
    const std::string pipe = root_.path() / "pipe";
    root_.put(name, "#!/bin/sh\ntell() { echo \"$@\" >" + pipe + "; }\n" + "last() { exec sleep 1000; }\n" +
                        script + "\n");
    ::chmod((root_.path() / name).c_str(), 0755);
  }
  // A screen, until the descriptor is closed.
  loop::Fd add_terminal() const {
    loop::Fd terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    ::grantpt(terminal.get());
    ::unlockpt(terminal.get());
    std::filesystem::create_directories(root_.path() / "dev");
    std::filesystem::create_symlink(::ptsname(terminal.get()), root_.path() / "dev/tty1");
    return terminal;
  }
  void start() {
    std::string program = GATE41_INIT;
    std::string option = "--root";
    std::string root = root_.path();
    char* const argv[] = {program.data(), option.data(), root.data(), nullptr};
    pid_t pid = -1;
    // Ends the test: signals to nobody would go to everybody.
    if (::posix_spawn(&pid, GATE41_INIT, nullptr, nullptr, argv, environ) != 0)
      throw std::runtime_error(std::string("cannot start ") + GATE41_INIT);
    pid_ = pid;
  }
  // Also of a pidfd: its process has ended.
  static bool wait_readable(int fd) {
    pollfd ready{fd, POLLIN, 0};
    return ::poll(&ready, 1, kLimitMs) == 1;
  }
  // The next line that a daemon wrote; empty: none came.
  std::string told() {
    std::string line;
    for (char c = 0; wait_readable(pipe_.get()) && ::read(pipe_.get(), &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  pid_t told_pid() { return daemon_ = std::atoi(told().c_str()); }
  int end_by(int signal) {
    ::kill(pid_, signal);
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    pid_ = -1;
    return status;
  }
  std::string log() const { return root_.text("run/gate41/log"); }

  Folder root_;
  pid_t pid_ = -1;
  pid_t daemon_ = -1;
  loop::Fd pipe_;
};

TEST_F(InitTest, StartsADaemonThatWasKilledAgain) {
  daemon("tell $$; last");
  start();
  const pid_t first = told_pid();
  ASSERT_GT(first, 0);
  ::kill(first, SIGKILL);
  const pid_t second = told_pid();
  EXPECT_GT(second, 0);
  EXPECT_NE(second, first);
  EXPECT_NE(log().find("gate41d was killed by signal 9"), std::string::npos) << log();
}

TEST_F(InitTest, HandsItsOwnLinesToTheDaemon) {
  daemon("tell $(dd bs=4096 count=9 2>/dev/null); last");
  start();
  EXPECT_NE(told().find("configuration: the configuration of the image"), std::string::npos);
}

TEST_F(InitTest, LetsTheDaemonSayGoodbye) {
  daemon("trap 'kill $!; tell goodbye; exit 0' TERM; sleep 1000 & tell ready; wait");
  start();
  ASSERT_EQ(told(), "ready");
  EXPECT_EQ(end_by(SIGTERM), 0);
  EXPECT_EQ(told(), "goodbye");
}

// proves: S20
TEST_F(InitTest, WaitsForNoDaemonThatDoesNotEnd) {
  daemon("trap '' TERM; tell $$; last");
  start();
  ASSERT_GT(told_pid(), 0);
  const loop::Fd process(static_cast<int>(::syscall(SYS_pidfd_open, daemon_, 0)));
  EXPECT_EQ(end_by(SIGTERM), 0);
  EXPECT_TRUE(wait_readable(process.get())) << "it still runs";
}

TEST_F(InitTest, GivesTheNextConfigurationToADaemonThatRefusesOne) {
  ASSERT_TRUE(loop::write_checked(root_.path() / "data", "gate41.yaml", "saved"));
  daemon("given=$(cat $2); tell $given; [ $given = shipped ] || { echo 'line 1: no'; exit 2; }; last");
  start();
  EXPECT_EQ(told(), "saved");
  EXPECT_EQ(told(), "shipped");
  EXPECT_NE(root_.text("run/gate41/init.status")
                .find("configuration\tbad\tthe configuration of the image; gate41d "
                      "refuses the configuration that was saved"),
            std::string::npos)
      << root_.text("run/gate41/init.status");
}

TEST_F(InitTest, TakesANewlySavedConfigurationOnSighup) {
  daemon("tell $(cat $2); last");
  start();
  EXPECT_EQ(told(), "shipped");
  ASSERT_TRUE(loop::write_checked(root_.path() / "data", "gate41.yaml", "saved"));
  ::kill(pid_, SIGHUP);
  EXPECT_EQ(told(), "saved");
}

TEST_F(InitTest, KeepsWhatTheDaemonSays) {
  daemon("[ ! -e $0.ran ] || { tell again; last; }; touch $0.ran; echo '<4>a warning' >&2; exit 1");
  start();
  EXPECT_EQ(told(), "again");
  EXPECT_NE(log().find(" gate41d: warning: a warning\n"), std::string::npos) << log();
  EXPECT_NE(log().find("ended with status 1: warning: a warning\n"), std::string::npos) << log();
}

TEST_F(InitTest, TellsWhereTheDaemonReports) {
  daemon("tell $NOTIFY_SOCKET $WATCHDOG_USEC; last");
  start();
  EXPECT_EQ(told(), (root_.path() / "run/gate41/notify").string() + " 30000000");
}

// Both are slow to load on a small machine.
TEST_F(InitTest, StartsConsolesOnceTheDaemonIsReady) {
  const loop::Fd terminal = add_terminal();
  program("usr/bin/gate41", "tell console; last");
  daemon(R"(tell ready; /usr/bin/python3 -c 'import os, socket
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])'; last)");
  start();
  EXPECT_EQ(told(), "ready");
  EXPECT_EQ(told(), "console");
}

TEST_F(InitTest, StartsConsolesWithoutADaemonTheSame) {
  const loop::Fd terminal = add_terminal();
  program("usr/bin/gate41", "tell console; last");
  daemon("tell daemon; exit 1");
  start();
  EXPECT_EQ(told(), "daemon");
  std::string line;
  while ((line = told()) == "daemon") {
  }
  EXPECT_EQ(line, "console");
}

}  // namespace
}  // namespace gate41::testing
