#include "control/loop/stop_signals.hpp"

#include <csignal>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

#include "control/loop/errno_text.hpp"

namespace gate41::loop {

Result<std::unique_ptr<StopSignals>> StopSignals::watch(EventLoop& loop, OnSignal on_signal) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &set, nullptr))
    return fail("signals: " + errno_text(error));
  std::signal(SIGPIPE, SIG_IGN);
  Fd fd(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!fd) return fail("signals: " + errno_text() + "; raise the limit of open files (LimitNOFILE)");
  return std::unique_ptr<StopSignals>(new StopSignals(loop, std::move(fd), std::move(on_signal)));
}

StopSignals::StopSignals(EventLoop& loop, Fd fd, OnSignal on_signal)
    : loop_(loop), fd_(std::move(fd)), on_signal_(std::move(on_signal)) {
  loop_.watch(fd_.get(), EPOLLIN, [this](uint32_t) { on_readable(); });
}

StopSignals::~StopSignals() { loop_.unwatch(fd_.get()); }

// One signal a turn: the callback may end this object.
void StopSignals::on_readable() {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) == sizeof info) on_signal_(static_cast<int>(info.ssi_signo));
}

}  // namespace gate41::loop
