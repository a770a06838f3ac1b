#include "tests/model/peers/sctp_peer.hpp"

#include <utility>

namespace gate41::model {
namespace {

SctpPacket packet_of(uint8_t type, uint32_t tag, bool t = false) {
  SctpPacket packet;
  packet.fields.chunk = type;
  packet.fields.tag = tag;
  packet.fields.t = t;
  return packet;
}

SctpPacket init_ack(uint32_t tag, const Cookie& cookie) {
  SctpPacket packet = packet_of(chunk::init_ack, tag);
  packet.fields.initiate = cookie.own;
  packet.cookie = cookie;
  return packet;
}

}  // namespace

void SctpPeer::associate() {
  forget();
  own_ = some_tag();
  state_ = State::cookie_wait;
  on_timer();
}

void SctpPeer::write() {
  if (state_ != State::established) return;
  unacknowledged_ = true;
  send(chunk::data);
}

void SctpPeer::beat() {
  if (state_ == State::established) send(chunk::heartbeat);
}

void SctpPeer::shut_down() {
  if (state_ != State::established || unacknowledged_) return;
  state_ = State::shutdown_sent;
  send(chunk::shutdown);
}

void SctpPeer::abort() {
  if (state_ == State::established) send(chunk::abort);
  forget();
}

void SctpPeer::forget() {
  state_ = State::closed;
  own_ = other_ = 0;
  cookie_.reset();
  unacknowledged_ = false;
}

std::vector<SctpPacket> SctpPeer::take() { return std::exchange(output_, {}); }

void SctpPeer::send(uint8_t type, std::optional<Cookie> cookie) {
  SctpPacket packet = packet_of(type, other_);
  packet.cookie = cookie;
  output_.push_back(packet);
}

void SctpPeer::on_timer() {
  switch (state_) {
    case State::closed:
      return;
    case State::cookie_wait: {
      SctpPacket init = packet_of(chunk::init, 0);
      init.fields.initiate = own_;
      output_.push_back(init);
      return;
    }
    case State::cookie_echoed:
      return send(chunk::cookie_echo, cookie_);
    case State::established:
      if (unacknowledged_) send(chunk::data);
      return;
    case State::shutdown_sent:
      return send(chunk::shutdown);
    case State::shutdown_ack_sent:
      return send(chunk::shutdown_ack);
  }
}

bool SctpPeer::expects(const SctpPacket& packet) const {
  const SctpFields& fields = packet.fields;
  if (fields.chunk == chunk::init) return true;
  if (fields.chunk == chunk::cookie_echo && packet.cookie && state_ == State::closed)
    return listens_ && packet.cookie->own == fields.tag;
  if (state_ == State::closed) return false;
  return fields.tag == (fields.t ? other_ : own_) && fields.tag != 0;
}

void SctpPeer::on_packet(const SctpPacket& packet) {
  if (packet.fields.chunk == chunk::init) return on_init(packet.fields);
  if (packet.fields.chunk == chunk::cookie_echo) return on_cookie_echo(packet);
  if (state_ == State::closed) return on_stranger(packet);
  if (expects(packet)) on_chunk(packet);
}

// §5.1, §5.2.1, §5.2.2, §8.4 (4), §9.2.
void SctpPeer::on_init(const SctpFields& init) {
  switch (state_) {
    case State::closed:
      output_.push_back(listens_ ? init_ack(init.initiate, {some_tag(), init.initiate})
                                 : packet_of(chunk::abort, init.initiate));
      return;
    case State::cookie_wait:
    case State::cookie_echoed:
      output_.push_back(init_ack(init.initiate, {own_, init.initiate, own_, other_}));
      return;
    case State::shutdown_ack_sent:
      return send(chunk::shutdown_ack);
    default:
      output_.push_back(init_ack(init.initiate, {some_tag(), init.initiate, own_, other_}));
  }
}

// §8.4: out of the blue.
void SctpPeer::on_stranger(const SctpPacket& packet) {
  switch (packet.fields.chunk) {
    case chunk::abort:
    case chunk::shutdown_complete:
    case chunk::cookie_ack:
    case chunk::error:
      return;
    case chunk::shutdown_ack:
      output_.push_back(packet_of(chunk::shutdown_complete, packet.fields.tag, true));
      return;
    default:
      output_.push_back(packet_of(chunk::abort, packet.fields.tag, true));
  }
}

void SctpPeer::establish(const Cookie& cookie) {
  own_ = cookie.own;
  other_ = cookie.other;
  state_ = State::established;
  send(chunk::cookie_ack);
}

// §5.1.5, §5.2.4: its table, by which of the tags are known.
void SctpPeer::on_cookie_echo(const SctpPacket& packet) {
  const Cookie& cookie = packet.cookie.value_or(Cookie());
  if (packet.fields.tag != cookie.own || cookie.own == 0) return;
  if (state_ == State::closed) {
    if (listens_) establish(cookie);
    return;
  }
  if (cookie.own == own_) return establish(cookie);  // B: both at once; D: once more
  const bool ties = cookie.own_tie == own_ && cookie.other_tie == other_;
  if (cookie.other != other_ && ties) establish(cookie);  // A: the other end has lost its memory
}

void SctpPeer::on_chunk(const SctpPacket& packet) {
  switch (packet.fields.chunk) {
    case chunk::init_ack:
      if (state_ != State::cookie_wait) return;
      other_ = packet.fields.initiate;
      cookie_ = packet.cookie;
      state_ = State::cookie_echoed;
      return send(chunk::cookie_echo, cookie_);
    case chunk::cookie_ack:
      if (state_ == State::cookie_echoed) state_ = State::established;
      return;
    case chunk::data:
      if (state_ == State::established || state_ == State::shutdown_sent) send(chunk::sack);
      return;
    case chunk::sack:
      unacknowledged_ = false;
      return;
    case chunk::heartbeat:
      return send(chunk::heartbeat_ack);
    case chunk::abort:
      return forget();
    case chunk::shutdown:
      state_ = State::shutdown_ack_sent;
      return send(chunk::shutdown_ack);
    case chunk::shutdown_ack:
      if (state_ == State::shutdown_sent || state_ == State::shutdown_ack_sent) {
        send(chunk::shutdown_complete);
        forget();
      }
      return;
    case chunk::shutdown_complete:
      if (state_ == State::shutdown_ack_sent) forget();
      return;
    default:
      return;
  }
}

}  // namespace gate41::model
