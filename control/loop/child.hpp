// Child: a helper program (gate41-fetch) that runs once and answers with one line on its standard output. It
// runs as nobody when the daemon is root, in the control thread's network namespace, with no_new_privs, an
// empty environment but PATH, no descriptor but 0 (/dev/null), 1 (to us), 2 (ours: its complaints are in the
// log), and 3 if it is given one. Control thread; needs nobody's attention but the loop's.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "control/loop/event_loop.hpp"
#include "control/loop/fd.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

class Child {
 public:
  static constexpr std::size_t kMaxOutput = 4096;

  // The line without its newline; or why there is none: not exit status 0 (the line, if there is one, is the
  // reason), killed, too slow, too much output. Called once, from the loop; it may destroy the Child.
  using OnEnd = std::function<void(Result<std::string>)>;

  // argv[0] is the program's path; the program's descriptor 3 is a copy of `extra`, -1 = none. Fails when it
  // can't be executed.
  static Result<std::unique_ptr<Child>> start(EventLoop& loop, const std::vector<std::string>& argv,
                                              Duration limit, OnEnd on_end, int extra = -1);
  // A child that still runs is killed, and OnEnd isn't called.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  Child(EventLoop& loop, std::string name, OnEnd on_end);
  Result<void> spawn(const std::vector<std::string>& argv, int extra);
  Result<void> arm(Duration limit);
  void on_output();
  void on_exit();
  void finish(Result<std::string> result);
  void stop();

  EventLoop& loop_;
  std::string name_;
  OnEnd on_end_;
  std::string output_;
  Fd pipe_;
  Fd process_;  // pidfd
  bool process_running_ = false;
  Fd timer_;
};

}  // namespace gate41::loop
