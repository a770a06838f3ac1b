#include "tests/model/peers/peer.hpp"

#include <algorithm>
#include <utility>

namespace gate41::model {
namespace {

bool after(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b) > 0; }
uint32_t length_of(const TcpFields& segment) {
  return segment.length + (has(segment, flag::syn) ? 1U : 0U) + (has(segment, flag::fin) ? 1U : 0U);
}

}  // namespace

void Peer::listen(uint32_t first) {
  forget();
  state_ = State::listen;
  first_ = first;
}

void Peer::connect(uint32_t first) {
  forget();
  state_ = State::syn_sent;
  active_ = true;
  first_ = acknowledged_ = first;
  next_ = first + 1;
  send_syn();
}

void Peer::write(uint32_t bytes) {
  if (finish_) return;
  written_ += bytes;
  pump();
}

void Peer::finish() {
  finish_ = true;
  pump();
}

void Peer::abort() {
  if (state_ == State::established) send(flag::rst | flag::ack, next_);
  state_ = State::closed;
}

void Peer::read(uint32_t bytes) {
  const bool full = edge_ == expected_;
  unread_ -= std::min(unread_, bytes);
  if (full && state_ == State::established) send_acknowledgement();
}

void Peer::forget() {
  const PeerOptions options = options_;
  *this = Peer(options);
}

std::vector<TcpFields> Peer::take() { return std::exchange(output_, {}); }

// --- sending

// RFC 9293 §3.8.6: what was granted is not taken back.
uint16_t Peer::window(bool shifted) {
  const uint8_t shift = shifted ? own_shift_ : uint8_t{0};
  const uint32_t free = std::min(options_.buffer - std::min(options_.buffer, unread_), 65535U << shift);
  if (after(expected_ + (free >> shift << shift), edge_)) edge_ = expected_ + (free >> shift << shift);
  return static_cast<uint16_t>(std::min((edge_ - expected_) >> shift, 65535U));
}

void Peer::send(uint8_t flags, uint32_t sequence, uint16_t length) {
  TcpFields segment;
  segment.flags = flags;
  segment.sequence = sequence;
  segment.length = length;
  if ((flags & flag::ack) != 0) segment.acknowledgement = expected_;
  if ((flags & flag::syn) != 0) segment.scale = options_.scale;
  segment.window = window((flags & flag::syn) == 0);
  output_.push_back(segment);
}

void Peer::send_syn() {
  const bool answers = state_ == State::syn_received;
  send(static_cast<uint8_t>(flag::syn | (answers ? flag::ack : 0)), first_);
}

void Peer::pump() {
  if (state_ != State::established) return;
  while (written_ != 0 && after(limit_, next_)) {
    const auto length = static_cast<uint16_t>(std::min({written_, limit_ - next_, uint32_t{options_.most}}));
    send(flag::ack | flag::psh, next_, length);
    next_ += length;
    written_ -= length;
  }
  if (!finish_ || fin_sent_ || written_ != 0 || !after(limit_, next_)) return;
  send(flag::ack | flag::fin, next_++);
  fin_sent_ = true;
}

void Peer::send_again() {
  const uint32_t data = next_ - acknowledged_ - (fin_sent_ ? 1U : 0U);
  const auto length = static_cast<uint16_t>(std::min<uint32_t>(data, options_.most));
  const bool fin = fin_sent_ && length == data;
  send(static_cast<uint8_t>(flag::ack | (fin ? flag::fin : 0)), acknowledged_, length);
}

void Peer::on_timer() {
  if (state_ == State::syn_sent || state_ == State::syn_received) return send_syn();
  if (state_ != State::established) return;
  if (acknowledged_ != next_) return send_again();
  if (written_ == 0) return;
  send(flag::ack, next_++, 1);  // RFC 9293 §3.8.6.1
  --written_;
}

// --- receiving

void Peer::on_segment(const TcpFields& segment) {
  switch (state_) {
    case State::closed:
      return refuse(segment);
    case State::listen:
      return on_listen(segment);
    case State::syn_sent:
      return on_syn_sent(segment);
    case State::syn_received:
    case State::established:
      return on_synchronised(segment);
  }
}

// §3.5.2, §3.10.7.1.
void Peer::refuse(const TcpFields& segment) {
  if (has(segment, flag::rst)) return;
  TcpFields reset;
  reset.flags = flag::rst;
  if (has(segment, flag::ack)) {
    reset.sequence = segment.acknowledgement;
  } else {
    reset.flags |= flag::ack;
    reset.acknowledgement = segment.sequence + length_of(segment);
  }
  output_.push_back(reset);
}

void Peer::take_syn(const TcpFields& syn) {
  expected_ = syn.sequence + 1;
  // Its own SYN, when it was first, has granted this already.
  edge_ = expected_ + (active_ ? std::min(options_.buffer, 65535U) : 0U);
  const bool both = syn.scale && options_.scale;
  own_shift_ = both ? *options_.scale : uint8_t{0};
  other_shift_ = both ? *syn.scale : uint8_t{0};
}

void Peer::on_listen(const TcpFields& segment) {
  if (has(segment, flag::rst)) return;
  if (has(segment, flag::ack)) return refuse(segment);
  if (!has(segment, flag::syn)) return;
  take_syn(segment);
  acknowledged_ = first_;
  next_ = first_ + 1;
  limit_ = next_ + segment.window;
  state_ = State::syn_received;
  send_syn();
}

// §3.10.7.3.
void Peer::on_syn_sent(const TcpFields& segment) {
  const bool acknowledges = has(segment, flag::ack);
  if (acknowledges && segment.acknowledgement != next_) return refuse(segment);
  if (has(segment, flag::rst)) {
    if (acknowledges) state_ = State::closed;
    return;
  }
  if (!has(segment, flag::syn)) return;
  take_syn(segment);
  limit_ = next_ + segment.window;
  if (!acknowledges) {  // both at once
    state_ = State::syn_received;
    return send_syn();
  }
  acknowledged_ = segment.acknowledgement;
  state_ = State::established;
  send_acknowledgement();
  pump();
}

bool Peer::in_window(uint32_t number) const { return !after(expected_, number) && after(edge_, number); }

// §3.10.7.4, first.
bool Peer::is_acceptable(const TcpFields& segment) const {
  const uint32_t length = length_of(segment);
  if (length == 0) return segment.sequence == expected_ || in_window(segment.sequence);
  return edge_ != expected_ && (in_window(segment.sequence) || in_window(segment.sequence + length - 1));
}

void Peer::on_synchronised(const TcpFields& segment) {
  if (!is_acceptable(segment)) {
    if (has(segment, flag::rst)) return;
    // The SYN/ACK was lost, when a SYN comes again.
    return state_ == State::syn_received && has(segment, flag::syn) && !active_ ? send_syn()
                                                                                : send_acknowledgement();
  }
  if (has(segment, flag::rst)) {  // RFC 5961 §3.2
    if (segment.sequence == expected_) state_ = State::closed;
    return segment.sequence == expected_ ? void() : send_acknowledgement();
  }
  if (has(segment, flag::syn)) return send_acknowledgement();  // RFC 5961 §4.2
  if (!has(segment, flag::ack)) return;
  if (state_ == State::syn_received) {
    if (segment.acknowledgement != next_) return refuse(segment);
    state_ = State::established;
  }
  if (after(segment.acknowledgement, next_)) return send_acknowledgement();
  take_acknowledgement(segment);
  take_data(segment);
  pump();
}

void Peer::take_acknowledgement(const TcpFields& segment) {
  if (after(segment.acknowledgement, acknowledged_)) acknowledged_ = segment.acknowledgement;
  const uint32_t limit = segment.acknowledgement + (uint32_t{segment.window} << other_shift_);
  if (after(limit, limit_)) limit_ = limit;
}

void Peer::take_data(const TcpFields& segment) {
  if (length_of(segment) == 0) return;
  const uint32_t end = segment.sequence + segment.length;
  if (has(segment, flag::fin)) fin_at_ = end;
  if (after(end, segment.sequence)) {
    uint32_t& known = early_.try_emplace(segment.sequence, end).first->second;
    if (after(end, known)) known = end;
  }
  for (auto piece = early_.begin(); piece != early_.end();) {
    if (after(piece->first, expected_)) {
      ++piece;
      continue;
    }
    const uint32_t last = after(piece->second, edge_) ? edge_ : piece->second;
    if (after(last, expected_)) {
      unread_ += last - expected_;
      expected_ = last;
    }
    early_.erase(piece);
    piece = early_.begin();
  }
  if (fin_at_ == expected_ && !fin_received_ && edge_ != expected_) {
    fin_received_ = true;
    ++expected_;
  }
  send_acknowledgement();
}

}  // namespace gate41::model
