// A site that keeps two targets alive every 60 s, and what it sends over time.
#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "control/keepalive/engine.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline const Ipv4Address kRelay = ip4("192.88.99.1");
inline const Ipv4Address kOther = ip4("192.88.99.2");
inline const TimePoint kStart{seconds(5000)};
inline constexpr seconds kInterval{60};

struct Sent {
  Ipv4Address target;
  uint32_t token;
  TimePoint time;
};

class Keepalive : public ::testing::Test {
 protected:
  static keepalive::Settings settings(std::vector<Ipv4Address> targets, milliseconds interval = kInterval) {
    return {ip4("11.0.0.42"), ip6("2002:b00:2a::1"), std::move(targets), interval};
  }
  void configure(const keepalive::Settings& wanted, TimePoint now = kStart) {
    engine.configure(wanted, now);
    at(now);
  }
  // What is due at this moment.
  void at(TimePoint now) {
    engine.on_timer(now);
    for (const keepalive::Send& send : engine.take_outputs()) sent.push_back({send.target, send.token, now});
  }
  // Runs every deadline up to `until`.
  void run_until(TimePoint until) {
    for (auto due = engine.next_deadline(); due && *due <= until; due = engine.next_deadline()) at(*due);
  }
  // A look at the data path each second, up to `until`; `packets_a_second` go to `live`.
  void users_send(std::optional<Ipv4Address> live, uint64_t packets_a_second, TimePoint from,
                  TimePoint until) {
    for (TimePoint now = from; now <= until; now += seconds(1)) {
      packets += packets_a_second;
      engine.on_traffic(live, packets, now);
      run_until(now);
    }
  }
  std::vector<TimePoint> times(Ipv4Address target) const {
    std::vector<TimePoint> found;
    for (const Sent& one : sent)
      if (one.target == target) found.push_back(one.time);
    return found;
  }
  keepalive::TargetInfo info(Ipv4Address target) const {
    const auto targets = engine.targets();
    return *std::ranges::find(targets, target, &keepalive::TargetInfo::address);
  }

  keepalive::Engine engine{4711};
  std::vector<Sent> sent;
  uint64_t packets = 0;
};

}  // namespace gate41::testing
