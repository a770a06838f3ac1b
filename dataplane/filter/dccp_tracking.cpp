#include "dataplane/filter/dccp_tracking.hpp"

#include <array>
#include <memory>

namespace gate41 {
namespace {

// RFC 4340 §5.1, by number.
constexpr std::array kKinds = {
    DccpKind::request, DccpKind::response, DccpKind::data,  DccpKind::data, DccpKind::data,
    DccpKind::close,   DccpKind::close,    DccpKind::reset, DccpKind::sync, DccpKind::sync,
};
constexpr uint8_t kBoth = 3;

constexpr uint8_t bit_of(Direction direction) noexcept {
  return static_cast<uint8_t>(1U << index_of(direction));
}

Direction opener_of(const FlowEntry& entry) noexcept {
  return (entry.flags & flow_flag::kPinhole) != 0 ? Direction::inbound : Direction::outbound;
}

bool goes_on(DccpKind kind) noexcept { return kind == DccpKind::data || kind == DccpKind::sync; }

// Short sequence numbers are for data alone.
bool may_be_short(DccpKind kind) noexcept { return kind == DccpKind::data; }

void note(FlowEntry& entry, DccpKind kind, Direction direction) noexcept {
  DccpConnection& c = entry.dccp;
  c.seen |= bit_of(direction);
  if (goes_on(kind) && direction == opener_of(entry)) c.confirmed = true;
  if (entry.state == FlowState::dccp_opening && c.seen == kBoth && c.confirmed)
    entry.state = FlowState::dccp_established;
}

// After a Reset: was it forged?
TrackVerdict linger(FlowEntry& entry, DccpKind kind, Direction direction) noexcept {
  if (kind != DccpKind::data) return TrackVerdict::pass_quietly;
  entry.dccp.since_reset |= bit_of(direction);
  if (entry.dccp.since_reset != kBoth) return TrackVerdict::pass_quietly;
  entry.dccp.seen = kBoth;
  entry.state = FlowState::dccp_established;
  return TrackVerdict::pass;
}

}  // namespace

DccpKind classify_dccp(const DccpFields& dccp) noexcept {
  if (!dccp.fits || dccp.type >= kKinds.size()) return DccpKind::invalid;
  const DccpKind kind = kKinds[dccp.type];
  return dccp.extended || may_be_short(kind) ? kind : DccpKind::invalid;
}

void open_dccp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  std::construct_at(&entry.dccp);
  entry.state = FlowState::dccp_opening;
  note(entry, classify_dccp(packet.l4.dccp), direction);
}

TrackVerdict track_dccp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  const DccpKind kind = classify_dccp(packet.l4.dccp);
  if (kind == DccpKind::invalid) return TrackVerdict::refuse_invalid;
  if (kind == DccpKind::reset) {
    if (entry.state != FlowState::dccp_closed) entry.dccp.since_reset = 0;
    entry.state = FlowState::dccp_closed;
    return TrackVerdict::pass_doubtful;
  }
  if (entry.state == FlowState::dccp_closed) return linger(entry, kind, direction);
  note(entry, kind, direction);
  if (kind == DccpKind::close) entry.state = FlowState::dccp_closing;
  // K16: nobody outside keeps alive what the host has not answered.
  const bool answered = (entry.dccp.seen & bit_of(Direction::outbound)) != 0;
  return answered ? TrackVerdict::pass : TrackVerdict::pass_quietly;
}

}  // namespace gate41
