#include "control/loop/spawn.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/loop/errno_text.hpp"

namespace gate41::loop {
namespace {

constexpr unsigned kNobody = 65534;
constexpr std::size_t kStackBytes = 64 * 1024;
constexpr int kExtraDescriptor = 3;

struct Program {
  const std::vector<char*>& argv;
  int input;
  int output;
  int extra;
  int error = 0;  // written by the child, in our memory
};

// Raw system calls: the C library's would change every thread of the process, and the child has none of its
// own.
bool become_nobody() {
  if (::geteuid() != 0) return true;
  return ::syscall(SYS_setgroups, 0, nullptr) == 0 &&
         ::syscall(SYS_setresgid, kNobody, kNobody, kNobody) == 0 &&
         ::syscall(SYS_setresuid, kNobody, kNobody, kNobody) == 0;
}

// A copy onto itself keeps close-on-exec, so `extra` takes a detour.
bool set_descriptors(const Program& program) {
  if (::dup2(program.input, STDIN_FILENO) < 0 || ::dup2(program.output, STDOUT_FILENO) < 0) return false;
  if (program.extra < 0) return ::syscall(SYS_close_range, 3U, ~0U, 0U) == 0;
  const int copy = ::dup(program.extra);
  return copy >= 0 && ::dup2(copy, kExtraDescriptor) >= 0 &&
         ::syscall(SYS_close_range, kExtraDescriptor + 1U, ~0U, 0U) == 0;
}

// Handlers go with exec; what is ignored stays ignored (by us, by nohup), and the mask stays.
bool set_signals() {
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_DFL);  // some refuse, and need it not
  return ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
}

// The child until exec, in the parent's memory: no allocation, no locks.
__attribute__((no_sanitize("address", "undefined"))) int run(void* argument) {
  auto& program = *static_cast<Program*>(argument);
  static char path[] = "PATH=/usr/bin:/bin";
  char* const environment[] = {path, nullptr};
  ::setsid();
  // The death signal comes after the change of user, which clears it.
  if (set_descriptors(program) && become_nobody() && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
      ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && set_signals())
    ::execve(program.argv.front(), program.argv.data(), environment);
  program.error = errno;
  ::_exit(127);
}

int clone_and_run(Program& program) {
  std::vector<char> stack(kStackBytes);
  int pidfd = -1;
  // No handler may run in the child while it shares our memory.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const int pid = ::clone(run, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD,
                          &program, &pidfd);
  if (pid < 0) program.error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return pid < 0 ? -1 : pidfd;
}

}  // namespace

Result<Fd> spawn_unprivileged(const std::vector<std::string>& argv, int output, int extra) {
  std::vector<std::string> copies = argv;
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& word : copies) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const Fd input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Program program{pointers, input.get(), output, extra};
  Fd process(clone_and_run(program));
  if (program.error == 0) return process;
  siginfo_t info{};
  if (process) ::waitid(P_PIDFD, static_cast<id_t>(process.get()), &info, WEXITED);
  return fail(argv.front() + ": cannot be started: " + errno_text(program.error));
}

}  // namespace gate41::loop
