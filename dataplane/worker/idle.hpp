// IdlePolicy: when a worker that finds nothing to do rests, and how long (design §8). Pure: time is an
// argument.
//
// About a thousand empty polls, or a millisecond of them where a poll is slow (an emulated machine, a clock
// that has to be asked for), keep the latency of a busy gateway; then naps double from 10 to 250 us, which
// a receive queue of 1024 survives at the onset of a burst, and which keep interrupts rare while packets come
// at all. Then, where every device can interrupt, the worker waits for that: nearly all of the time that
// nothing comes. Elsewhere naps grow with the silence, to 5 ms: a packet waits for less than a two hundredth
// of the pause before it. Work found starts it all over.
//
// Some devices take the wish for interrupts and never interrupt. Frames that nobody was woken for tell of
// that; a few times without an interrupt in between, and the worker naps from then on.
#pragma once

#include <chrono>
#include <cstdint>

#include "dataplane/base/clock.hpp"
#include "dataplane/port/idle_mode.hpp"

namespace gate41 {

enum class Waking : uint8_t { time_out, bell, interrupt };

// Zero = poll again at once.
struct Rest {
  Duration length{0};
  bool armed = false;  // until a device interrupts, and `length` only in case it never does
};

class IdlePolicy {
 public:
  static constexpr unsigned kEmptyPolls = 1000;
  static constexpr Duration kLongestSpin = std::chrono::milliseconds(1);
  static constexpr Duration kFirstNap = std::chrono::microseconds(10);
  static constexpr Duration kLongestShortNap = std::chrono::microseconds(250);
  static constexpr Duration kLongestNap = std::chrono::milliseconds(5);
  static constexpr int kNapsOfASilence = 256;  // a nap is so small a part of it
  static constexpr Duration kLongestWait = std::chrono::seconds(1);
  // Until an interrupt has come: none may ever.
  static constexpr Duration kFirstWait = std::chrono::milliseconds(250);
  static constexpr unsigned kMissedInterrupts = 3;
  // In a row. One after the other, they would cost more than naps; a few are of frames that were seen before.
  static constexpr unsigned kEmptyInterrupts = 100;

  explicit IdlePolicy(IdleMode mode) noexcept : mode_(mode) {}

  // After each turn of the loop.
  [[nodiscard]] Rest after_turn(bool found_work, TimePoint now) noexcept;
  // After each armed rest, before the next turn: what ended it.
  void after_wait(Waking waking) noexcept;
  // It naps where it was to wait for interrupts, since none came, or too many for nothing.
  [[nodiscard]] bool gave_up_waiting() const noexcept {
    return missed_interrupts_ >= kMissedInterrupts || empty_interrupts_ >= kEmptyInterrupts;
  }

 private:
  void judge_interrupts(bool found_work) noexcept;

  IdleMode mode_;
  unsigned empty_polls_ = 0;
  Duration nap_{0};
  TimePoint last_work_{};
  bool overslept_ = false;    // nothing ended the wait that has just been
  bool interrupted_ = false;  // that ended it
  unsigned missed_interrupts_ = 0;
  unsigned empty_interrupts_ = 0;
  bool interrupts_ = false;  // one has come
};

}  // namespace gate41
