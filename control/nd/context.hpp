// What the parts of the neighbour discovery engine share: settings, chance, outputs, counters. One per
// Engine.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "control/nd/engine.hpp"

namespace gate41::nd {

// RFC 4861 §10.
inline constexpr Duration kRetransmit = std::chrono::seconds(1);
inline constexpr Duration kReachable = std::chrono::seconds(30);
inline constexpr Duration kDelayFirstProbe = std::chrono::seconds(5);
inline constexpr Duration kMaxAnycastDelay = std::chrono::seconds(1);
// RFC 4862 §5.4.2 allows up to a second, against machines that start at the same moment; hosts wait for this.
inline constexpr Duration kMaxDadDelay = std::chrono::milliseconds(250);
inline constexpr unsigned kMaxAnnouncements = 3;  // unsolicited advertisements
inline constexpr unsigned kMaxSolicitations = 3;  // multicast and unicast

// At most `burst` at once, and one more each `interval`.
class Rate {
 public:
  Rate(Duration interval, unsigned burst) : interval_(interval), burst_(burst) {}
  [[nodiscard]] bool take(TimePoint now);

 private:
  Duration interval_;
  unsigned burst_;
  TimePoint spent_until_ = TimePoint::min();  // every take moves it by an interval
};

class Context {
 public:
  Context(const Settings& s, uint64_t seed) : settings(s), random_(seed) {}

  Settings settings;
  uint64_t invalid = 0;
  uint64_t lladdr_mismatches = 0;
  Questions questions;

  void emit(Output output) { outputs_.push_back(std::move(output)); }
  // Events that a frame can trigger; above the rate they are left out.
  void event(std::string text, TimePoint now);
  [[nodiscard]] std::vector<Output> take_outputs() { return std::exchange(outputs_, {}); }

  // Uniform, in whole microseconds; both ends included.
  [[nodiscard]] Duration between(Duration low, Duration high);
  // A delay up to `high`, never none: what is due is due later than now.
  [[nodiscard]] Duration delay(Duration high) { return between(kShortest, std::max(high, kShortest)); }
  [[nodiscard]] uint64_t draw() { return random_(); }

 private:
  static constexpr Duration kShortest = std::chrono::milliseconds(1);

  std::mt19937_64 random_;
  std::vector<Output> outputs_;
  Rate events_{std::chrono::seconds(10), 10};
};

// The earlier of two deadlines, where there are any.
[[nodiscard]] std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b);

}  // namespace gate41::nd
