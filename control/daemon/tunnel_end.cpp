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

void TunnelEnd::keep_alive(const std::optional<KeepaliveSettings>& wanted, TimePoint now) {
  if (wanted != kept_) {
    if (wanted)
      keepalive_.configure(wanted->schedule, now);
    else
      keepalive_.stop();
    kept_ = wanted;
  }
  for (const relay::SendPacket& probe : probes_) keepalive_.on_probe(probe.relay, now);
  keepalive_.on_timer(now);
}

std::vector<relay::SendPacket> TunnelEnd::take_keepalives() {
  std::vector<relay::SendPacket> packets;
  for (const keepalive::Send& due : keepalive_.take_outputs()) {
    if (!kept_) continue;
    const Ipv6Address& own = kept_->schedule.own;
    const Ipv6Address target = relay::probe_target(kept_->form, own, kept_->peer, due.target);
    packets.push_back({due.target, relay::build_keepalive(kept_->form, own, target, due.token)});
  }
  return packets;
}

// Nobody waits for the answer to a keep-alive, but it was not unasked either.
bool TunnelEnd::on_packet(Bytes ipv6, TimePoint now) {
  if (is_probing() && health_.on_packet(ipv6, now)) return true;
  if (!kept_) return false;
  const auto answer = relay::read_answer(kept_->form, ipv6, kept_->schedule.own);
  return answer && answer->token && keepalive_.knows(*answer->token);
}

}  // namespace gate41
