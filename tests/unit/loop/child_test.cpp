#include "control/loop/child.hpp"

#include <fcntl.h>
#include <optional>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

class ChildTest : public ::testing::Test {
 protected:
  // Whatever a test left would be a zombie here.
  void TearDown() override { EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left"; }

  std::unique_ptr<loop::Child> start(const std::string& script, Duration limit = kLimit) {
    auto child = loop::Child::start(*loop_, {"/bin/sh", "-c", script}, limit,
                                    [this](Result<std::string> result) { result_ = std::move(result); });
    EXPECT_TRUE(child) << child.error().message;
    return std::move(*child);
  }
  Result<std::string> run(const std::string& script, Duration limit = kLimit) {
    const auto child = start(script, limit);
    EXPECT_TRUE(turn_until(*loop_, [this] { return result_.has_value(); }));
    return result_.value_or(fail("no end"));
  }
  std::string error_of(const std::string& script, Duration limit = kLimit) {
    const auto result = run(script, limit);
    return result ? "no error: " + *result : result.error().message;
  }

  std::unique_ptr<loop::EventLoop> loop_ = loop::EventLoop::create().value();
  std::optional<Result<std::string>> result_;
};

TEST_F(ChildTest, GivesTheLineOfItsOutput) { EXPECT_EQ(run("echo 11.0.0.7").value(), "11.0.0.7"); }

TEST_F(ChildTest, GivesTheFirstOfSeveralLines) { EXPECT_EQ(run("echo one; echo two").value(), "one"); }

TEST_F(ChildTest, GivesALineThatComesInParts) {
  EXPECT_EQ(run("printf 11.0; printf .0.7; exec >&-; exit 0").value(), "11.0.0.7");
}

TEST_F(ChildTest, ReportsWhatWasSaidByOneThatFails) {
  EXPECT_EQ(error_of("echo no answer from ip1.example; exit 3"), "sh: no answer from ip1.example");
}

TEST_F(ChildTest, ReportsTheStatusOfOneThatFailsInSilence) {
  EXPECT_EQ(error_of("exit 3"), "sh: ended with status 3 and said nothing");
}

// What the daemon may open and nobody may not: written, then read by the child's descriptor 3.
class ChildsDescriptor : public ChildTest, public ::testing::WithParamInterface<int> {};

TEST_P(ChildsDescriptor, IsTheOneThatItIsGiven) {
  const loop::Fd file(::memfd_create("secret", MFD_CLOEXEC));
  ASSERT_EQ(::pwrite(file.get(), "user:word", 9, 0), 9);
  const loop::Fd place(::fcntl(file.get(), F_DUPFD_CLOEXEC, GetParam()));
  auto child = loop::Child::start(
      *loop_, {"/bin/sh", "-c", "cat <&3; test -e /proc/$$/fd/4 && echo more"}, kLimit,
      [this](Result<std::string> result) { result_ = std::move(result); }, place.get());
  ASSERT_TRUE(child) << child.error().message;
  ASSERT_TRUE(turn_until(*loop_, [this] { return result_.has_value(); }));
  ASSERT_FALSE(*result_);
  EXPECT_EQ(result_->error().message, "sh: user:word");  // `test` ends with 1
}

INSTANTIATE_TEST_SUITE_P(FromAnyPlace, ChildsDescriptor, ::testing::Values(3, 4, 200));

TEST_F(ChildTest, ReportsACrash) {
  EXPECT_EQ(error_of("kill -SEGV $$"), "sh: was killed by signal 11 and said nothing");
}

TEST_F(ChildTest, ReportsSilence) {
  EXPECT_EQ(error_of("exit 0"), "sh: ended with status 0 and said nothing");
}

TEST_F(ChildTest, KillsAProgramThatIsTooSlow) {
  EXPECT_EQ(error_of("exec /bin/sleep 1000", std::chrono::milliseconds(20)), "sh: no answer in time");
}

TEST_F(ChildTest, KillsAProgramThatSaysTooMuch) {
  EXPECT_EQ(error_of("while :; do echo 0123456789012345678901234567890; done"),
            "sh: says more than 4096 bytes");
}

TEST_F(ChildTest, FailsToStartAProgramThatIsNotThere) {
  const auto child =
      loop::Child::start(*loop_, {"/no/such/program"}, kLimit, [](const Result<std::string>&) { FAIL(); });
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().message, "/no/such/program: cannot be started: No such file or directory");
}

TEST_F(ChildTest, IsKilledWithItsObject) {
  start("echo early; exec /bin/sleep 1000").reset();
  loop_->turn(now());
  EXPECT_FALSE(result_.has_value());
}

TEST_F(ChildTest, MayBeDestroyedByItsCallback) {
  std::unique_ptr<loop::Child> child;
  bool ended = false;
  child = loop::Child::start(*loop_, {"/bin/echo", "x"}, kLimit, [&](const Result<std::string>&) {
            child.reset();
            ended = true;
          }).value();
  EXPECT_TRUE(turn_until(*loop_, [&] { return ended; }));
}

TEST_F(ChildTest, RunsAsNobodyWhenTheDaemonIsRoot) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  EXPECT_EQ(run("echo $(id -u) $(id -g) $(id -G)").value(), "65534 65534 65534");
}

TEST_F(ChildTest, CannotGainPrivileges) {
  EXPECT_EQ(run("grep -E '^(NoNewPrivs)' /proc/self/status | tr -d '\\t'").value(), "NoNewPrivs:1");
}

TEST_F(ChildTest, HasNoDescriptorsOfOurs) {
  const loop::Fd inherited(::fcntl(STDERR_FILENO, F_DUPFD, 100));  // without close-on-exec
  ASSERT_EQ(inherited.get(), 100);
  EXPECT_EQ(run("test -e /proc/$$/fd/100 && echo open || echo closed").value(), "closed");
}

TEST_F(ChildTest, HasNothingInItsEnvironmentButAPath) {
  ::setenv("GATE41_SECRET", "x", 1);
  EXPECT_EQ(run("exec /usr/bin/env").value(), "PATH=/usr/bin:/bin");
  ::unsetenv("GATE41_SECRET");
}

TEST_F(ChildTest, StartsWithNoSignalBlockedOrIgnored) {
  sigset_t term;
  sigset_t before;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &term, &before);
  const auto hangup = ::signal(SIGHUP, SIG_IGN);  // as nohup does
  EXPECT_EQ(run("grep -E '^Sig(Blk|Ign)' /proc/self/status | tr '\\t\\n' '  '").value(),
            "SigBlk: 0000000000000000 SigIgn: 0000000000000000 ");
  ::signal(SIGHUP, hangup);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
}  // namespace gate41::testing
