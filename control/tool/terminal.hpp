// Terminal: the one that the tool runs on, with keys as they are typed and the cursor hidden. As it was
// before when it ends.
#pragma once

#include <string>
#include <termios.h>
#include <unistd.h>

#include "control/tool/painter.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::tool {

class Terminal {
 public:
  static constexpr int kNoKey = -1;
  static constexpr int kGone = -2;  // it hung up

  static Result<Terminal> open();
  Terminal(Terminal&& other) noexcept;
  Terminal& operator=(Terminal&&) = delete;
  ~Terminal();

  [[nodiscard]] ScreenSize size() const;
  void write(const std::string& bytes) const;
  // The next key, a byte; kNoKey: none within `limit`, or before `other`, if any, was readable. Of a key that
  // sends several bytes (arrows) nothing.
  [[nodiscard]] int key(std::chrono::milliseconds limit, int other = -1) const;
  // A line that is not shown as it is typed, below all rows; empty: none within `limit`.
  [[nodiscard]] std::string secret_line(const std::string& question, std::chrono::milliseconds limit) const;
  // For another program on it; and back.
  void leave() const;
  void enter() const;

 private:
  void set_mode(const termios& mode) const { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode); }
  explicit Terminal(const termios& before) : before_(before) {}
  termios before_;
  bool ours_ = true;
};

}  // namespace gate41::tool
