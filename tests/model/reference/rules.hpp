// The numbers of the reference, each with its reason. Where an RFC leaves the choice, what is chosen stands
// here and nowhere else.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "tests/model/reference/packet.hpp"

namespace gate41::model {

using std::chrono::seconds;

// --- timers (K51), as they are unless they are configured
struct Timers {
  seconds tcp_established{7440};   // RFC 6092 REC-35: not less than 2 h 4 min
  seconds tcp_transitory{240};     // REC-35: not less than 4 min
  seconds udp{300};                // REC-14: 5 min is recommended
  seconds udp_well_known{120};     // REC-15: may be shorter with a port of 0..1023
  seconds echo{60};                // RFC 5508 REQ-2, for want of one in RFC 6092
  seconds generic{300};            // REC-12: 5 min is recommended
  seconds sctp_established{7440};  // REC-40: not less than 2 h 4 min
  seconds sctp_transitory{240};    // REC-40: not less than 4 min
  seconds dccp_established{7440};  // REC-44: not less than 2 h 4 min
  seconds dccp_transitory{480};    // REC-44: not less than 8 min
};
inline constexpr seconds kFragments{30};  // half of the 60 s for which RFC 8200 §4.5 lets a host wait
inline constexpr uint16_t kLastWellKnownPort = 1023;

// Flows are stamped in whole seconds of the clock.
inline constexpr seconds kGrain{1};

// --- TCP
// RFC 7323 §2.3: a larger shift counts as 14.
inline constexpr uint8_t kLargestScale = 14;
// How far an acknowledgement may lag behind what the peer has sent. RFC 9293 §3.10.7.4 ignores an old one,
// RFC 5961 §5 bounds it by the largest window of the peer. Packets are late and lost on either side of a
// filter, so it allows the largest window that the sender has granted, and never less than the largest
// unscaled one and a segment: what Linux (MAXACKWINDOW) and the product have chosen.
inline constexpr uint32_t kLeastLag = 66000;
// RFC 9293 §3.8.6.1: into a window of zero one byte may be sent, to probe it.
inline constexpr uint32_t kProbe = 1;

// --- fragments: so many separate pieces of one datagram are remembered
inline constexpr std::size_t kPieces = 4;

// REC-34, REC-39: not less than 6 s.
inline constexpr seconds kPatience{6};

// --- what is let in unasked (K48, X5, X7)
// Some hosts of one place: those whose numbers differ in the last bits alone.
struct Prefix {
  Host host;
  uint8_t free_bits = 0;
  [[nodiscard]] bool contains(const Host& other) const {
    return other.place == host.place && other.number >> free_bits == host.number >> free_bits;
  }
};
struct Pinhole {
  Host host;
  uint8_t protocol = 0;  // icmpv6: echo requests, whatever their id
  uint16_t first = 0;
  uint16_t last = 0xffff;
  std::optional<Prefix> from{};
};
enum class Profile : uint8_t { strict, simple_security, transparent };
struct Policy {
  Profile profile = Profile::strict;
  std::optional<bool> echo{};                  // else as the profile has it
  std::optional<bool> endpoint_independent{};  // the same
  Timers timers{};
  std::vector<Pinhole> pinholes{};

  // REC-11, REC-17, REC-33: for transparency.
  [[nodiscard]] bool is_endpoint_independent() const {
    return endpoint_independent.value_or(profile == Profile::simple_security);
  }
  [[nodiscard]] bool allows_echo() const { return echo.value_or(profile != Profile::strict); }
};
inline constexpr uint16_t kIkePort = 500;  // REC-24

}  // namespace gate41::model
