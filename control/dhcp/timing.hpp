// When a DHCP client speaks: retransmission and the times of a lease (RFC 2131 §4.1, §4.4.5). Pure
// arithmetic.
#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "dataplane/base/clock.hpp"

namespace gate41::dhcp {

using Random = std::mt19937_64;

inline constexpr uint32_t kInfiniteLease = 0xffffffff;  // RFC 2131 §3.3

// How long to wait for an answer after the `tries`-th transmission (1 = the first): 4 s doubled up to 64 s,
// +-1 s.
[[nodiscard]] Duration answer_delay(unsigned tries, Random& random);

// How long to wait before RENEWING or REBINDING asks again: half of what remains, not below 60 s.
[[nodiscard]] Duration renewal_delay(Duration remaining);

// Seconds, as a server gives them in options 51, 58 and 59.
struct GivenTimes {
  uint32_t lease = 0;
  std::optional<uint32_t> renewal;
  std::optional<uint32_t> rebinding;
};

struct LeaseTimes {
  TimePoint renew_at;
  TimePoint rebind_at;
  TimePoint expires;
};

// T1 and T2 as given when 0 < T1 < T2 < lease, else a half and 7/8 of the lease, each up to 1/64 of it
// earlier or later, so that a site's clients do not renew in step.
[[nodiscard]] LeaseTimes lease_times(TimePoint start, const GivenTimes& given, Random& random);

}  // namespace gate41::dhcp
