#include "control/acd/detector.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace gate41::acd {
namespace {

using std::chrono::seconds;

// RFC 5227 §1.1
constexpr seconds kProbeWait{1};
constexpr unsigned kProbes = 3;
constexpr seconds kProbeMin{1};
constexpr seconds kProbeMax{2};
constexpr seconds kAnnounceWait{2};
constexpr unsigned kAnnouncements = 2;
constexpr seconds kAnnounceInterval{2};
constexpr unsigned kMaxConflicts = 10;
constexpr seconds kRateLimitInterval{60};
constexpr seconds kDefendInterval{10};

constexpr uint16_t kEthernet = 1;
constexpr uint16_t kRequest = 1;
constexpr uint16_t kReply = 2;
constexpr TimePoint kNever = TimePoint::max();

bool is_well_formed(const ArpPacket& packet) {
  const uint16_t operation = packet.operation.host();
  return packet.hardware.host() == kEthernet && packet.protocol.host() == ether_type::kIpv4 &&
         packet.hardware_length == sizeof(MacAddress) && packet.protocol_length == sizeof(Ipv4Address) &&
         (operation == kRequest || operation == kReply);
}

// RFC 5227 §1.1: a request that claims no address yet.
bool is_probe_for(const ArpPacket& packet, Ipv4Address address) {
  return packet.operation.host() == kRequest && packet.sender_ip.is_unspecified() &&
         packet.target_ip == address;
}

}  // namespace

Detector::Detector(MacAddress own, std::optional<MacAddress> alias, uint64_t seed)
    : own_(own), alias_(alias), random_(seed) {}

void Detector::start(Ipv4Address address, bool keep_defending, TimePoint now) {
  TimePoint first_probe = now + between(Duration::zero(), kProbeWait);
  if (conflicts_ >= kMaxConflicts) first_probe = std::max(first_probe, *last_start_ + kRateLimitInterval);
  address_ = address;
  keep_defending_ = keep_defending;
  sent_ = 0;
  last_defence_.reset();
  last_start_ = first_probe;
  state_ = State::waiting;
  deadline_ = first_probe;
}

void Detector::stop() {
  state_ = State::idle;
  deadline_ = kNever;
}

void Detector::on_timer(TimePoint now) {
  if (now < deadline_) return;
  switch (state_) {
    case State::idle:
    case State::defending:
    case State::conflict:
      return;
    case State::waiting:
      return probe(now);
    case State::probing:
      return sent_ < kProbes ? probe(now) : begin_use(now);
    case State::announcing:
      return announce(now);
  }
}

void Detector::probe(TimePoint now) {
  state_ = State::probing;
  send(Ipv4Address{});
  ++sent_;
  deadline_ = now + (sent_ < kProbes ? between(kProbeMin, kProbeMax) : kAnnounceWait);
}

void Detector::begin_use(TimePoint now) {
  outputs_.emplace_back(AddressFree{});
  state_ = State::announcing;
  in_use_since_ = now;
  sent_ = 0;
  announce(now);
}

void Detector::announce(TimePoint now) {
  send(address_);
  deadline_ = now + kAnnounceInterval;
  if (++sent_ < kAnnouncements) return;
  state_ = State::defending;
  deadline_ = kNever;
}

// ---- conflicts ----

bool Detector::is_own(MacAddress mac) const { return mac == own_ || mac == alias_; }

bool Detector::in_use() const { return state_ == State::announcing || state_ == State::defending; }

// A foreign probe is a conflict only while we probe too (§2.1.1); later it is a question, which ARP answers
// (§2.4).
bool Detector::conflicts(const ArpPacket& packet) const {
  if (!is_well_formed(packet) || is_own(packet.sender_mac)) return false;
  return packet.sender_ip == address_ || (!in_use() && is_probe_for(packet, address_));
}

void Detector::on_arp(const ArpPacket& packet, TimePoint now) {
  if (state_ == State::idle || state_ == State::conflict || !conflicts(packet)) return;
  if (in_use()) return defend(packet.sender_mac, now);
  give_up(packet.sender_mac, now);
}

// RFC 5227 §2.4 (b), and (c) with keep_defending: two that defend without a pause would flood the link.
void Detector::defend(MacAddress other, TimePoint now) {
  const bool defended_lately = last_defence_ && now - *last_defence_ < kDefendInterval;
  if (defended_lately && !keep_defending_) return give_up(other, now);
  if (defended_lately) return;
  last_defence_ = now;
  send(address_);
}

void Detector::give_up(MacAddress other, TimePoint now) {
  count_conflict(now);
  state_ = State::conflict;
  deadline_ = kNever;
  other_ = other;
  outputs_.emplace_back(AddressConflict{other});
}

// An address held for a minute shows that the link is well: the count begins anew.
void Detector::count_conflict(TimePoint now) {
  if (in_use() && now - in_use_since_ >= kRateLimitInterval) conflicts_ = 0;
  conflicts_ = std::min(conflicts_ + 1, kMaxConflicts);
}

// ---- packets ----

// Sender 0.0.0.0 makes it a probe, the address itself an announcement (§2.1.1, §2.3).
void Detector::send(Ipv4Address sender) {
  ArpPacket packet{};
  packet.hardware = Be16(kEthernet);
  packet.protocol = Be16(ether_type::kIpv4);
  packet.hardware_length = sizeof(MacAddress);
  packet.protocol_length = sizeof(Ipv4Address);
  packet.operation = Be16(kRequest);
  packet.sender_mac = own_;
  packet.sender_ip = sender;
  packet.target_ip = address_;
  outputs_.emplace_back(SendArp{packet});
}

Duration Detector::between(Duration low, Duration high) {
  return Duration(std::uniform_int_distribution<Duration::rep>(low.count(), high.count())(random_));
}

// ---- what others see ----

std::optional<TimePoint> Detector::next_deadline() const {
  return deadline_ == kNever ? std::nullopt : std::optional(deadline_);
}

std::vector<Output> Detector::take_outputs() { return std::exchange(outputs_, {}); }

State Detector::state() const { return state_; }

std::string Detector::sentence(TimePoint now) const {
  const std::string address = address_.to_string();
  const int64_t wait = seconds_left(deadline_, now);
  switch (state_) {
    case State::idle:
      return "no address to check for conflicts";
    case State::waiting:
      return fmt::format("about to check whether {} is free, first probe in {} s", address, wait);
    case State::probing:
      return fmt::format("checking whether {} is free ({} of {} probes sent, next step in {} s)", address,
                         sent_, kProbes, wait);
    case State::announcing:
      return fmt::format("announcing {} ({} of {} announcements sent, next in {} s)", address, sent_,
                         kAnnouncements, wait);
    case State::defending:
      return fmt::format("{} is ours, watching for conflicts", address);
    case State::conflict:
      return fmt::format("{} is in use by {}", address, other_.to_string());
  }
  return {};
}

const char* name_of(State state) {
  switch (state) {
    case State::idle:
      return "idle";
    case State::waiting:
      return "waiting";
    case State::probing:
      return "probing";
    case State::announcing:
      return "announcing";
    case State::defending:
      return "defending";
    case State::conflict:
      return "conflict";
  }
  return "unknown";
}

}  // namespace gate41::acd
