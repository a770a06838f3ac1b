#include "control/nd/context.hpp"

#include <algorithm>

namespace gate41::nd {

bool Rate::take(TimePoint now) {
  const TimePoint start = std::max(spent_until_, now - interval_ * burst_);
  if (start + interval_ > now) return false;
  spent_until_ = start + interval_;
  return true;
}

void Context::event(std::string text, TimePoint now) {
  if (events_.take(now)) emit(Event{std::move(text)});
}

Duration Context::between(Duration low, Duration high) {
  using std::chrono::microseconds;
  std::uniform_int_distribution<int64_t> pick(std::chrono::duration_cast<microseconds>(low).count(),
                                              std::chrono::duration_cast<microseconds>(high).count());
  return microseconds(pick(random_));
}

std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace gate41::nd
