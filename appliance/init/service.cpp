#include "appliance/init/service.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace gate41::appliance {
namespace {

constexpr int kCannotExecute = 127;

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

// In the child: a session of its own, on its terminal or with its output in the pipe.
void set_descriptors(const Program& program, int output) {
  ::setsid();
  const int device = ::open(program.terminal.empty() ? "/dev/null" : program.terminal.c_str(), O_RDWR);
  if (!program.terminal.empty()) ::ioctl(device, TIOCSCTTY, 1);
  ::dup2(program.input >= 0 ? program.input : device, STDIN_FILENO);
  ::dup2(output >= 0 ? output : device, STDOUT_FILENO);
  ::dup2(output >= 0 ? output : device, STDERR_FILENO);
  for (int fd = STDERR_FILENO + 1; fd <= std::max(device, output); ++fd) ::close(fd);
}

void set_signals() {
  sigset_t none;
  sigemptyset(&none);
  std::signal(SIGPIPE, SIG_DFL);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

std::string how(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was killed by signal {}", WTERMSIG(status));
  if (WEXITSTATUS(status) == kCannotExecute) return "cannot be executed";
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

}  // namespace

Service::Service(loop::EventLoop& loop, Program program, OnLine on_line)
    : loop_(loop), program_(std::move(program)), on_line_(std::move(on_line)) {}

Service::~Service() { loop_.unwatch(output_.get()); }

void Service::start(TimePoint now) {
  started_ = now;
  start_at_.reset();
  last_line_.clear();
  std::array<int, 2> ends{-1, -1};
  if (program_.terminal.empty() && ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) ends = {-1, -1};
  const loop::Fd write_end(ends[1]);
  if (write_end) ::fcntl(write_end.get(), F_SETFL, 0);  // the mode is per end: its own writes may wait
  loop_.unwatch(output_.get());
  output_.reset(ends[0]);
  std::vector<char*> argv = pointers(program_.argv);
  std::vector<char*> environment = pointers(program_.environment);
  pid_ = ::fork();
  if (pid_ == 0) {
    set_descriptors(program_, write_end.get());
    set_signals();
    ::execve(argv.front(), argv.data(), environment.data());
    ::_exit(kCannotExecute);
  }
  if (pid_ < 0) start_at_ = now + backoff_.after(Duration());
  if (output_) loop_.watch(output_.get(), EPOLLIN, [this](uint32_t) { read_output(); });
}

void Service::signal(int number) const {
  if (running()) ::kill(pid_, number);
}

std::string Service::on_end(int status, TimePoint now) {
  read_output();
  if (const std::string rest = lines_.rest(); !rest.empty()) tell(rest);
  pid_ = -1;
  start_at_ = now + backoff_.after(now - started_);
  return how(status);
}

void Service::read_output() {
  std::array<char, 4096> bytes;
  ssize_t got = 0;
  while (output_ && (got = ::read(output_.get(), bytes.data(), bytes.size())) > 0)
    for (const std::string& line : lines_.add({bytes.data(), static_cast<std::size_t>(got)})) tell(line);
  if (got == 0) {
    loop_.unwatch(output_.get());
    output_.reset();
  }
}

void Service::tell(const std::string& line) {
  last_line_ = readable(line);
  on_line_(line);
}

}  // namespace gate41::appliance
