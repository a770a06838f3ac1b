// What a DHCP server gave (RFC 2131 §2.2, RFC 2132, RFC 3442, RFC 5969), as values. Plain data, copied
// freely.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/dhcp/six_rd.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::dhcp {

struct Route {
  Ipv4Prefix destination;
  Ipv4Address gateway;  // 0.0.0.0 = on-link (RFC 3442)

  bool operator==(const Route&) const = default;
};

// What an ACK gave. Times are absolute; TimePoint::max() = infinite.
struct Lease {
  Ipv4Address address;
  uint8_t prefix_length = 24;         // 24 too when option 1 is absent or is no mask
  std::optional<Ipv4Address> router;  // from 121's default route if there is one, else 3 (M17)
  std::vector<Route> routes;          // option 121 without the default route
  std::vector<Ipv4Address> dns;
  std::vector<Ipv4Address> time_servers;  // option 42
  std::optional<uint16_t> mtu;            // option 26, >= 576
  Ipv4Address server;                     // option 54
  TimePoint obtained;   // when the ACK came; the times below count from the REQUEST (RFC 2131 §4.4.1)
  TimePoint renew_at;   // T1
  TimePoint rebind_at;  // T2
  TimePoint expires;
  std::vector<uint8_t> options;       // raw options as received, for `gate41 dhcp` (Options::add)
  std::optional<SixRd> six_rd;        // option 212, if it came, is asked for and is right
  std::vector<uint8_t> six_rd_bytes;  // its value as received, right or wrong; for `gate41 dhcp`
  std::string six_rd_ignored;         // "option 212 ignored: why"; empty when nothing is wrong
};

// A lease kept on disk for INIT-REBOOT (M14): wall-clock expiry, seconds since 1970, or 0 for infinite.
// The engine has no wall clock: whoever reads the file leaves out a lease that has expired.
struct StoredLease {
  Ipv4Address address;
  Ipv4Address server;
  int64_t expires_at = 0;
};

}  // namespace gate41::dhcp
