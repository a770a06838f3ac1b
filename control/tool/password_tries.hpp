// PasswordTries: how soon a password may be tried again. Pure.
#pragma once

#include <algorithm>

#include "dataplane/base/clock.hpp"

namespace gate41::tool {

class PasswordTries {
 public:
  static constexpr std::chrono::seconds kFirst{2};
  static constexpr std::chrono::seconds kMost{60};

  // After each wrong one twice as long as before, up to kMost, until a right one.
  void wrong(TimePoint now) {
    next_ = now + pause_;
    pause_ = std::min(pause_ * 2, kMost);
  }
  void right() { pause_ = kFirst; }
  // From now on; 0: at once.
  [[nodiscard]] std::chrono::seconds wait(TimePoint now) const {
    return now < next_ ? std::chrono::ceil<std::chrono::seconds>(next_ - now) : std::chrono::seconds(0);
  }

 private:
  TimePoint next_;
  std::chrono::seconds pause_ = kFirst;
};

}  // namespace gate41::tool
