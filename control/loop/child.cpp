#include "control/loop/child.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "control/loop/errno_text.hpp"
#include "control/loop/spawn.hpp"

namespace gate41::loop {
namespace {

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string how_it_ended(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return fmt::format("ended with status {}", info.si_status);
  return fmt::format("was killed by signal {}", info.si_status);
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(EventLoop& loop, const std::vector<std::string>& argv,
                                            Duration limit, OnEnd on_end, int extra) {
  if (argv.empty()) return fail("a program without a name cannot be started");
  std::unique_ptr<Child> child(new Child(loop, base_name(argv.front()), std::move(on_end)));
  if (const auto armed = child->arm(limit); !armed) return tl::unexpected(armed.error());
  if (const auto spawned = child->spawn(argv, extra); !spawned) return tl::unexpected(spawned.error());
  Child* const self = child.get();
  loop.watch(self->pipe_.get(), EPOLLIN, [self](uint32_t) { self->on_output(); });
  loop.watch(self->process_.get(), EPOLLIN, [self](uint32_t) { self->on_exit(); });
  loop.watch(self->timer_.get(), EPOLLIN,
             [self](uint32_t) { self->finish(fail(self->name_ + ": no answer in time")); });
  return child;
}

Child::Child(EventLoop& loop, std::string name, OnEnd on_end)
    : loop_(loop), name_(std::move(name)), on_end_(std::move(on_end)) {}

Child::~Child() { stop(); }

Result<void> Child::arm(Duration limit) {
  timer_ = Fd(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
  itimerspec when{};
  when.it_value.tv_sec = seconds.count();
  when.it_value.tv_nsec = std::max<int64_t>((limit - seconds).count(), 1);  // 0 would disarm it
  if (!timer_ || ::timerfd_settime(timer_.get(), 0, &when, nullptr) != 0)
    return fail(name_ + ": " + errno_text());
  return {};
}

Result<void> Child::spawn(const std::vector<std::string>& argv, int extra) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) != 0) return fail(name_ + ": " + errno_text());
  pipe_ = Fd(ends[0]);
  const Fd output(ends[1]);
  // The pipe's mode is per end: the program's own writes may wait.
  ::fcntl(output.get(), F_SETFL, 0);
  Result<Fd> process = spawn_unprivileged(argv, output.get(), extra);
  if (!process) return tl::unexpected(process.error());
  process_ = std::move(*process);
  process_running_ = true;
  return {};
}

void Child::on_output() {
  std::array<char, 1024> buffer;
  const ssize_t n = ::read(pipe_.get(), buffer.data(), buffer.size());
  if (n == 0) return loop_.unwatch(pipe_.get());  // what it says next is its exit status
  if (n < 0) return;
  output_.append(buffer.data(), static_cast<std::size_t>(n));
  if (output_.size() > kMaxOutput)
    finish(fail(fmt::format("{}: says more than {} bytes", name_, kMaxOutput)));
}

void Child::on_exit() {
  std::array<char, kMaxOutput> rest;
  const ssize_t n = ::read(pipe_.get(), rest.data(), rest.size());
  if (n > 0) output_.append(rest.data(), static_cast<std::size_t>(n));
  siginfo_t info{};
  if (::waitid(P_PIDFD, static_cast<id_t>(process_.get()), &info, WEXITED) != 0)
    return finish(fail(name_ + ": " + errno_text()));
  process_running_ = false;
  std::string line = output_.substr(0, output_.find('\n'));
  if (info.si_code == CLD_EXITED && info.si_status == 0 && !line.empty()) return finish(std::move(line));
  finish(fail(name_ + ": " + (line.empty() ? how_it_ended(info) + " and said nothing" : line)));
}

void Child::finish(Result<std::string> result) {
  stop();
  const OnEnd on_end = std::move(on_end_);
  on_end(std::move(result));  // may destroy this
}

void Child::stop() {
  for (const Fd* fd : {&pipe_, &process_, &timer_}) loop_.unwatch(fd->get());
  if (std::exchange(process_running_, false)) {
    ::syscall(SYS_pidfd_send_signal, process_.get(), SIGKILL, nullptr, 0);
    siginfo_t info{};
    ::waitid(P_PIDFD, static_cast<id_t>(process_.get()), &info, WEXITED);
  }
  for (Fd* fd : {&pipe_, &process_, &timer_}) fd->reset();
}

}  // namespace gate41::loop
