#include "control/ping/ping.hpp"

#include <algorithm>

namespace gate41::ping {

Ping::Ping(const PingSettings& settings, uint32_t token, TimePoint now)
    : Run(settings.ends, settings.size, token), settings_(settings), next_(now) {}

void Ping::on_timer(TimePoint now) {
  if (over() || now < next_) return;
  if (sent() == settings_.count) return end(now);
  send(echowire::kHopLimit);
  requests_.push_back({now});
  next_ = now + (sent() == settings_.count ? kLastWait : settings_.interval);
}

std::optional<TimePoint> Ping::next_deadline() const { return over() ? std::nullopt : std::optional(next_); }

void Ping::answered(std::size_t number, const Answer& answer, TimePoint now) {
  Sent& request = requests_[number];
  const bool duplicate = request.fate == Fate::received;
  const bool reply = answer.verdict.is_reply();
  tell(Answered{static_cast<uint16_t>(number + 1), answer.from, answer.verdict, answer.size, answer.hop_limit,
                now - request.at, duplicate && reply});
  if (duplicate) {
    if (reply) ++duplicates_;
    return;
  }
  request.fate = reply ? Fate::received : Fate::failed;
  request.time = now - request.at;
  end_if_done();
}

void Ping::dropped(std::size_t number, DropReason reason, uint16_t mtu, TimePoint) {
  requests_[number].fate = Fate::dropped;
  tell(Dropped{static_cast<uint16_t>(number + 1), reason, mtu});
  end_if_done();
}

void Ping::end_if_done() {
  const bool waits = std::ranges::find(requests_, Fate::waiting, &Sent::fate) != requests_.end();
  if (sent() == settings_.count && !waits) tell(statistics());
}

void Ping::end(TimePoint) {
  if (!over()) tell(statistics());
}

Statistics Ping::statistics() const {
  Statistics result;
  result.sent = static_cast<uint16_t>(sent());
  result.duplicates = duplicates_;
  Statistics::Times times{Duration::max(), {}, {}};
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    const Sent& request = requests_[i];
    if (request.fate == Fate::waiting) result.no_answer.push_back(static_cast<uint16_t>(i + 1));
    if (request.fate == Fate::failed) ++result.errors;
    if (request.fate == Fate::dropped) ++result.dropped;
    if (request.fate != Fate::received) continue;
    ++result.received;
    times.least = std::min(times.least, request.time);
    times.most = std::max(times.most, request.time);
    times.average += request.time;
  }
  if (result.received == 0) return result;
  times.average /= result.received;
  result.times = times;
  return result;
}

}  // namespace gate41::ping
