#include "control/sntp/client.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <string_view>
#include <utility>

#include "dataplane/base/time_text.hpp"

namespace gate41::sntp {
namespace {

constexpr unsigned kMaxDoublings = 6;  // 68 min, over kPeriod
constexpr uint8_t kLeastVersion = 3;
constexpr uint8_t kMostStratum = 15;
constexpr Duration kMostRootDistance = std::chrono::seconds(16);  // RFC 5905 §7.2: MAXDISP

// Why the time of an answer to our request is not to be believed; empty: it is (RFC 4330 §5).
std::string fault_of(const Answer& answer) {
  if (answer.leap == kUnknown) return "its own clock is not set";
  if (answer.stratum > kMostStratum) return fmt::format("its stratum is {}", answer.stratum);
  if (answer.transmit == 0 || answer.receive == 0) return "it gives no time";
  if (answer.root_distance >= kMostRootDistance) return "its own clock is too far from any that is right";
  if (wall_time(answer.transmit) < wall_time(answer.receive)) return "it answered before it was asked";
  return "";
}

}  // namespace

const char* name_of(State state) {
  switch (state) {
    case State::waiting:
      return "waiting";
    case State::unnamed:
      return "unnamed";
    case State::asking:
      return "asking";
    case State::set:
      return "set";
    case State::failed:
      return "failed";
  }
  return "unknown";
}

void Client::on_servers(std::optional<std::vector<Ipv4Address>> servers, TimePoint now) {
  if (servers == named_) return;
  named_ = std::move(servers);
  servers_.clear();
  if (named_)
    for (const Ipv4Address address : *named_) servers_.push_back({address});
  failures_ = 0;
  if (!servers_.empty()) return begin_round(now);
  state_ = named_ ? State::unnamed : State::waiting;
  next_.reset();
}

void Client::begin_round(TimePoint now) {
  turn_ = 0;
  why_.clear();
  state_ = State::asking;
  ask_next(now);
}

// The one whose turn it is, or who comes after it.
void Client::ask_next(TimePoint now) {
  while (turn_ < servers_.size() && servers_[turn_].spared_until > now) ++turn_;
  if (turn_ == servers_.size()) {
    state_ = State::failed;
    return rest(std::min<Duration>(kFirstRetry * (1U << std::min(failures_++, kMaxDoublings)), kPeriod), now);
  }
  mark_ = random_();
  asked_at_ = now;
  next_ = now + kSilence;
  requests_.push_back({servers_[turn_].address, request(mark_)});
}

// Up to a tenth later, so that many routers do not ask in time.
void Client::rest(Duration wait, TimePoint now) {
  std::uniform_int_distribution<int64_t> later(0, wait.count() / 10);
  next_ = now + wait + Duration(later(random_));
}

void Client::on_timer(TimePoint now) {
  if (!next_ || now < *next_) return;
  if (state_ == State::asking) return fail_server("it is silent", now);
  begin_round(now);
}

void Client::fail_server(std::string why, TimePoint now) {
  why_ = fmt::format("{}: {}", servers_[turn_].address.to_string(), why);
  ++turn_;
  ask_next(now);
}

// What is not the answer to our open request may be anybody's, and changes nothing.
void Client::on_packet(Ipv4Address source, Bytes payload, TimePoint now, WallTime wall) {
  if (state_ != State::asking || source != servers_[turn_].address) return;
  const auto answer = read_answer(payload);
  if (!answer || answer->originate != mark_ || answer->mode != kServer) return;
  if (answer->version < kLeastVersion || answer->version > kVersion) return;
  if (answer->stratum == 0) return obey_kiss(*answer, now);
  std::string fault = fault_of(*answer);
  if (!fault.empty()) return fail_server(std::move(fault), now);
  take(*answer, now, wall);
}

// RFC 5905 §7.4; other codes say that it has no time for us now.
void Client::obey_kiss(const Answer& answer, TimePoint now) {
  std::string code;
  for (const uint8_t c : answer.reference) code += c >= 'A' && c <= 'Z' ? static_cast<char>(c) : '?';
  if (code == "DENY" || code == "RSTR") servers_[turn_].spared_until = TimePoint::max();
  if (code == "RATE") servers_[turn_].spared_until = now + kSpared;
  fail_server("it does not want to be asked (" + code + ")", now);
}

// Half of what the packets were under way is behind its transmit timestamp; more than we waited they weren't.
void Client::take(const Answer& answer, TimePoint now, WallTime wall) {
  const Duration held = wall_time(answer.transmit) - wall_time(answer.receive);
  const Duration under_way = std::max(now - asked_at_ - held, Duration(0));
  const Duration error = wall_time(answer.transmit) + under_way / 2 - wall;
  if (error > kGoodEnough || error < -kGoodEnough) step_ = Step{error};
  state_ = State::set;
  set_by_ = servers_[turn_].address;
  stratum_ = answer.stratum;
  set_at_ = now;
  failures_ = 0;
  rest(kPeriod, now);
}

std::vector<Send> Client::take_requests() { return std::exchange(requests_, {}); }
std::optional<Step> Client::take_step() { return std::exchange(step_, std::nullopt); }

std::string Client::sentence(TimePoint now) const {
  switch (state_) {
    case State::waiting:
      return "waiting for a DHCP lease that names time servers";
    case State::unnamed:
      return "the DHCP server names no time server (option 42): the clock is the machine's own";
    case State::asking:
      return fmt::format("asking {} for the time", servers_[turn_].address.to_string());
    case State::set:
      return fmt::format("the clock was set by {} (stratum {}) {} ago, again in {}", set_by_.to_string(),
                         stratum_, time_left(now, set_at_), time_left(*next_, now));
    case State::failed:
      return fmt::format("no time server gives the time ({}); again in {}",
                         why_.empty() ? "none wants to be asked" : why_, time_left(*next_, now));
  }
  return "";
}

}  // namespace gate41::sntp
