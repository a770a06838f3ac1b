// Service: a program that is kept running. Whoever reaps children tells it when it ended; it says when it is
// to be started again.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "appliance/init/backoff.hpp"
#include "appliance/init/lines.hpp"
#include "control/loop/event_loop.hpp"
#include "control/loop/fd.hpp"

namespace gate41::appliance {

struct Program {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // NAME=VALUE, all of it
  std::string terminal;                  // that it runs on; empty: its output goes to OnLine, line by line
  int input = -1;                        // where it has no terminal: what it reads; -1: nothing
};

class Service {
 public:
  using OnLine = std::function<void(const std::string& line)>;

  // `loop` outlives the object.
  Service(loop::EventLoop& loop, Program program, OnLine on_line);
  ~Service();  // leaves the program running
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  void start(TimePoint now);
  void signal(int number) const;
  // It is to be started now, or then, instead of after the pause.
  void hurry() { start_at_ = TimePoint(); }
  void postpone(TimePoint until) { start_at_ = until; }
  // How it ended, from waitpid(2): "ended with status 1", "was killed by signal 9".
  std::string on_end(int status, TimePoint now);

  [[nodiscard]] bool running() const { return pid_ > 0; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::optional<TimePoint> start_at() const { return start_at_; }
  // The last thing that it said.
  [[nodiscard]] const std::string& last_line() const { return last_line_; }

 private:
  void read_output();
  void tell(const std::string& line);

  loop::EventLoop& loop_;
  Program program_;
  OnLine on_line_;
  Backoff backoff_;
  Lines lines_;
  std::string last_line_;
  loop::Fd output_;
  pid_t pid_ = -1;
  TimePoint started_;
  std::optional<TimePoint> start_at_ = TimePoint();
};

}  // namespace gate41::appliance
