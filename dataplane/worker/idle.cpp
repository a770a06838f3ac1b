#include "dataplane/worker/idle.hpp"

#include <algorithm>

namespace gate41 {

Duration IdlePolicy::after_turn(bool found_work, TimePoint now) noexcept {
  if (!may_nap_) return Duration::zero();
  if (found_work) {
    empty_polls_ = 0;
    nap_ = Duration::zero();
    last_work_ = now;
    return Duration::zero();
  }
  if (empty_polls_ < kEmptyPolls) {
    ++empty_polls_;
    return Duration::zero();
  }
  const Duration longest = now - last_work_ < kSilence ? kLongestNap : kLongestNapInSilence;
  nap_ = std::clamp(2 * nap_, kFirstNap, longest);
  return nap_;
}

}  // namespace gate41
