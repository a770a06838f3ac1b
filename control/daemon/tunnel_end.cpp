#include "control/daemon/tunnel_end.hpp"

namespace gate41 {

bool TunnelEnd::watch(const std::optional<relay::Settings>& wanted, TimePoint now) {
  const auto before = live_;
  if (wanted != running_) {
    if (wanted) {
      health_.configure(*wanted, now);
    } else {
      health_.stop();
      live_.reset();
    }
    running_ = wanted;
  }
  for (relay::Output& output : health_.take_outputs()) {
    if (auto* probe = std::get_if<relay::SendPacket>(&output))
      probes_.push_back(std::move(*probe));
    else if (const auto* live = std::get_if<relay::LiveRelay>(&output))
      live_ = live->relay;
  }
  return live_ != before;
}

}  // namespace gate41
