// A box at 11.0.0.42 that pings, and the far side of its requests. Packets are built and read here from the
// RFCs' layouts.
#pragma once

#include <gtest/gtest.h>
#include <vector>

#include "control/ping/pinger.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Packet = std::vector<uint8_t>;

inline const Ipv6Address kOwn = ip6("2002:b00:2a::1");
inline const Ipv6Address kServer = ip6("2600:41::80");
inline const Ipv6Address kRelay = ip6("2600:41::3");
inline const Ipv6Address kRouter = ip6("2600:41:0:9::1");
inline const TimePoint kStart{seconds(5000)};

// Identifier and sequence stand at bytes 44 to 47 of an echo without extension headers.
inline uint16_t u16_at(const Packet& packet, std::size_t at) {
  return static_cast<uint16_t>(packet.at(at) << 8U | packet.at(at + 1));
}
inline uint16_t identifier_of(const Packet& request) { return u16_at(request, 44); }
inline uint16_t sequence_of(const Packet& request) { return u16_at(request, 46); }
inline uint8_t hop_limit_of(const Packet& request) { return request.at(7); }

inline Packet reply_to(const Packet& request, const Ipv6Address& from = kServer, uint8_t hop_limit = 57) {
  return PacketBuilder()
      .ipv6(from, kOwn)
      .hop_limit(hop_limit)
      .echo_reply(identifier_of(request), sequence_of(request))
      .payload(Packet(request.begin() + 48, request.end()))
      .build();
}
inline Packet error_about(const Packet& request, uint8_t type, uint8_t code, uint32_t rest = 0,
                          const Ipv6Address& from = kRouter) {
  return PacketBuilder().ipv6(from, kOwn).icmpv6(type, code, rest).payload(request).build();
}
inline Packet time_exceeded(const Packet& request, const Ipv6Address& from = kRouter) {
  return error_about(request, 3, 0, 0, from);
}

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
