// StopSignals: SIGTERM, SIGINT and SIGHUP as events of the loop; SIGPIPE is ignored. Create it before any
// thread starts (before EAL): threads inherit the mask, and one without it would die of the signal.
#pragma once

#include <functional>
#include <memory>

#include "control/loop/event_loop.hpp"
#include "control/loop/fd.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

class StopSignals {
 public:
  // SIGTERM, SIGINT (stop) or SIGHUP (reload).
  using OnSignal = std::function<void(int signal)>;

  // `loop` outlives the object.
  static Result<std::unique_ptr<StopSignals>> watch(EventLoop& loop, OnSignal on_signal);
  ~StopSignals();  // the signals stay blocked
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  StopSignals(EventLoop& loop, Fd fd, OnSignal on_signal);
  void on_readable();
  EventLoop& loop_;
  Fd fd_;
  OnSignal on_signal_;
};

}  // namespace gate41::loop
