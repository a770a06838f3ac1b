// A detector with a clock that the test moves, and everything it said with the time of it.
#pragma once

#include <gtest/gtest.h>

#include "control/acd/detector.hpp"

namespace gate41::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline const MacAddress kOwnMac{{0x02, 0, 0, 0, 0, 0x42}};
inline const MacAddress kAliasMac{{0x02, 0, 0, 0, 0, 0x99}};  // what the bridge makes of ours
inline const MacAddress kOtherMac{{0x02, 0, 0, 0, 0, 0x13}};
inline const Ipv4Address kAddress = Ipv4Address::of(11, 0, 0, 42);
inline const Ipv4Address kNeighbour = Ipv4Address::of(11, 0, 0, 13);
inline const Ipv4Address kNone{};

// RFC 826: operation 1 is a request, 2 a reply.
inline ArpPacket arp(uint16_t operation, MacAddress sender, Ipv4Address from, Ipv4Address to) {
  return {Be16(1), Be16(0x0800), 6, 4, Be16(operation), sender, from, MacAddress{}, to};
}
inline ArpPacket reply_of(MacAddress mac) { return arp(2, mac, kAddress, kNeighbour); }
inline ArpPacket request_of(MacAddress mac) { return arp(1, mac, kAddress, kNeighbour); }
inline ArpPacket probe_of(MacAddress mac) { return arp(1, mac, kNone, kAddress); }

struct Heard {
  ArpPacket packet;
  TimePoint at;
};

struct Link {
  acd::Detector detector;
  TimePoint now = TimePoint(seconds(1000));
  std::vector<Heard> heard;
  std::vector<TimePoint> free;
  std::vector<MacAddress> conflicts;
  bool stuck = false;  // a timer that did not move its deadline ahead

  explicit Link(uint64_t seed = 1, std::optional<MacAddress> alias = std::nullopt)
      : detector(kOwnMac, alias, seed) {}

  void take(const acd::SendArp& s) { heard.push_back({s.packet, now}); }
  void take(const acd::AddressFree&) { free.push_back(now); }
  void take(const acd::AddressConflict& c) { conflicts.push_back(c.other); }
  void collect() {
    for (const auto& output : detector.take_outputs()) std::visit([&](const auto& o) { take(o); }, output);
  }
  void start(bool keep_defending = false) {
    detector.start(kAddress, keep_defending, now);
    collect();
  }
  void receive(const ArpPacket& packet) {
    detector.on_arp(packet, now);
    collect();
  }
  void step() {
    now = *detector.next_deadline();
    detector.on_timer(now);
    collect();
    const auto next = detector.next_deadline();
    stuck = stuck || (next && *next <= now);
  }
  void run_to(acd::State state) {
    while (detector.state() != state && detector.next_deadline() && !stuck) step();
  }
};

// A link where the address is in use and both announcements are out.
inline Link settled_link(bool keep_defending = false, std::optional<MacAddress> alias = std::nullopt) {
  Link link(1, alias);
  link.start(keep_defending);
  link.run_to(acd::State::defending);
  return link;
}

}  // namespace gate41::testing
