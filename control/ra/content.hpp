// What an advertiser is told: its settings and the prefixes and routes of the moment.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::ra {

enum class Preference : uint8_t { low, medium, high };
enum class WhenOthers : uint8_t { hold, send };

struct Settings {
  MacAddress mac;
  Ipv6Address link_local;
  std::chrono::seconds max_interval{600};
  Preference preference = Preference::low;
  WhenOthers when_others = WhenOthers::hold;
  bool default_route = true;  // false: router lifetime 0, RIO only (X29)
  uint16_t mtu = 1280;        // MTU option = tunnel MTU (H7)
  uint16_t link_mtu = 1500;   // RAs longer than this are split (H17)
  std::vector<Ipv6Address> rdnss;
  std::vector<std::string> dnssl;
  bool operator==(const Settings&) const = default;
};

// A prefix on this link. `valid_until` is bounded by the lease (P20); TimePoint::max() = no bound.
struct Prefix {
  Ipv6Prefix prefix;
  TimePoint valid_until = TimePoint::max();
};

// What the rest of the gateway knows, set as a whole at each change; a change sends up to 3 prompt RAs (H19).
// An extended `valid_until` is none: it goes out with the next RA.
struct Content {
  std::vector<Prefix> prefixes;    // PIO A=1 L=1: preferred min(rest, 2700 s), valid min(rest, 5400 s) (P22)
  std::vector<Ipv6Prefix> routes;  // RIO: the delegated prefixes (P10)
  bool default_router = false;     // a live relay and a prefix (P3, P5, P11)
};

// A withdrawn prefix: advertised with valid 0 and preferred 0 until `until` (P25, P26).
struct StalePrefix {
  Ipv6Prefix prefix;
  TimePoint until;
};

}  // namespace gate41::ra
