// Connection: one client's socket as lines in and lines out. Never blocks; input is bounded by the longest
// request, output by `max_unsent`. Knows nothing of commands. Control thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "control/loop/fd.hpp"

namespace gate41::op {

class Connection {
 public:
  Connection(loop::Fd fd, std::size_t max_unsent) : fd_(std::move(fd)), max_unsent_(max_unsent) {}
  int fd() const noexcept { return fd_.get(); }

  // Takes what has arrived, at most one buffer full; a descriptor that came along waits in take_descriptor().
  void receive();
  // The next whole line. The end of input ends the last one as well.
  std::optional<std::string> next_line();
  bool line_waits() const noexcept;
  bool too_long() const noexcept;
  loop::Fd take_descriptor() { return std::move(descriptor_); }

  // Appends a line end. False: the output is full, the line was not taken.
  bool send(std::string_view line);
  // As send(), for the one line that says why the connection ends: taken although the output is full.
  void send_last(std::string_view line);
  // Writes what the socket takes.
  void flush();
  std::size_t unsent() const noexcept { return output_.size() - sent_; }

  bool wants_input() const noexcept;
  bool input_ended() const noexcept { return input_ended_; }
  bool closing() const noexcept { return closing_; }
  bool broken() const noexcept { return broken_; }  // nobody is there to write to

 private:
  loop::Fd fd_;
  std::size_t max_unsent_;  // bytes
  loop::Fd descriptor_;
  std::string input_;
  std::string output_;
  std::size_t sent_ = 0;  // of output_
  bool input_ended_ = false;
  bool closing_ = false;
  bool broken_ = false;
};

}  // namespace gate41::op
