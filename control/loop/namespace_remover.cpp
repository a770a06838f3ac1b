#include "control/loop/namespace_remover.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "control/loop/errno_text.hpp"
#include "control/loop/privileges.hpp"
#include "dataplane/base/log.hpp"

namespace gate41::loop {
namespace {

// Nothing of the daemon's stays open, or its ports, its sockets and the reader of its log would wait for us.
bool close_all_but(int kept) {
  const int null = ::open("/dev/null", O_RDWR);
  if (null < 0) return false;
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::dup2(null, fd) < 0) return false;
  const auto fd = static_cast<unsigned>(kept);
  return (fd <= 3 || ::close_range(3, fd - 1, 0) == 0) && ::close_range(fd + 1, ~0U, 0) == 0;
}

// Signals are for the daemon: a stop of the whole group would end this one too early.
void ignore_signals() {
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  ::setsid();
}

// The process. Answers with the errno, 0 = done.
[[noreturn]] void serve(int fd, const std::string& path) {
  ignore_signals();
  ::prctl(PR_SET_NAME, "gate41-netns", 0, 0, 0);
  if (!close_all_but(fd) || !limit_thread_capabilities(uint64_t{1} << CAP_SYS_ADMIN)) ::_exit(1);
  char request = 0;
  if (::read(fd, &request, 1) != 1) ::_exit(0);  // the daemon has died
  const bool done = ::umount2(path.c_str(), MNT_DETACH) == 0 && ::unlink(path.c_str()) == 0;
  const int error = done ? 0 : errno;
  ::_exit(::write(fd, &error, sizeof error) == sizeof error ? 0 : 1);
}

}  // namespace

Result<NamespaceRemover> NamespaceRemover::start(const std::string& path) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return fail("namespace: " + errno_text());
  Fd ours(ends[0]);
  const Fd theirs(ends[1]);
  const pid_t process = ::fork();
  if (process < 0) return fail("namespace: the process that removes it cannot be started: " + errno_text());
  if (process == 0) serve(theirs.get(), path);
  return NamespaceRemover(std::move(ours), process, path);
}

void NamespaceRemover::remove() {
  int error = ETIMEDOUT;
  const char request = 'r';
  pollfd answer{request_.get(), POLLIN, 0};
  if (::send(request_.get(), &request, 1, MSG_NOSIGNAL) != 1)
    error = errno;
  else if (::poll(&answer, 1, static_cast<int>(kLimit / std::chrono::milliseconds(1))) > 0 &&
           ::recv(request_.get(), &error, sizeof error, 0) != sizeof error)
    error = EPIPE;
  if (error != 0)
    log_warning("namespace: {} stays: {}; remove it with `ip netns delete`", path_, errno_text(error));
  if (error != ETIMEDOUT) ::waitpid(process_, nullptr, 0);
}

}  // namespace gate41::loop
