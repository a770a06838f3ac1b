// A box that pings, and the far side of its requests.
#pragma once

#include <gtest/gtest.h>
#include <vector>

#include "control/ping/pinger.hpp"
#include "tests/unit/echowire/packets.hpp"

namespace gate41::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;
inline const Ipv6Address kRelay = ip6("2600:41::3");
inline const TimePoint kStart{seconds(5000)};

class Pinging : public ::testing::Test {
 protected:
  ping::Pinger::Id ping(ping::PingSettings settings = {}) {
    settings.ends = {kOwn, kServer};
    const auto run = pinger.start(settings, now);
    EXPECT_TRUE(run) << run.error().message;
    turn();
    return run.value_or(0);
  }
  ping::Pinger::Id trace(ping::TraceSettings settings = {}) {
    settings.ends = {kOwn, kServer};
    const auto run = pinger.start(settings, now);
    EXPECT_TRUE(run) << run.error().message;
    turn();
    return run.value_or(0);
  }
  // What the loop does at every turn.
  void turn() {
    pinger.on_timer(now);
    for (Packet& packet : pinger.take_packets()) packets.push_back(std::move(packet));
    for (ping::Pinger::Row& row : pinger.take_rows()) rows.push_back(std::move(row));
  }
  // To the next deadline, but not beyond `limit`.
  void run_until(TimePoint limit) {
    for (auto due = pinger.next_deadline(); due && *due <= limit; due = pinger.next_deadline()) {
      now = *due;
      turn();
    }
    now = limit;
  }
  bool receive(const Packet& packet) {
    const bool taken = pinger.on_packet(packet, now);
    turn();
    return taken;
  }
  template <typename Event>
  std::vector<Event> told() const {
    std::vector<Event> events;
    for (const ping::Pinger::Row& row : rows)
      if (const auto* event = std::get_if<Event>(&row.event)) events.push_back(*event);
    return events;
  }

  ping::Pinger pinger{4711};
  TimePoint now = kStart;
  std::vector<Packet> packets;
  std::vector<ping::Pinger::Row> rows;
};

}  // namespace gate41::testing
