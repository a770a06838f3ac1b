#include "control/daemon/early_lan.hpp"

#include <utility>

#include "dataplane/net/parse.hpp"

namespace gate41 {

void EarlyLan::presume(std::optional<std::size_t> link, TimePoint now) {
  if (link == link_) return;
  link_ = link;
  engines_ = link ? make_(*link) : std::nullopt;
  if (engines_) engines_->start(now);
}

void EarlyLan::on_frame(std::size_t link, Bytes frame, TimePoint now) {
  if (!engines_ || link != link_) return;
  const ParsedPacket parsed = parse_frame(frame);
  if (parsed.ok() && parsed.layer3 == Layer3::ipv6 && is_link_scope(parsed)) engines_->on_frame(frame, now);
}

void EarlyLan::on_timer(TimePoint now) {
  if (engines_) engines_->on_timer(now);
}

std::vector<std::vector<uint8_t>> EarlyLan::take_frames(TimePoint now) {
  return engines_ ? engines_->take_frames(now) : std::vector<std::vector<uint8_t>>{};
}

std::optional<LanEngines> EarlyLan::take() {
  link_.reset();
  return std::exchange(engines_, std::nullopt);
}

}  // namespace gate41
