#include "tests/model/reference/tcp.hpp"

#include <algorithm>

#include "tests/model/reference/rules.hpp"

namespace gate41::model {
namespace {

// RFC 9293 §3.4: numbers are compared on a circle.
bool after(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b) > 0; }
uint32_t later_of(uint32_t a, uint32_t b) { return after(a, b) ? a : b; }

bool between(uint32_t low, uint32_t x, uint32_t high) { return !after(low, x) && !after(x, high); }

constexpr uint8_t kKinds = flag::fin | flag::syn | flag::rst | flag::ack;
uint8_t kind_of(const TcpFields& segment) { return segment.flags & kKinds; }
bool is_syn(const TcpFields& segment) { return kind_of(segment) == flag::syn; }
bool is_syn_ack(const TcpFields& segment) { return kind_of(segment) == (flag::syn | flag::ack); }

// RFC 9293 §3.4: SYN and FIN count.
uint32_t end_of_segment(const TcpFields& segment) {
  const uint32_t controls = (has(segment, flag::syn) ? 1U : 0U) + (has(segment, flag::fin) ? 1U : 0U);
  return segment.sequence + segment.length + controls;
}

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

Connection::Connection(const TcpFields& segment, Direction sender)
    : state_(is_syn(segment) ? State::syn : State::picked_up), opener_(sender) {
  if (state_ == State::syn)
    begin(segment, sender);
  else
    pick_up(segment, sender);
}

Judgement Connection::judge(const TcpFields& segment, Direction sender, bool cut) {
  if (!sensible_flags(segment.flags)) return Judgement::bad_flags;
  const Judgement judgement = judge_whole(segment, sender);
  if (cut && judgement == Judgement::pass) windows_known_ = false;
  return judgement;
}

Judgement Connection::judge_whole(const TcpFields& segment, Direction sender) {
  if (state_ == State::syn)
    return sender == opener_ ? opener_again(segment, sender) : first_answer(segment, sender);
  if (is_syn(segment)) return on_syn(segment, sender);
  if (is_syn_ack(segment)) return on_syn_ack(segment, sender);
  if (state_ == State::reset) return after_reset(segment, sender);
  return has(segment, flag::rst) ? on_reset(segment, sender) : on_ack(segment, sender);
}

// The opener, of whom a SYN is known.
Judgement Connection::opener_again(const TcpFields& segment, Direction sender) {
  if (is_syn(segment)) {  // the same again, or another attempt
    begin(segment, sender);
    return Judgement::pass;
  }
  if (!has(segment, flag::rst)) return Judgement::bad_flags;  // it has nothing to acknowledge
  // RFC 9293 §3.5.1, half-open connections: the reset has the number of the acknowledgement that it answers.
  if (aside_ == segment.sequence) return Judgement::pass_quietly;
  if (segment.sequence != end_of(sender).sent) return Judgement::bad_window;
  state_ = State::reset;
  return Judgement::pass;
}

// The first that comes back.
Judgement Connection::first_answer(const TcpFields& segment, Direction sender) {
  const bool fits_syn = has(segment, flag::ack) && covers_syn(segment, sender);
  if (has(segment, flag::rst)) {  // RFC 9293 §3.10.7.3: only with an ACK that fits
    if (!fits_syn) return Judgement::bad_window;
    state_ = State::reset;
    return Judgement::pass;
  }
  if (has(segment, flag::fin)) return Judgement::bad_flags;
  if (is_syn(segment) || (is_syn_ack(segment) && fits_syn)) {
    answer(segment, sender);
    return Judgement::pass;
  }
  aside_ = segment.acknowledgement;  // from another connection: the opener will reset it
  return Judgement::pass_quietly;
}

Judgement Connection::on_syn(const TcpFields& segment, Direction sender) {
  if (state_ == State::both_fins || state_ == State::reset) return Judgement::new_connection;
  if (sender != opener_) return state_ == State::picked_up ? Judgement::bad_flags : on_ack(segment, sender);
  // RFC 5961 §4: the peer answers with an ACK; or it has forgotten the connection, and takes it for a new
  // one.
  aside_ = end_of_segment(segment);
  return Judgement::pass_quietly;
}

Judgement Connection::on_syn_ack(const TcpFields& segment, Direction sender) {
  // With the number that was there already it begins no other connection.
  const bool belongs =
      windows_known_ && end_of_segment(segment) == end_of(sender).sent && fits(segment, sender);
  if (sender != opener_ && answers_aside(segment) && !belongs) {
    pick_up(segment, sender);  // the options of that SYN are forgotten
    state_ = State::both_syns;
    return Judgement::pass;
  }
  if (state_ == State::reset || (state_ == State::picked_up && sender == opener_))
    return Judgement::bad_flags;
  if (state_ != State::both_syns || sender == opener_) return on_ack(segment, sender);
  if (!covers_syn(segment, sender)) return Judgement::bad_window;
  if (!windows_known_) return on_ack(segment, sender);  // nor are they from here on
  answer(segment, sender);
  return Judgement::pass;
}

Judgement Connection::on_reset(const TcpFields& segment, Direction sender) {
  const bool of_aside = sender != opener_ && answers_aside(segment);
  if (!of_aside && !reset_fits(segment, sender)) return Judgement::bad_window;
  // RFC 5961 §3.2: it takes the number alone that it expects, and challenges others in its window.
  if (!of_aside && segment.sequence != end_of(sender).sent) return Judgement::pass_in_doubt;
  state_ = State::reset;
  return Judgement::pass;
}

// All that makes the sequence go on.
Judgement Connection::on_ack(const TcpFields& segment, Direction sender) {
  if (!fits(segment, sender)) return Judgement::bad_window;
  take(segment, sender);
  move_on(segment, sender);
  return Judgement::pass;
}

// What was under way, and the answers to it.
Judgement Connection::after_reset(const TcpFields& segment, Direction sender) const {
  const bool good = has(segment, flag::rst) ? reset_fits(segment, sender) : fits(segment, sender);
  return good ? Judgement::pass_quietly : Judgement::bad_window;
}

// RFC 9293 §3.10.7.4, as far as one in the middle can know: the receiver's window begins somewhere between a
// whole window before what the sender has sent, and that; and ends where the receiver has said. Of a segment
// that began before, the end may be new.
bool Connection::fits(const TcpFields& segment, Direction sender) const {
  if (!windows_known_) return true;
  const End& own = end_of(sender);
  const End& other = end_of(opposite(sender));
  if (!between(own.sent - other.window, end_of_segment(segment), own.may_send)) return false;
  const uint32_t lag = std::max(kLeastLag, own.window);
  return !has(segment, flag::ack) || between(other.sent - lag, segment.acknowledgement, other.sent);
}

// RFC 5961 §3.2: its number is in the receiver's window; or follows on a window full of data, which may have
// been lost before they came here: the number of the window's end is let through, as Linux and the product
// do. Where the scales are not known, windows count as they stand there, which is the least that they can
// mean.
bool Connection::reset_fits(const TcpFields& segment, Direction sender) const {
  const End& own = end_of(sender);
  const End& other = end_of(opposite(sender));
  return between(own.sent - other.window, segment.sequence, later_of(own.may_send, own.sent));
}

// RFC 9293 §3.10.7.3; data in the SYN may be acknowledged or not (RFC 7413 §3).
bool Connection::covers_syn(const TcpFields& segment, Direction sender) const {
  const End& opener = end_of(opposite(sender));
  const uint32_t least = state_ == State::syn ? opener.may_send : opener.sent;
  return between(least, segment.acknowledgement, opener.sent);
}

bool Connection::answers_aside(const TcpFields& segment) const {
  return has(segment, flag::ack) && aside_ && *aside_ == segment.acknowledgement;
}

// RFC 7323 §2.2: the window of a SYN is never shifted.
uint32_t Connection::window_of(const TcpFields& segment, Direction sender) const {
  const bool shifted = windows_known_ && !has(segment, flag::syn);
  return uint32_t{segment.window} << (shifted ? end_of(sender).scale.value_or(0) : 0U);
}

void Connection::begin(const TcpFields& syn, Direction sender) {
  End& own = end_of(sender);
  own.sent = end_of_segment(syn);
  own.may_send = syn.sequence + 1;  // its SYN
  own.window = std::max<uint32_t>(syn.window, kProbe);
  own.scale = syn.scale;
}

// The other SYN. The shifts count when both have offered one (RFC 7323 §2.2); else there are none.
void Connection::answer(const TcpFields& syn, Direction sender) {
  End& own = end_of(sender);
  End& opener = end_of(opposite(sender));
  own.sent = end_of_segment(syn);
  own.may_send = own.sent + opener.window;
  own.window = std::max<uint32_t>(syn.window, kProbe);
  own.scale = syn.scale;
  if (has(syn, flag::ack)) {
    opener.sent = syn.acknowledgement;
    opener.may_send = syn.acknowledgement + own.window;
  } else {
    opener.may_send += own.window;  // RFC 9293 §3.10.7.3: SND.WND, from behind its SYN
  }
  const bool both = own.scale && opener.scale;
  for (End* end : {&own, &opener}) end->scale = both ? std::min(*end->scale, kLargestScale) : uint8_t{0};
  windows_known_ = true;
  aside_.reset();
  state_ = State::both_syns;
}

// From the middle: what it sends and what it acknowledges are all that is known.
void Connection::pick_up(const TcpFields& segment, Direction sender) {
  windows_known_ = false;
  aside_.reset();
  ends_ = {};
  End& own = end_of(sender);
  End& other = end_of(opposite(sender));
  own.sent = own.may_send = end_of_segment(segment);
  own.window = std::max<uint32_t>(segment.window, kProbe);
  other.sent = segment.acknowledgement;
  other.may_send = segment.acknowledgement + own.window;
}

void Connection::take(const TcpFields& segment, Direction sender) {
  End& own = end_of(sender);
  End& other = end_of(opposite(sender));
  const uint32_t window = window_of(segment, sender);
  own.sent = later_of(own.sent, end_of_segment(segment));
  own.window = std::max(own.window, window);
  if (has(segment, flag::ack))
    other.may_send = later_of(other.may_send, segment.acknowledgement + std::max(window, kProbe));
}

void Connection::move_on(const TcpFields& segment, Direction sender) {
  if (has(segment, flag::fin)) end_of(sender).fin = true;
  if (ends_[0].fin && ends_[1].fin) {
    state_ = State::both_fins;
    return;
  }
  const bool opener = sender == opener_;
  const bool fin = has(segment, flag::fin);
  // A handshake ends with the opener's word, and one that was not seen with the other side's.
  if (state_ == State::both_syns && (opener || fin)) state_ = State::established;
  if (state_ == State::picked_up && !opener && !has(segment, flag::syn)) state_ = State::established;
}

}  // namespace gate41::model
