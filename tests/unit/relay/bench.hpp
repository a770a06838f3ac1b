// A site at 11.0.0.42 with a health engine, and the far side of its probes. Packets are built and read here
// from the RFCs' layouts.
#pragma once

#include <gtest/gtest.h>
#include <vector>

#include "control/relay/health.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Packet = std::vector<uint8_t>;

inline const Ipv4Address kRelay = ip4("192.88.99.1");
inline const Ipv6Address kRelayTarget = ip6("2002:c058:6301::");
inline const Ipv4Address kSecond = ip4("11.0.0.9");
inline const Ipv6Address kSecondTarget = ip6("2002:b00:9::");
inline const Ipv6Address kOwn = ip6("2002:b00:2a::1");
inline const TimePoint kStart{seconds(5000)};

// Identifier and sequence stand at bytes 44 to 47 of an echo without extension headers.
inline uint16_t u16_at(const Packet& packet, std::size_t at) {
  return static_cast<uint16_t>(packet.at(at) << 8U | packet.at(at + 1));
}
inline Ipv6Address address_at(const Packet& packet, std::size_t at) {
  Ipv6Address address;
  std::copy_n(packet.begin() + static_cast<std::ptrdiff_t>(at), 16, address.bytes.begin());
  return address;
}
inline Ipv6Address target_of(const Packet& probe) { return address_at(probe, 24); }

inline Packet reply_to(const Packet& probe) {
  return PacketBuilder()
      .ipv6(target_of(probe), address_at(probe, 8))
      .echo_reply(u16_at(probe, 44), u16_at(probe, 46))
      .build();
}
inline Packet time_exceeded_about(const Packet& probe, const Ipv6Address& by = ip6("2600:41:0:1::1")) {
  return PacketBuilder().ipv6(by, kOwn).icmpv6(3, 0).payload(probe).build();
}

class RelayHealth : public ::testing::Test {
 protected:
  void configure(std::vector<Ipv4Address> relays, TimePoint now = kStart) {
    health.configure({.own = kOwn, .relays = std::move(relays), .interval = seconds(10), .misses = 3}, now);
    collect();
  }
  void collect() {
    for (relay::Output& output : health.take_outputs())
      if (auto* packet = std::get_if<relay::SendPacket>(&output))
        probes.push_back(packet->ipv6);
      else
        choices.push_back(std::get<relay::LiveRelay>(output).relay);
  }
  // Runs every deadline up to `until`; answers what `alive` says.
  void run_until(TimePoint until, const std::vector<Ipv6Address>& alive = {}) {
    for (auto due = health.next_deadline(); due && *due <= until; due = health.next_deadline()) {
      const std::size_t before = probes.size();
      health.on_timer(*due);
      collect();
      for (std::size_t i = before; i < probes.size(); ++i)
        if (std::find(alive.begin(), alive.end(), target_of(probes[i])) != alive.end())
          receive(reply_to(probes[i]), *due + milliseconds(20));
    }
  }
  void receive(const Packet& packet, TimePoint now) {
    health.on_packet(packet, now);
    collect();
  }
  void unreachable(Ipv4Address relay, TimePoint now) {
    health.on_unreachable(relay, now);
    collect();
  }
  relay::State state(std::size_t index = 0) const { return health.relays().at(index).state; }

  relay::Health health{4711};
  std::vector<Packet> probes;
  std::vector<std::optional<Ipv4Address>> choices;
};

}  // namespace gate41::testing
