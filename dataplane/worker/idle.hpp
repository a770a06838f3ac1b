// IdlePolicy: when a worker that finds nothing to do naps, and how long (design §8). Pure: time is an
// argument.
//
// Adaptive: about a thousand empty polls keep the latency of a busy gateway; then naps double from 10 to 250
// us, which a receive queue of 1024 survives at the onset of a burst; after a second of silence up to 1 ms,
// which costs about 2.5 % of a core. Work found starts it all over.
#pragma once

#include <chrono>
#include <cstdint>

#include "dataplane/base/clock.hpp"

namespace gate41 {

class IdlePolicy {
 public:
  static constexpr unsigned kEmptyPolls = 1000;
  static constexpr Duration kFirstNap = std::chrono::microseconds(10);
  static constexpr Duration kLongestNap = std::chrono::microseconds(250);
  static constexpr Duration kLongestNapInSilence = std::chrono::milliseconds(1);
  static constexpr Duration kSilence = std::chrono::seconds(1);

  explicit IdlePolicy(bool may_nap) noexcept : may_nap_(may_nap) {}

  // After each turn of the loop: how long to nap now; zero = poll again at once.
  [[nodiscard]] Duration after_turn(bool found_work, TimePoint now) noexcept;

 private:
  bool may_nap_;
  unsigned empty_polls_ = 0;
  Duration nap_{0};
  TimePoint last_work_{};
};

}  // namespace gate41
