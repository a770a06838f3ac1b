// Advertisement: one router advertisement as a value, with every lifetime as it goes out. Composed from
// settings and content (RFC 9096 §3.3..3.5, 7084 G-4, L-3, L-4), read by the encoder and by the operator's
// view. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "control/ra/content.hpp"
#include "control/ra/withdrawals.hpp"

namespace gate41::ra {

inline constexpr std::chrono::seconds kRouterLifetime{2700};  // P21, P22
inline constexpr std::chrono::seconds kPreferredLifetime{2700};
inline constexpr std::chrono::seconds kValidLifetime{5400};
inline constexpr uint8_t kHopLimit = 64;

struct PrefixInformation {
  Ipv6Prefix prefix;
  std::chrono::seconds valid{0};
  std::chrono::seconds preferred{0};
  [[nodiscard]] bool autonomous() const { return prefix.length == 64; }  // H38; L is always set (P12)
};

struct RouteInformation {
  Ipv6Prefix prefix;
  std::chrono::seconds lifetime{0};
};

struct DnsInformation {
  std::vector<Ipv6Address> servers;
  std::vector<std::string> domains;
  std::chrono::seconds lifetime{0};
};

// Reachable time, retransmission timer, M and O are 0 always (H6, H8).
struct Advertisement {
  MacAddress mac;
  std::chrono::seconds router_lifetime{0};  // 0: no default router
  Preference preference = Preference::medium;
  uint16_t mtu = 0;
  std::vector<PrefixInformation> prefixes;
  std::vector<RouteInformation> routes;
  std::vector<DnsInformation> dns;  // what is valid, what is withdrawn
};

[[nodiscard]] Advertisement compose(const Settings& settings, const Content& content,
                                    const std::vector<StalePrefix>& stale, const Withdrawn& withdrawn,
                                    TimePoint now);

// The last word of a router that goes away (X25): no default route, no routes; prefixes and DNS are left out,
// or with `deprecate` withdrawn. What was withdrawn before stays so.
[[nodiscard]] Advertisement final_of(Advertisement advertisement, bool deprecate);

// One line for each part of it, for people.
[[nodiscard]] std::vector<std::string> describe(const Advertisement& advertisement);

[[nodiscard]] const char* name_of(Preference preference);

}  // namespace gate41::ra
