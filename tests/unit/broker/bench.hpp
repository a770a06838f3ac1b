// An updater with a clock that the test moves.
#pragma once

#include <gtest/gtest.h>

#include "control/broker/updater.hpp"

namespace gate41::testing {

using broker::State;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline const Ipv4Address kHere = Ipv4Address::of(11, 0, 0, 2);
inline const Ipv4Address kThere = Ipv4Address::of(11, 0, 0, 3);
inline const Ipv4Address kPrivate = Ipv4Address::of(192, 168, 1, 5);
inline const broker::Place kDirect{kHere, kHere};
inline const broker::Place kElsewhere{kThere, kThere};
inline const broker::Place kBehindNat{kPrivate, kHere};
inline const broker::Place kUnknown{kPrivate, std::nullopt};

inline broker::Settings usual_settings() {
  broker::Settings settings;
  settings.url = "https://tb.example/nic/update";
  settings.host = "123456";
  return settings;
}

struct Bench {
  broker::Updater updater;
  TimePoint now = TimePoint(seconds(1000));
  std::vector<broker::Request> requests;

  explicit Bench(broker::Settings settings = usual_settings(), uint64_t seed = 1)
      : updater(std::move(settings), seed) {}

  void collect() {
    for (const auto& request : updater.take_requests()) requests.push_back(request);
  }
  void place(std::optional<broker::Place> where) {
    updater.on_place(where, now);
    collect();
  }
  void configure(broker::Settings settings) {
    updater.configure(std::move(settings), now);
    collect();
  }
  void answer(const std::string& line) { updater.on_answer(requests.back().id, line, now); }
  void fail(const std::string& why) { updater.on_answer(requests.back().id, gate41::fail(why), now); }
  // To the next deadline: how long that took.
  Duration step() {
    const Duration wait = *updater.next_deadline() - now;
    now += wait;
    updater.on_timer(now);
    collect();
    return wait;
  }
  // All that is due within this time.
  void run_for(Duration time) {
    const TimePoint end = now + time;
    while (updater.next_deadline() && *updater.next_deadline() <= end) step();
    now = end;
  }
  [[nodiscard]] std::string sentence() const { return updater.sentence(now); }
};

inline Bench told_bench(broker::Settings settings = usual_settings()) {
  Bench bench(std::move(settings));
  bench.place(kDirect);
  bench.answer("good 11.0.0.2");
  return bench;
}

}  // namespace gate41::testing
