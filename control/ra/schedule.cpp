#include "control/ra/schedule.hpp"

#include <algorithm>

namespace gate41::ra {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// RFC 4861 §10
constexpr seconds kMinDelayBetweenRas{3};
constexpr seconds kMaxInitialInterval{16};
constexpr milliseconds kMaxRaDelay{500};
// More hosts than this ask at once after a power cut only: one multicast RA serves them better.
constexpr std::size_t kMaxAnswers = 16;

// RFC 4861 §6.2.1: MinRtrAdvInterval, the longest that is allowed: about 7 RAs an hour (RFC 7772; H16).
Duration min_interval(seconds max_interval) {
  if (max_interval < seconds(9)) return max_interval;
  return std::max<Duration>(milliseconds(750) * max_interval.count(), kMinDelayBetweenRas);
}

}  // namespace

Duration Schedule::between(Duration low, Duration high) {
  return Duration(std::uniform_int_distribution<Duration::rep>(low.count(), high.count())(random_));
}

TimePoint Schedule::earliest_multicast(TimePoint from) const {
  return last_multicast_ ? std::max(from, *last_multicast_ + kMinDelayBetweenRas) : from;
}

void Schedule::bring_forward(TimePoint due) {
  const TimePoint allowed = earliest_multicast(due);
  next_multicast_ = std::min(next_multicast_.value_or(allowed), allowed);
}

void Schedule::announce(unsigned count, TimePoint now) {
  prompt_left_ = std::max(prompt_left_, count);
  bring_forward(now);
}

void Schedule::answer_all(TimePoint now) { bring_forward(now + between(Duration::zero(), kMaxRaDelay)); }

void Schedule::answer(const Host& host, TimePoint now) {
  const TimePoint due = now + between(Duration::zero(), kMaxRaDelay);
  const bool known = std::any_of(answers_.begin(), answers_.end(),
                                 [&](const Answer& answer) { return answer.host.address == host.address; });
  if (known || (next_multicast_ && *next_multicast_ <= due)) return;
  if (answers_.size() < kMaxAnswers)
    answers_.push_back({host, due});
  else
    bring_forward(due);
}

void Schedule::note_multicast(TimePoint now) {
  last_multicast_ = now;
  if (next_multicast_) next_multicast_ = earliest_multicast(*next_multicast_);
}

void Schedule::clear() {
  next_multicast_.reset();
  prompt_left_ = 0;
  answers_.clear();
}

bool Schedule::take_multicast(seconds max_interval, TimePoint now) {
  if (!next_multicast_ || *next_multicast_ > now) return false;
  last_multicast_ = now;
  answers_.clear();
  if (prompt_left_ > 0) --prompt_left_;
  const Duration interval = between(min_interval(max_interval), max_interval);
  next_multicast_ = now + (prompt_left_ > 0 ? std::min<Duration>(interval, kMaxInitialInterval) : interval);
  return true;
}

std::vector<Host> Schedule::take_unicasts(TimePoint now) {
  std::vector<Host> due;
  for (const Answer& answer : answers_)
    if (answer.due <= now) due.push_back(answer.host);
  std::erase_if(answers_, [&](const Answer& answer) { return answer.due <= now; });
  return due;
}

std::optional<TimePoint> Schedule::next() const {
  std::optional<TimePoint> next = next_multicast_;
  for (const Answer& answer : answers_) next = std::min(next.value_or(answer.due), answer.due);
  return next;
}

}  // namespace gate41::ra
