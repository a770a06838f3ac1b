#include "dataplane/filter/tcp_window.hpp"

#include <algorithm>

namespace gate41 {
namespace {

// An acknowledgement may lag behind by what the sender of it has granted, but at least by one unscaled window
// and a segment (as Linux and pf have it).
constexpr uint32_t kLeastAckLag = 66000;

// Sequence numbers wrap: a is after b when it is less than half the space ahead.
bool after(uint32_t a, uint32_t b) noexcept { return static_cast<int32_t>(a - b) > 0; }
bool between(uint32_t low, uint32_t x, uint32_t high) noexcept { return !after(low, x) && !after(x, high); }
uint32_t later(uint32_t a, uint32_t b) noexcept { return after(a, b) ? a : b; }

// Where the window that this segment grants ends. One byte may always be sent, to probe a zero window (RFC
// 9293 §3.8.6.1).
uint32_t grant(const Segment& segment) noexcept { return segment.ack + std::max(segment.window, 1U); }

}  // namespace

Segment segment_of(const Layer4Fields& l4, uint8_t scale) noexcept {
  const auto flag = [&](uint8_t bit) { return (l4.tcp_flags & bit) != 0; };
  Segment segment;
  segment.syn = flag(tcp_flag::kSyn);
  segment.has_ack = flag(tcp_flag::kAck);
  segment.begin = l4.tcp_sequence;
  segment.end = l4.tcp_sequence + l4.length - l4.tcp_header_length + (segment.syn ? 1U : 0U) +
                (flag(tcp_flag::kFin) ? 1U : 0U);
  segment.ack = l4.tcp_acknowledgement;
  segment.window = segment.syn ? l4.tcp_window : uint32_t{l4.tcp_window} << scale;
  segment.scale_option = l4.tcp_window_scale;
  return segment;
}

uint8_t known_scale(const FlowEntry& entry, Direction sender) noexcept {
  const bool known = (entry.flags & flow_flag::kScaleKnown) != 0;
  return known ? entry.window_scale[index_of(sender)] : uint8_t{0};
}

void begin_window(FlowEntry& entry, const Segment& segment, Direction sender) noexcept {
  entry.tcp[index_of(sender)] = {segment.end, segment.begin + 1, std::max(segment.window, 1U)};
  entry.window_scale[index_of(sender)] = segment.scale_option;
}

void answer_window(FlowEntry& entry, const Segment& segment, Direction sender) noexcept {
  TcpWindow& opener = entry.tcp[index_of(opposite(sender))];
  entry.tcp[index_of(sender)] = {segment.end, segment.end + opener.max_window, std::max(segment.window, 1U)};
  if (segment.has_ack) {
    opener.sent_end = segment.ack;
    opener.limit = grant(segment);
  } else {
    opener.limit += std::max(segment.window, 1U);  // behind its SYN (RFC 9293 §3.10.7.3)
  }
  uint8_t& own_scale = entry.window_scale[index_of(sender)];
  uint8_t& opener_scale = entry.window_scale[index_of(opposite(sender))];
  const bool both = segment.scale_option != kNoWindowScale && opener_scale != kNoWindowScale;
  own_scale = both ? std::min(segment.scale_option, kMaxWindowScale) : uint8_t{0};
  opener_scale = both ? std::min(opener_scale, kMaxWindowScale) : uint8_t{0};
  entry.flags |= flow_flag::kScaleKnown;
}

bool acknowledges_syn(const FlowEntry& entry, const Segment& segment, Direction sender) noexcept {
  const TcpWindow& opener = entry.tcp[index_of(opposite(sender))];
  const uint32_t least = entry.state == FlowState::tcp_syn_sent ? opener.limit : opener.sent_end;
  return between(least, segment.ack, opener.sent_end);
}

bool in_window(const FlowEntry& entry, const Segment& segment, Direction sender) noexcept {
  if ((entry.flags & flow_flag::kScaleKnown) == 0) return true;
  const TcpWindow& own = entry.tcp[index_of(sender)];
  const TcpWindow& peer = entry.tcp[index_of(opposite(sender))];
  if (after(segment.end, own.limit) || after(own.sent_end - peer.max_window, segment.end)) return false;
  const uint32_t lag = std::max(kLeastAckLag, own.max_window);
  return !segment.has_ack || between(peer.sent_end - lag, segment.ack, peer.sent_end);
}

bool reset_in_window(const FlowEntry& entry, const Segment& segment, Direction sender) noexcept {
  const TcpWindow& own = entry.tcp[index_of(sender)];
  const TcpWindow& peer = entry.tcp[index_of(opposite(sender))];
  return between(own.sent_end - peer.max_window, segment.begin, later(own.limit, own.sent_end));
}

void begin_midstream(FlowEntry& entry, const Segment& segment, Direction sender) noexcept {
  entry.flags &= static_cast<uint8_t>(~flow_flag::kScaleKnown);
  entry.window_scale = {};
  entry.tcp[index_of(sender)] = {segment.end, segment.end, std::max(segment.window, 1U)};
  entry.tcp[index_of(opposite(sender))] = {segment.ack, grant(segment), 0};
}

void advance_window(FlowEntry& entry, const Segment& segment, Direction sender) noexcept {
  TcpWindow& own = entry.tcp[index_of(sender)];
  TcpWindow& peer = entry.tcp[index_of(opposite(sender))];
  own.max_window = std::max(own.max_window, segment.window);
  own.sent_end = later(own.sent_end, segment.end);
  if (segment.has_ack) peer.limit = later(peer.limit, grant(segment));
}

}  // namespace gate41
