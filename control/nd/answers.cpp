#include "control/nd/answers.hpp"

namespace gate41::nd {
namespace {

constexpr std::size_t kMaxDelayed = 64;  // more at once is a flood, and askers ask again

}  // namespace

void Answers::answer(const Ipv6Address& target, const Ipv6Address& source,
                     const std::vector<MacAddress>& macs, TimePoint now) {
  const OwnAddress* own = own_.find(target);
  const auto from = own != nullptr && own->anycast ? own_.source() : target;
  if (own == nullptr || !from) return;
  Advertisement advertisement{.target = target,
                              .source = *from,
                              .destination = source.is_unspecified() ? kAllNodes : source,
                              .solicited = !source.is_unspecified(),
                              .override_cached = !own->anycast};
  for (const MacAddress& mac : macs) {
    advertisement.ether_destination = mac;
    if (!own->anycast) {
      send(advertisement);
    } else if (delayed_.size() < kMaxDelayed) {
      delayed_.emplace(now + context_.delay(kMaxAnycastDelay), advertisement);
    }
  }
}

void Answers::on_timer(TimePoint now) {
  const auto end = delayed_.upper_bound(now);
  for (auto due = delayed_.begin(); due != end; ++due)
    if (own_.is_ready(due->second.target)) send(due->second);
  delayed_.erase(delayed_.begin(), end);
}

std::optional<TimePoint> Answers::next_deadline() const {
  return delayed_.empty() ? std::nullopt : std::optional(delayed_.begin()->first);
}

void Answers::send(const Advertisement& fields) {
  context_.emit(SendFrame{advertisement(context_.settings.mac, fields)});
}

}  // namespace gate41::nd
