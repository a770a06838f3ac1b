#include "dataplane/worker/idle.hpp"

#include <algorithm>
#include <utility>

namespace gate41 {

Rest IdlePolicy::after_turn(bool found_work, TimePoint now) noexcept {
  if (mode_ == IdleMode::poll) return {};
  judge_interrupts(found_work);
  if (found_work) {
    empty_polls_ = 0;
    nap_ = Duration::zero();
    last_work_ = now;
    return {};
  }
  if (empty_polls_ < kEmptyPolls && now - last_work_ < kLongestSpin) {
    ++empty_polls_;
    return {};
  }
  if (mode_ == IdleMode::interrupt && nap_ >= kLongestShortNap)
    return {interrupts_ ? kLongestWait : kFirstWait, true};
  const Duration longest = std::clamp((now - last_work_) / kNapsOfASilence, kLongestShortNap, kLongestNap);
  nap_ = std::clamp(2 * nap_, kFirstNap, longest);
  return {nap_};
}

// What the wait that has just been says of them.
void IdlePolicy::judge_interrupts(bool found_work) noexcept {
  if (std::exchange(overslept_, false) && found_work) ++missed_interrupts_;
  if (std::exchange(interrupted_, false)) empty_interrupts_ = found_work ? 0 : empty_interrupts_ + 1;
  if (gave_up_waiting()) mode_ = IdleMode::nap;
}

void IdlePolicy::after_wait(Waking waking) noexcept {
  overslept_ = waking == Waking::time_out;
  interrupted_ = waking == Waking::interrupt;
  if (!interrupted_) return;
  missed_interrupts_ = 0;
  interrupts_ = true;
}

}  // namespace gate41
