#include "control/tool/terminal.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <utility>

namespace gate41::tool {
namespace {

constexpr std::size_t kLongestLine = 4096;  // the kernel's

// Without its end.
std::string typed_line(std::chrono::milliseconds limit) {
  pollfd ready{STDIN_FILENO, POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return "";
  std::string line(kLongestLine, '\0');
  const ssize_t got = ::read(STDIN_FILENO, line.data(), line.size());
  line.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return line.substr(0, line.find('\n'));
}

}  // namespace

Result<Terminal> Terminal::open() {
  termios before{};
  if (::isatty(STDOUT_FILENO) != 1 || ::tcgetattr(STDIN_FILENO, &before) != 0)
    return fail("a terminal is needed; without one: gate41 status");
  Terminal terminal(before);
  terminal.enter();
  return terminal;
}

Terminal::Terminal(Terminal&& other) noexcept
    : before_(other.before_), ours_(std::exchange(other.ours_, false)) {}

Terminal::~Terminal() {
  if (ours_) leave();
}

// Lines don't go on at their end by themselves: one too long would move all below it.
void Terminal::enter() const {
  termios raw = before_;
  ::cfmakeraw(&raw);
  set_mode(raw);
  write("\x1b[?25l\x1b[?7l");
}

void Terminal::leave() const {
  write("\x1b[?7h\x1b[?25h\x1b[2J\x1b[H");
  set_mode(before_);
}

// A serial line does not know; most ends of one have this many.
ScreenSize Terminal::size() const {
  winsize found{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &found) != 0 || found.ws_col == 0 || found.ws_row == 0)
    return {.columns = 80, .rows = 24};
  return {.columns = found.ws_col, .rows = found.ws_row};
}

void Terminal::write(const std::string& bytes) const {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n = ::write(STDOUT_FILENO, bytes.data() + sent, bytes.size() - sent);
    if (n <= 0) return;
    sent += static_cast<std::size_t>(n);
  }
}

int Terminal::key(std::chrono::milliseconds limit, int other) const {
  std::array<pollfd, 2> ready{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{other, POLLIN, 0}};
  if (::poll(ready.data(), ready.size(), static_cast<int>(limit.count())) <= 0) return kNoKey;
  if (ready[0].revents == 0) return kNoKey;
  std::array<char, 64> bytes;
  const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (got <= 0) return kGone;
  return got > 1 && bytes[0] == '\x1b' ? kNoKey : static_cast<unsigned char>(bytes[0]);
}

// The kernel does the editing.
std::string Terminal::secret_line(const std::string& question, std::chrono::milliseconds limit) const {
  termios hidden = before_;
  hidden.c_iflag |= static_cast<tcflag_t>(ICRNL);
  hidden.c_lflag |= static_cast<tcflag_t>(ICANON);
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ISIG);
  set_mode(hidden);
  write(fmt::format("\x1b[{};1H\x1b[K{}\x1b[?25h", size().rows, question));
  std::string line = typed_line(limit);
  enter();
  return line;
}

}  // namespace gate41::tool
