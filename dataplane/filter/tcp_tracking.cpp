#include "dataplane/filter/tcp_tracking.hpp"

#include <array>

#include "dataplane/filter/tcp_window.hpp"

namespace gate41 {
namespace {

enum class Action : uint8_t {
  refuse,        // no connection sends this here
  begin,         // the opener's SYN
  answer,        // the other side's SYN
  answer_again,  // once more
  object,        // an acknowledgement of something else: passes, the opener will reset it
  follow,        // within the window, which it moves
  finish,        // the same, and the sender's last
  reset,         // within the window
  set_aside,     // another SYN of the opener: passes without effect
  linger,        // within the window, keeps nothing alive
};

struct Step {
  FlowState next = FlowState::free;
  Action action = Action::refuse;
};

constexpr std::size_t kSegments = 5;
constexpr std::size_t kFirstState = static_cast<std::size_t>(FlowState::tcp_syn_sent);
constexpr std::size_t kStates = static_cast<std::size_t>(FlowState::tcp_closed) + 1 - kFirstState;
using Row = std::array<Step, kSegments>;  // syn, syn_ack, ack, fin, rst

constexpr Step kNo{};
constexpr Step kReset{FlowState::tcp_closed, Action::reset};
constexpr Step stay(FlowState state, Action action = Action::follow) { return {state, action}; }

constexpr auto kSynSent = FlowState::tcp_syn_sent;
constexpr auto kSynReceived = FlowState::tcp_syn_received;
constexpr auto kPickedUp = FlowState::tcp_picked_up;
constexpr auto kEstablished = FlowState::tcp_established;
constexpr auto kFinWait = FlowState::tcp_fin_wait;
constexpr auto kClosing = FlowState::tcp_closing;
constexpr auto kClosed = FlowState::tcp_closed;
constexpr Step kFin{kFinWait, Action::finish};

// [state][0 = from the opener, 1 = from the other side][segment]. tcp_fin_wait becomes tcp_closing when both
// FINs are in. A SYN in tcp_closing or tcp_closed does not come here (begins_anew).
constexpr std::array<std::array<Row, 2>, kStates> kSteps = {{
    // tcp_syn_sent
    {{Row{stay(kSynSent, Action::begin), kNo, kNo, kNo, kReset},
      Row{Step{kSynReceived, Action::answer}, Step{kSynReceived, Action::answer},
          stay(kSynSent, Action::object), kNo, kReset}}},
    // tcp_syn_received: the opener's SYN/ACK is a simultaneous open
    {{Row{stay(kSynReceived, Action::set_aside), Step{kEstablished, Action::follow},
          Step{kEstablished, Action::follow}, kFin, kReset},
      Row{stay(kSynReceived), stay(kSynReceived, Action::answer_again), stay(kSynReceived), kFin, kReset}}},
    // tcp_picked_up
    {{Row{stay(kPickedUp, Action::set_aside), kNo, stay(kPickedUp), stay(kPickedUp, Action::finish), kReset},
      Row{kNo, stay(kPickedUp), Step{kEstablished, Action::follow}, kFin, kReset}}},
    // tcp_established
    {{Row{stay(kEstablished, Action::set_aside), stay(kEstablished), stay(kEstablished), kFin, kReset},
      Row{stay(kEstablished), stay(kEstablished), stay(kEstablished), kFin, kReset}}},
    // tcp_fin_wait
    {{Row{stay(kFinWait, Action::set_aside), stay(kFinWait), stay(kFinWait), kFin, kReset},
      Row{stay(kFinWait), stay(kFinWait), stay(kFinWait), kFin, kReset}}},
    // tcp_closing
    {{Row{kNo, stay(kClosing), stay(kClosing), stay(kClosing), kReset},
      Row{kNo, stay(kClosing), stay(kClosing), stay(kClosing), kReset}}},
    // tcp_closed
    {{Row{kNo, kNo, stay(kClosed, Action::linger), stay(kClosed, Action::linger),
          stay(kClosed, Action::linger)},
      Row{kNo, kNo, stay(kClosed, Action::linger), stay(kClosed, Action::linger),
          stay(kClosed, Action::linger)}}},
}};

Direction opener_of(const FlowEntry& entry) noexcept {
  return (entry.flags & flow_flag::kPinhole) != 0 ? Direction::inbound : Direction::outbound;
}

constexpr uint8_t fin_flag(Direction direction) noexcept {
  return direction == Direction::outbound ? flow_flag::kFinOutbound : flow_flag::kFinInbound;
}

void remember_aside(FlowEntry& entry, uint32_t sequence) noexcept {
  entry.aside = sequence;
  entry.flags |= flow_flag::kAside;
}

bool answers_aside(const FlowEntry& entry, const Segment& segment) noexcept {
  return (entry.flags & flow_flag::kAside) != 0 && segment.has_ack && segment.ack == entry.aside;
}

// A SYN that was sent again is set aside too; the SYN/ACK to it has the number that we know already, and
// begins no other connection.
bool begins_aside(const FlowEntry& entry, const Segment& segment, Direction direction) noexcept {
  const bool belongs = (entry.flags & flow_flag::kScaleKnown) != 0 &&
                       segment.end == entry.tcp[index_of(direction)].sent_end &&
                       in_window(entry, segment, direction);
  return entry.state != FlowState::tcp_syn_sent && answers_aside(entry, segment) && !belongs;
}

// The peer has forgotten the connection and answers the opener's other SYN, whose options we no longer have
// (K32).
TrackVerdict answer_aside(FlowEntry& entry, const Segment& segment, Direction direction) noexcept {
  entry.state = FlowState::tcp_syn_received;
  entry.flags &= flow_flag::kPinhole | flow_flag::kEndpoint | flow_flag::kCounted;
  begin_midstream(entry, segment, direction);
  return TrackVerdict::pass;
}

TrackVerdict answer(FlowEntry& entry, const Segment& segment, Direction direction) noexcept {
  if (segment.has_ack && !acknowledges_syn(entry, segment, direction)) {
    if (entry.state != FlowState::tcp_syn_sent) return TrackVerdict::refuse_stranger;
    remember_aside(entry, segment.ack);
    return TrackVerdict::pass_quietly;
  }
  answer_window(entry, segment, direction);
  entry.flags &= static_cast<uint8_t>(~flow_flag::kAside);
  entry.state = FlowState::tcp_syn_received;
  return TrackVerdict::pass;
}

// Once more. It makes no windows known where the opener's options are not (K32).
TrackVerdict answer_again(FlowEntry& entry, const Segment& segment, Direction direction) noexcept {
  if ((entry.flags & flow_flag::kScaleKnown) != 0) return answer(entry, segment, direction);
  if (!acknowledges_syn(entry, segment, direction)) return TrackVerdict::refuse_stranger;
  advance_window(entry, segment, direction);
  return TrackVerdict::pass;
}

TrackVerdict follow(FlowEntry& entry, const Segment& segment, Direction direction, FlowState next) noexcept {
  if (!in_window(entry, segment, direction)) return TrackVerdict::refuse_stranger;
  advance_window(entry, segment, direction);
  entry.state = next;
  return TrackVerdict::pass;
}

TrackVerdict finish(FlowEntry& entry, const Segment& segment, Direction direction, FlowState next) noexcept {
  const TrackVerdict verdict = follow(entry, segment, direction, next);
  if (verdict != TrackVerdict::pass) return verdict;
  entry.flags |= fin_flag(direction);
  const bool both = (entry.flags & fin_flag(opposite(direction))) != 0;
  if (both) entry.state = FlowState::tcp_closing;
  return verdict;
}

bool resets_syn(const FlowEntry& entry, const Segment& segment, Direction direction) noexcept {
  if (direction == opener_of(entry)) return segment.begin == entry.tcp[index_of(direction)].sent_end;
  return segment.has_ack && acknowledges_syn(entry, segment, direction);
}

bool reset_fits(const FlowEntry& entry, const Segment& segment, Direction direction) noexcept {
  if (entry.state == FlowState::tcp_syn_sent) return resets_syn(entry, segment, direction);
  if (direction != opener_of(entry) && answers_aside(entry, segment)) return true;
  return reset_in_window(entry, segment, direction);
}

// The receiver takes the number that it expects alone, and answers to others in its window with an ACK
// (RFC 5961 §3.2). What it expects is what the sender has sent, unless some of that was lost.
bool surely_resets(const FlowEntry& entry, const Segment& segment, Direction direction) noexcept {
  if (entry.state == FlowState::tcp_syn_sent) return true;  // resets_syn is exact
  return segment.begin == entry.tcp[index_of(direction)].sent_end ||
         (direction != opener_of(entry) && answers_aside(entry, segment));
}

TrackVerdict reset(FlowEntry& entry, const Segment& segment, Direction direction) noexcept {
  const bool of_aside = entry.state == FlowState::tcp_syn_sent && direction == opener_of(entry) &&
                        (entry.flags & flow_flag::kAside) != 0 && segment.begin == entry.aside;
  if (of_aside) return TrackVerdict::pass_quietly;
  if (!reset_fits(entry, segment, direction)) return TrackVerdict::refuse_stranger;
  if (!surely_resets(entry, segment, direction)) return TrackVerdict::pass_doubtful;
  entry.state = FlowState::tcp_closed;
  return TrackVerdict::pass;
}

TrackVerdict linger(const FlowEntry& entry, const Segment& segment, Direction direction, bool rst) noexcept {
  const bool fits = rst ? reset_in_window(entry, segment, direction) : in_window(entry, segment, direction);
  return fits ? TrackVerdict::pass_quietly : TrackVerdict::refuse_stranger;
}

TrackVerdict act(FlowEntry& entry, const Segment& segment, Direction direction, Step step,
                 bool rst) noexcept {
  switch (step.action) {
    case Action::refuse:
      return TrackVerdict::refuse_invalid;
    case Action::begin:
      begin_window(entry, segment, direction);
      return TrackVerdict::pass;
    case Action::answer:
      return answer(entry, segment, direction);
    case Action::answer_again:
      return answer_again(entry, segment, direction);
    case Action::object:
      remember_aside(entry, segment.ack);
      return TrackVerdict::pass_quietly;
    case Action::follow:
      return follow(entry, segment, direction, step.next);
    case Action::finish:
      return finish(entry, segment, direction, step.next);
    case Action::reset:
      return reset(entry, segment, direction);
    case Action::set_aside:
      remember_aside(entry, segment.end);
      return TrackVerdict::pass_quietly;
    case Action::linger:
      return linger(entry, segment, direction, rst);
  }
  return TrackVerdict::refuse_invalid;
}

void pick_up(FlowEntry& entry, const Segment& segment, Direction direction) noexcept {
  entry.state = FlowState::tcp_picked_up;
  entry.flags |= flow_flag::kPickedUp;
  begin_midstream(entry, segment, direction);
}

}  // namespace

TcpSegment classify_tcp(uint8_t flags) noexcept {
  constexpr uint8_t kMatters = tcp_flag::kFin | tcp_flag::kSyn | tcp_flag::kRst | tcp_flag::kAck;
  switch (flags & kMatters) {
    case tcp_flag::kSyn:
      return TcpSegment::syn;
    case tcp_flag::kSyn | tcp_flag::kAck:
      return TcpSegment::syn_ack;
    case tcp_flag::kAck:
      return TcpSegment::ack;
    case tcp_flag::kFin | tcp_flag::kAck:
      return TcpSegment::fin;
    case tcp_flag::kRst:
    case tcp_flag::kRst | tcp_flag::kAck:
      return TcpSegment::rst;
    default:
      return TcpSegment::invalid;
  }
}

void open_tcp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  const Segment segment = segment_of(packet.l4, 0);
  if (!segment.syn) return pick_up(entry, segment, direction);
  begin_window(entry, segment, direction);
  entry.state = FlowState::tcp_syn_sent;
}

TrackVerdict track_tcp(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  const TcpSegment kind = classify_tcp(packet.l4.tcp_flags);
  if (kind == TcpSegment::invalid) return TrackVerdict::refuse_invalid;
  const Segment segment = segment_of(packet.l4, known_scale(entry, direction));
  const bool from_other = direction != opener_of(entry);
  if (kind == TcpSegment::syn_ack && from_other && begins_aside(entry, segment, direction))
    return answer_aside(entry, segment, direction);

  const std::size_t state = static_cast<std::size_t>(entry.state) - kFirstState;
  const Step step = kSteps[state][from_other ? 1 : 0][static_cast<std::size_t>(kind)];
  const TrackVerdict verdict = act(entry, segment, direction, step, kind == TcpSegment::rst);
  // How long a segment is that comes in fragments, only the receiver learns.
  if (verdict == TrackVerdict::pass && packet.v6.fragment == FragmentState::first)
    entry.flags &= static_cast<uint8_t>(~flow_flag::kScaleKnown);
  return verdict;
}

}  // namespace gate41
