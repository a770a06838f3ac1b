// `gate41 console` on a terminal of the test's, opposite a real server.
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "control/setup/password.hpp"
#include "tests/unit/appliance/folder.hpp"
#include "tests/unit/tool/program.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kAllThatWait = 17;  // as many as the daemon's listen() has, and one

class ConsoleTest : public ::testing::Test {
 protected:
  ConsoleTest() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    ::grantpt(master_.get());
    ::unlockpt(master_.get());
    const winsize size{.ws_row = 25, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    ::ioctl(master_.get(), TIOCSWINSZ, &size);
    ::fcntl(master_.get(), F_SETFL, O_NONBLOCK);
  }
  ~ConsoleTest() override {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  // On the appliance whose data are in that folder; empty: on another machine.
  void start(const std::string& socket, const std::string& data = "") {
    if (!data.empty()) ::setenv("GATE41_APPLIANCE", data.c_str(), 1);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (int fd = 0; fd < 3; ++fd)
      ::posix_spawn_file_actions_addopen(&actions, fd, ::ptsname(master_.get()), O_RDWR | O_NOCTTY, 0);
    std::array<std::string, 4> words = {"gate41", "--socket", socket, "console"};
    std::array<char*, 5> argv = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    ASSERT_EQ(::posix_spawn(&pid_, GATE41_TOOL, &actions, nullptr, argv.data(), environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::unsetenv("GATE41_APPLIANCE");
  }
  // While the site's daemon does nothing.
  bool until_by_itself(const std::function<bool()>& reached) {
    const TimePoint limit = now() + kPatience;
    while (!reached()) {
      if (now() > limit) return false;
      pollfd ready{master_.get(), POLLIN, 0};
      ::poll(&ready, 1, 20);
    }
    return true;
  }
  bool shows_by_itself(const std::string& text) {
    return until_by_itself([&] { return has(text); });
  }
  void type(char key) { type(std::string(1, key)); }
  void type(const std::string& keys) {
    shown_.clear();
    ASSERT_EQ(::write(master_.get(), keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  bool shows(const std::string& text) {
    return site_.until([&] { return has(text); });
  }
  bool ends() {
    return site_.until([&] { return has_ended(); });
  }

  bool has(const std::string& text) {
    std::array<char, 4096> bytes;
    const ssize_t got = ::read(master_.get(), bytes.data(), bytes.size());
    if (got > 0) shown_.append(bytes.data(), static_cast<std::size_t>(got));
    return shown_.find(text) != std::string::npos;
  }

  // For how long the daemon is silent, as was shown last; 0: nothing of it.
  int seconds_shown() {
    constexpr std::string_view kBefore = "THE DAEMON DOES NOT ANSWER, for ";
    has("");
    const std::size_t at = shown_.rfind(kBefore);
    return at == std::string::npos ? 0 : std::atoi(shown_.c_str() + at + kBefore.size());
  }

  bool has_ended() {
    if (::waitpid(pid_, nullptr, WNOHANG) != pid_) return false;
    pid_ = -1;
    return true;
  }

  Site site_;
  loop::Fd master_;
  pid_t pid_ = -1;
  std::string shown_;
};

TEST_F(ConsoleTest, ShowsTheStatusAndEndsByAKey) {
  start(site_.path);
  EXPECT_TRUE(shows("gate41")) << shown_;
  EXPECT_TRUE(shows("q quit")) << shown_;
  type('q');
  EXPECT_TRUE(ends());
  EXPECT_TRUE(shows("\x1b[?25h")) << "the cursor stays hidden";
}

TEST_F(ConsoleTest, GoesOnWithoutADaemonAndSaysSo) {
  start("/nonexistent/gate41.sock");
  EXPECT_TRUE(shows("THE DAEMON DOES NOT ANSWER")) << shown_;
  EXPECT_TRUE(shows("no daemon at /nonexistent/gate41.sock")) << shown_;
}

TEST_F(ConsoleTest, SaysForHowLongADaemonIsSilentThatTakesItsQuestions) {
  start(site_.path);
  ASSERT_TRUE(until_by_itself([&] { return seconds_shown() > 0; })) << shown_;
  const int before = seconds_shown();
  EXPECT_TRUE(until_by_itself([&] { return seconds_shown() > before; })) << shown_;
}

TEST_F(ConsoleTest, ObeysItsKeysWhileTheDaemonIsSilent) {
  start(site_.path);
  ASSERT_TRUE(shows_by_itself("THE DAEMON DOES NOT ANSWER")) << shown_;
  type('q');
  EXPECT_TRUE(until_by_itself([&] { return has_ended(); }));
}

TEST_F(ConsoleTest, DoesNotWaitForAPlaceAmongTheClientsOfADaemonThatTakesNone) {
  std::vector<Peer> waiting;
  for (int i = 0; i < kAllThatWait; ++i) waiting.push_back(site_.connect());
  start(site_.path);
  EXPECT_TRUE(shows_by_itself("it does not look at its clients")) << shown_;
}

TEST_F(ConsoleTest, ShowsTheDoctorOnItsKey) {
  start(site_.path);
  ASSERT_TRUE(shows("q quit")) << shown_;
  type('d');
  EXPECT_TRUE(shows("q back")) << shown_;
}

class GuardedConsoleTest : public ConsoleTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(setup::PasswordFile(data_.path()).set("a secret word"));
    start(site_.path, data_.path());
    ASSERT_TRUE(shows("p power off")) << shown_;
  }
  void press(char key, const std::string& password) {
    type(key);
    ASSERT_TRUE(shows("password: ")) << shown_;
    type(password + '\r');
  }
  Folder data_;
};

// proves: S74
TEST_F(GuardedConsoleTest, ObeysWhoKnowsThePassword) {
  press('l', "a secret word");
  EXPECT_TRUE(shows("q back")) << shown_;
  EXPECT_THAT(shown_, Not(HasSubstr("secret")));
}

TEST_F(GuardedConsoleTest, RefusesWhoDoesNotForAWhile) {
  press('l', "a secret work");
  EXPECT_TRUE(shows("wrong password; the next try is in")) << shown_;
  type('l');
  EXPECT_TRUE(shows("p power off")) << shown_;
  EXPECT_THAT(shown_, Not(HasSubstr("password: ")));
}

TEST_F(GuardedConsoleTest, ShowsTheDoctorToEverybody) {
  type('d');
  EXPECT_TRUE(shows("q back")) << shown_;
}

TEST_F(GuardedConsoleTest, AsksAgainForTheNextKey) {
  press('l', "a secret word");
  ASSERT_TRUE(shows("q back")) << shown_;
  type('p');
  EXPECT_TRUE(shows("password: ")) << shown_;
}

TEST_F(GuardedConsoleTest, GoesOnWhenNothingIsTyped) {
  press('s', "");
  EXPECT_TRUE(shows("p power off")) << shown_;
  EXPECT_THAT(shown_, Not(HasSubstr("wrong")));
}

TEST_F(ConsoleTest, AsksNobodyWhereNoPasswordIsSet) {
  const Folder data;
  start(site_.path, data.path());
  ASSERT_TRUE(shows("p power off")) << shown_;
  type('l');
  EXPECT_TRUE(shows("q back")) << shown_;
}

TEST(ConsoleWithoutTerminalTest, SaysWhatToUseInstead) {
  Site site;
  Program program({"--socket", site.path, "console"});
  run(site, program);
  EXPECT_EQ(program.exit_code(), 2);
  EXPECT_THAT(program.errors(), HasSubstr("a terminal is needed"));
}

}  // namespace
}  // namespace gate41::testing
