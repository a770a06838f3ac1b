// Backoff: how long a program that ended stays down before it is started again. Pure.
#pragma once

#include <algorithm>

#include "dataplane/base/clock.hpp"

namespace gate41::appliance {

class Backoff {
 public:
  static constexpr Duration kFirst = std::chrono::milliseconds(100);
  static constexpr Duration kMost = std::chrono::seconds(30);
  // Who ran as long as this has not failed to start: its next pause is the first one again.
  static constexpr Duration kSteady = std::chrono::seconds(60);

  // The pause after a run of this length: each twice the one before, up to kMost.
  Duration after(Duration ran) noexcept {
    const Duration pause = ran >= kSteady ? kFirst : next_;
    next_ = std::min(pause * 2, kMost);
    return pause;
  }

 private:
  Duration next_ = kFirst;
};

}  // namespace gate41::appliance
