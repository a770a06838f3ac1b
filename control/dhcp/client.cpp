#include "control/dhcp/client.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "control/dhcp/lease_reader.hpp"

namespace gate41::dhcp {
namespace {

using std::chrono::seconds;

constexpr Ipv4Address kAnyAddress{};
constexpr Ipv4Address kLimitedBroadcast = Ipv4Address::of(255, 255, 255, 255);
constexpr seconds kDeclineWait{10};    // RFC 2131 §3.1(5)
constexpr unsigned kRequestTries = 4;  // 4 + 8 + 16 + 32 = 60 s
constexpr unsigned kUnicastTries = 2;  // unanswered ones before the BROADCAST flag
constexpr TimePoint kNever = TimePoint::max();

uint16_t seconds_between(TimePoint from, TimePoint to) {
  const auto count = std::chrono::duration_cast<seconds>(to - from).count();
  return static_cast<uint16_t>(std::clamp<int64_t>(count, 0, UINT16_MAX));
}

}  // namespace

ClientMessage message_from(const Settings& client, MessageType type, uint32_t xid) {
  ClientMessage message;
  message.type = type;
  message.xid = xid;
  message.mac = client.mac;
  message.client_id = client.client_id;
  message.host_name = client.host_name;
  message.six_rd = client.six_rd;
  message.time_servers = client.time_servers;
  return message;
}

Client::Client(Settings settings, uint64_t seed) : settings_(std::move(settings)), random_(seed) {}

void Client::start(TimePoint now, std::optional<StoredLease> stored) {
  if (lease_) lose_lease("DHCP was started anew");
  broadcast_ = settings_.broadcast;
  naks_ = 0;
  wanted_ = kAnyAddress;
  if (stored && is_assignable(stored->address)) return enter_init_reboot(stored->address, now);
  enter_selecting(now);
}

void Client::stop(TimePoint, bool release) {
  state_ = State::stopped;
  deadline_ = kNever;
  if (lease_ && release) {
    xid_ = static_cast<uint32_t>(random_());
    ClientMessage message = message_of(MessageType::release);
    message.client_address = lease_->address;
    message.server = lease_->server;
    send(message, lease_->address, lease_->server);
    lose_lease("the address was released");
  }
  lease_.reset();
}

// ---- entry functions ----

void Client::enter_init(TimePoint now, Duration wait) {
  state_ = State::init;
  deadline_ = now + wait;
}

void Client::enter_selecting(TimePoint now) {
  asking_since_ = now;
  ask_anew(State::selecting, now);
  send_discover(now);
}

// The OFFER's xid stays in use (RFC 2131 §4.4.1).
void Client::enter_requesting(const Reply& offer, TimePoint now) {
  wanted_ = offer.your_address;
  server_ = offer.server;
  state_ = State::requesting;
  tries_ = 0;
  requested_at_ = now;
  send_request(now);
}

void Client::enter_init_reboot(Ipv4Address address, TimePoint now) {
  wanted_ = address;
  asking_since_ = now;
  seconds_ = 0;
  ask_anew(State::init_reboot, now);
  send_request(now);
}

void Client::enter_bound(TimePoint now) {
  state_ = State::bound;
  deadline_ = lease_->renew_at;
  if (deadline_ <= now) keep_lease(now);
}

// ---- questions ----

// A question of its own: answers to earlier ones no longer count.
void Client::ask_anew(State state, TimePoint now) {
  state_ = state;
  xid_ = static_cast<uint32_t>(random_());
  tries_ = 0;
  requested_at_ = now;
}

ClientMessage Client::message_of(MessageType type) const { return message_from(settings_, type, xid_); }

void Client::send(const ClientMessage& message, Ipv4Address source, Ipv4Address destination) {
  outputs_.emplace_back(SendMessage{encode(message), source, destination});
}

// Counts a try that went out by broadcast; the next one follows if nobody answers.
void Client::await_answer(TimePoint now) {
  ++tries_;
  deadline_ = now + answer_delay(tries_, random_);
  if (lease_) deadline_ = std::min(deadline_, lease_->expires);
}

void Client::send_discover(TimePoint now) {
  broadcast_ = broadcast_ || tries_ >= kUnicastTries;
  seconds_ = seconds_between(asking_since_, now);
  ClientMessage message = message_of(MessageType::discover);
  message.seconds = seconds_;
  message.broadcast = broadcast_;
  if (!wanted_.is_unspecified()) message.requested = wanted_;
  send(message, kAnyAddress, kLimitedBroadcast);
  await_answer(now);
}

// In REQUESTING and INIT-REBOOT. Only the former names a server (RFC 2131 §4.3.2).
void Client::send_request(TimePoint now) {
  broadcast_ = broadcast_ || tries_ >= kUnicastTries;
  ClientMessage message = message_of(MessageType::request);
  message.seconds = seconds_;
  message.broadcast = broadcast_;
  message.requested = wanted_;
  if (state_ == State::requesting) message.server = server_;
  send(message, kAnyAddress, kLimitedBroadcast);
  await_answer(now);
}

// In RENEWING and REBINDING. Tries are a minute and more apart, so each is a question of its own: an answer
// to it dates the lease from this try, not from the first.
void Client::send_renewal(TimePoint now) {
  const unsigned earlier = tries_;
  ask_anew(state_, now);
  tries_ = earlier + 1;
  ClientMessage message = message_of(MessageType::request);
  message.seconds = seconds_between(asking_since_, now);
  message.client_address = lease_->address;
  const bool renewing = state_ == State::renewing;
  send(message, lease_->address, renewing ? lease_->server : kLimitedBroadcast);
  const TimePoint end = renewing ? lease_->rebind_at : lease_->expires;
  deadline_ = std::min(now + renewal_delay(end - now), end);
}

// ---- time ----

void Client::on_timer(TimePoint now) {
  if (now < deadline_) return;
  if (lease_ && now >= lease_->expires) {
    lose_lease("the lease has expired");
    return enter_selecting(now);
  }
  switch (state_) {
    case State::stopped:
      return;
    case State::init:
      return enter_selecting(now);
    case State::selecting:
      return send_discover(now);
    case State::requesting:
    case State::init_reboot:
      return tries_ < kRequestTries ? send_request(now) : give_up_request(now);
    case State::bound:
    case State::renewing:
    case State::rebinding:
      return keep_lease(now);
  }
}

// T1, T2 and the tries between them.
void Client::keep_lease(TimePoint now) {
  const State due = now >= lease_->rebind_at ? State::rebinding : State::renewing;
  if (state_ == State::bound) asking_since_ = now;
  if (state_ != due) tries_ = 0;
  state_ = due;
  send_renewal(now);
}

// Nobody answered. A lease that is good still (INIT-REBOOT after a pause) stays in use (RFC 2131 §3.2(4)).
void Client::give_up_request(TimePoint now) {
  if (lease_) return enter_bound(now);
  enter_selecting(now);
}

void Client::on_resume(TimePoint now) {
  if (state_ == State::stopped || state_ == State::init) return;
  if (lease_ && now >= lease_->expires) return on_timer(now);
  if (lease_) return enter_init_reboot(lease_->address, now);
  if (state_ == State::init_reboot) return enter_init_reboot(wanted_, now);
  enter_selecting(now);
}

void Client::on_conflict(TimePoint now) {
  if (!lease_ && state_ != State::requesting) return;
  const Ipv4Address address = lease_ ? lease_->address : wanted_;
  const std::string reason = fmt::format("{} is in use by another host", address.to_string());
  xid_ = static_cast<uint32_t>(random_());
  ClientMessage message = message_of(MessageType::decline);
  message.requested = address;
  message.server = lease_ ? lease_->server : server_;
  send(message, kAnyAddress, kLimitedBroadcast);
  if (lease_) lose_lease(reason);
  wanted_ = kAnyAddress;
  wait_reason_ = reason;
  enter_init(now, kDeclineWait);
}

void Client::lose_lease(std::string reason) {
  wanted_ = lease_->address;  // worth asking for again
  lease_.reset();
  outputs_.emplace_back(LeaseLost{std::move(reason)});
}

// ---- replies ----

void Client::on_packet(Bytes payload, TimePoint now) {
  if (lease_ && now >= lease_->expires) return on_timer(now);
  const auto reply = decode_reply(payload);
  if (!reply || !is_for_us(*reply)) return;
  switch (reply->type) {
    case MessageType::offer:
      return on_offer(*reply, now);
    case MessageType::ack:
      return on_ack(*reply, now);
    case MessageType::nak:
      return on_nak(*reply, now);
    default:
      return;
  }
}

// RFC 6842 §3: a client identifier that comes back must be ours.
bool Client::is_for_us(const Reply& reply) const {
  if (reply.xid != xid_ || reply.mac != settings_.mac) return false;
  const auto id = reply.options.find(option::kClientId);
  return !id || settings_.client_id.empty() || std::ranges::equal(*id, settings_.client_id);
}

// A server that was not asked has no say: in REQUESTING it is another than the chosen one.
bool Client::is_from_asked_server(const Reply& reply) const {
  switch (state_) {
    case State::requesting:
      return reply.server == server_;
    case State::renewing:
      return reply.server == lease_->server;
    case State::init_reboot:
    case State::rebinding:
      return true;
    default:
      return false;
  }
}

void Client::on_offer(const Reply& offer, TimePoint now) {
  if (state_ != State::selecting || !read_lease(offer, now, now, random_)) return;
  enter_requesting(offer, now);
}

void Client::on_ack(const Reply& ack, TimePoint now) {
  if (!is_from_asked_server(ack)) return;
  auto lease = read_lease(ack, requested_at_, now, random_);
  if (!lease) return;
  if (settings_.six_rd) read_six_rd_option(*lease, ack.options);
  const bool same = lease_ && lease_->address == lease->address;
  lease_ = std::move(*lease);
  naks_ = 0;
  if (same) {
    outputs_.emplace_back(LeaseUpdated{*lease_});
  } else {
    outputs_.emplace_back(LeaseGained{*lease_});
  }
  enter_bound(now);
}

// One NAK is how a server moves us to another address, so DISCOVER follows at once; NAK upon NAK is a server
// out of order, which must not be asked at the speed of the network.
void Client::on_nak(const Reply& nak, TimePoint now) {
  if (!is_from_asked_server(nak)) return;
  if (lease_) lose_lease("the server refused the address");
  wanted_ = kAnyAddress;
  wait_reason_ = fmt::format("{} refused the address", nak.server.to_string());
  if (++naks_ == 1) return enter_selecting(now);
  enter_init(now, answer_delay(naks_ - 1, random_));
}

// ---- what others see ----

std::optional<TimePoint> Client::next_deadline() const {
  return deadline_ == kNever ? std::nullopt : std::optional(deadline_);
}

std::vector<Output> Client::take_outputs() { return std::exchange(outputs_, {}); }

State Client::state() const { return state_; }

const std::optional<Lease>& Client::lease() const { return lease_; }

}  // namespace gate41::dhcp
