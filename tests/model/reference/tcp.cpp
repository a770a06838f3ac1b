#include "tests/model/reference/tcp.hpp"

#include <algorithm>

#include "tests/model/reference/rules.hpp"

namespace gate41::model {
namespace {

// RFC 9293 §3.4: numbers are compared on a circle.
bool after(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b) > 0; }
uint32_t later_of(uint32_t a, uint32_t b) { return after(a, b) ? a : b; }

constexpr uint8_t kKinds = flag::fin | flag::syn | flag::rst | flag::ack;
uint8_t kind_of(const TcpFields& segment) { return segment.flags & kKinds; }
bool is_syn(const TcpFields& segment) { return kind_of(segment) == flag::syn; }

}  // namespace

bool sensible_flags(uint8_t flags) {
  switch (flags & kKinds) {
    case flag::syn:
    case flag::syn | flag::ack:
    case flag::ack:
    case flag::fin | flag::ack:
    case flag::rst:
    case flag::rst | flag::ack:
      return true;
    default:
      return false;
  }
}

Connection::Span Connection::span_of(const TcpFields& segment) {
  const uint32_t controls = (has(segment, flag::syn) ? 1U : 0U) + (has(segment, flag::fin) ? 1U : 0U);
  return {segment.sequence, segment.sequence + segment.length + controls};
}

// RFC 7323 §2.2: the shift counts when both SYNs have offered one; the window of a SYN is never shifted.
uint32_t Connection::window_of(const TcpFields& segment, Direction sender) const {
  const auto& own = end_of(sender).scale;
  const bool shifted = !has(segment, flag::syn) && own && end_of(opposite(sender)).scale;
  return uint32_t{segment.window} << (shifted ? *own : 0U);
}

Connection::Connection(const TcpFields& segment, Direction sender)
    : state_(has(segment, flag::syn) ? State::syn : State::picked_up),
      opener_(sender),
      windows_known_(has(segment, flag::syn)) {
  End& own = end_of(sender);
  own.first = segment.sequence;
  own.sent = own.may_send = segment.sequence;
  take(segment, sender);
  if (state_ == State::syn) return;
  End& other = end_of(opposite(sender));
  other.sent = segment.acknowledgement;
}

Judgement Connection::judge(const TcpFields& segment, Direction sender) {
  if (!sensible_flags(segment.flags)) return Judgement::bad_flags;
  const bool over = state_ == State::both_fins || state_ == State::reset;
  if (over && is_syn(segment)) return Judgement::new_connection;
  if (state_ == State::syn) return sender == opener_ ? in_syn(segment, sender) : answer(segment, sender);
  if (has(segment, flag::syn)) return on_syn(segment, sender);
  if (has(segment, flag::rst)) return on_reset(segment, sender);
  return on_other(segment, sender);
}

// The opener, of whom a SYN is known, again.
Judgement Connection::in_syn(const TcpFields& segment, Direction sender) {
  if (is_syn(segment)) {
    *this = Connection(segment, sender);  // the same again, or another attempt
    return Judgement::pass;
  }
  if (!has(segment, flag::rst)) return Judgement::bad_flags;  // it has nothing to acknowledge
  if (segment.sequence == end_of(sender).first + 1) {
    state_ = State::reset;
    return Judgement::pass;
  }
  // RFC 9293 §3.5.1, half-open connections: the reset says the number of the acknowledgement that it answers.
  return aside_ == segment.sequence ? Judgement::pass_quietly : Judgement::bad_window;
}

// The first that comes back.
Judgement Connection::answer(const TcpFields& segment, Direction sender) {
  const bool fits_syn = has(segment, flag::ack) && covers_syn(segment, sender);
  if (has(segment, flag::rst)) {  // RFC 9293 §3.10.7.3: only with an ACK that fits
    if (!fits_syn) return Judgement::bad_window;
    state_ = State::reset;
    return Judgement::pass;
  }
  if (has(segment, flag::syn) && (fits_syn || !has(segment, flag::ack))) {
    End& own = end_of(sender);
    own.first = own.sent = own.may_send = segment.sequence;
    take(segment, sender);
    state_ = State::both_syns;
    return Judgement::pass;
  }
  if (fits_syn || has(segment, flag::fin)) return Judgement::bad_flags;
  aside_ = segment.acknowledgement;
  return Judgement::pass_quietly;
}

Judgement Connection::on_syn(const TcpFields& segment, Direction sender) {
  const End& own = end_of(sender);
  const bool again = own.seen && windows_known_ && segment.sequence == own.first;
  if (again && fits(segment, sender)) {
    take(segment, sender);
    return Judgement::pass;
  }
  if (is_syn(segment) && sender == opener_) {  // RFC 5961 §4: the peer will answer with an ACK
    aside_ = span_of(segment).end;
    return Judgement::pass_quietly;
  }
  const bool answers_aside = has(segment, flag::ack) && aside_ == segment.acknowledgement;
  if (!answers_aside || sender == opener_) return Judgement::bad_window;
  TcpFields syn;
  syn.flags = flag::syn;
  syn.sequence = segment.acknowledgement - 1;
  *this = Connection(syn, opener_);
  windows_known_ = false;
  return answer(segment, sender);
}

Judgement Connection::on_reset(const TcpFields& segment, Direction sender) {
  const bool answers_aside =
      sender != opener_ && has(segment, flag::ack) && aside_ && aside_ == segment.acknowledgement;
  if (!answers_aside && !sequence_fits(segment, sender)) return Judgement::bad_window;
  state_ = State::reset;
  return Judgement::pass;
}

Judgement Connection::on_other(const TcpFields& segment, Direction sender) {
  if (windows_known_ && !fits(segment, sender)) return Judgement::bad_window;
  if (state_ == State::both_syns && !covers_syn(segment, sender)) return Judgement::bad_window;
  if (state_ == State::reset) return Judgement::pass_quietly;
  take(segment, sender);
  move_on(segment, sender);
  return Judgement::pass;
}

bool Connection::fits(const TcpFields& segment, Direction sender) const {
  return sequence_fits(segment, sender) &&
         (!has(segment, flag::ack) || acknowledgement_fits(segment, sender));
}

// RFC 9293 §3.10.7.4, as far as one in the middle can know: the receiver's window begins somewhere between a
// whole window before what the sender has sent, and that; and ends where the receiver has said.
bool Connection::sequence_fits(const TcpFields& segment, Direction sender) const {
  const Span span = span_of(segment);
  const End& own = end_of(sender);
  const End& other = end_of(opposite(sender));
  const bool too_old = other.seen && after(own.sent - other.window, span.begin);
  return !after(span.end, own.may_send) && !too_old;
}

bool Connection::acknowledgement_fits(const TcpFields& segment, Direction sender) const {
  const End& other = end_of(opposite(sender));
  const uint32_t lag = std::max(kLeastLag, end_of(sender).window);
  return !after(segment.acknowledgement, other.sent) && !after(other.sent - lag, segment.acknowledgement);
}

bool Connection::covers_syn(const TcpFields& segment, Direction sender) const {
  const End& other = end_of(opposite(sender));
  return after(segment.acknowledgement, other.first) && !after(segment.acknowledgement, other.sent);
}

void Connection::take(const TcpFields& segment, Direction sender) {
  End& own = end_of(sender);
  End& other = end_of(opposite(sender));
  if (has(segment, flag::syn) && segment.scale) own.scale = std::min(*segment.scale, kLargestScale);
  const uint32_t window = window_of(segment, sender);
  own.seen = true;
  own.sent = later_of(own.sent, span_of(segment).end);
  own.window = std::max({own.window, window, kProbe});
  if (!other.seen) {
    // Nothing has been granted to it yet: the SYN alone, and what an acknowledgement of it adds.
    own.may_send = own.sent;
    other.may_send = segment.acknowledgement + own.window;
    return;
  }
  if (has(segment, flag::ack))
    other.may_send = later_of(other.may_send, segment.acknowledgement + std::max(window, kProbe));
}

void Connection::move_on(const TcpFields& segment, Direction sender) {
  if (has(segment, flag::fin)) end_of(sender).fin = true;
  if (state_ == State::picked_up && sender == opener_) return;
  const int fins = (ends_[0].fin ? 1 : 0) + (ends_[1].fin ? 1 : 0);
  state_ = fins == 0 ? State::established : fins == 1 ? State::one_fin : State::both_fins;
}

}  // namespace gate41::model
