#include "control/ping/trace.hpp"

#include <algorithm>

namespace gate41::ping {
namespace {

constexpr uint16_t kDataSize = 56;

}  // namespace

Trace::Trace(const TraceSettings& settings, uint32_t token, TimePoint now)
    : Run(settings.ends, kDataSize, token), settings_(settings), next_(now), last_hop_(settings.max_hops) {}

bool Trace::may_send() const {
  const std::size_t hop = hop_of(sent());
  return hop < last_hop_ && hop < told_ + kHopsAtOnce;
}

void Trace::on_timer(TimePoint now) {
  give_up(now);
  tell_hops();
  if (over() || now < next_ || !may_send()) return;
  send(static_cast<uint8_t>(hop_of(sent()) + 1));
  probes_.push_back({now});
  next_ = now + kPace;
}

std::optional<TimePoint> Trace::next_deadline() const {
  if (over()) return std::nullopt;
  std::optional<TimePoint> next;
  if (may_send()) next = next_;
  for (std::size_t i = told_ * settings_.probes; i < probes_.size(); ++i)
    if (!probes_[i].settled) next = std::min(next.value_or(TimePoint::max()), probes_[i].at + kProbeWait);
  return next;
}

void Trace::give_up(TimePoint now) {
  for (std::size_t i = told_ * settings_.probes; i < probes_.size(); ++i)
    if (now - probes_[i].at >= kProbeWait) probes_[i].settled = true;
}

void Trace::answered(std::size_t number, const Answer& answer, TimePoint now) {
  Sent& probe = probes_[number];
  if (std::exchange(probe.settled, true)) return;
  probe.answer = Hop::Probe{answer.from, answer.verdict, now - probe.at};
  if (!answer.verdict.is_hop_limit()) last_hop_ = std::min(last_hop_, hop_of(number) + 1);
  tell_hops();
}

// Each of the others would be dropped as well.
void Trace::dropped(std::size_t number, DropReason reason, uint16_t mtu, TimePoint) {
  tell(Dropped{static_cast<uint16_t>(hop_of(number) + 1), reason, mtu});
  tell(TraceEnd{TraceEnd::Why::dropped});
}

void Trace::end(TimePoint) {
  if (!over()) tell(TraceEnd{TraceEnd::Why::interrupted});
}

void Trace::tell_hops() {
  const auto is_settled = [&](std::size_t hop) {
    const std::size_t end = (hop + 1) * settings_.probes;
    return end <= probes_.size() &&
           std::all_of(probes_.begin() + static_cast<std::ptrdiff_t>(hop * settings_.probes),
                       probes_.begin() + static_cast<std::ptrdiff_t>(end),
                       [](const Sent& probe) { return probe.settled; });
  };
  while (!over() && is_settled(told_)) tell_hop();
}

void Trace::tell_hop() {
  Hop hop{static_cast<uint8_t>(told_ + 1), {}};
  bool reached = false;
  bool refused = false;
  for (std::size_t i = told_ * settings_.probes; i < (told_ + 1) * settings_.probes; ++i) {
    const auto& answer = hop.probes.emplace_back(probes_[i].answer);
    if (!answer) continue;
    reached = reached || answer->verdict.is_reply();
    refused = refused || !(answer->verdict.is_reply() || answer->verdict.is_hop_limit());
  }
  ++told_;
  tell(std::move(hop));
  if (reached)
    tell(TraceEnd{TraceEnd::Why::reached});
  else if (refused)
    tell(TraceEnd{TraceEnd::Why::refused});
  else if (told_ == settings_.max_hops)
    tell(TraceEnd{TraceEnd::Why::max_hops});
}

}  // namespace gate41::ping
