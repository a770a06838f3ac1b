#include "control/tool/terminal.hpp"

#include <array>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace gate41::tool {

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
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
  write("\x1b[?25l\x1b[?7l");
}

void Terminal::leave() const {
  write("\x1b[?7h\x1b[?25h\x1b[2J\x1b[H");
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
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

int Terminal::key(std::chrono::milliseconds limit) const {
  pollfd ready{STDIN_FILENO, POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return kNoKey;
  std::array<char, 64> bytes;
  const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (got <= 0) return kGone;
  return got > 1 && bytes[0] == '\x1b' ? kNoKey : static_cast<unsigned char>(bytes[0]);
}

}  // namespace gate41::tool
