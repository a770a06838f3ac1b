// Token buckets of originated ICMPv6 errors (RFC 4443 §2.4 f; I5, B21, X9): per worker, one for packet too
// big, one for the rest, so that neither starves the other; and of echo requests that nobody inside asked for
// (X7). Time is an argument. Packet path.
#pragma once

#include <cstdint>

#include "dataplane/base/clock.hpp"

namespace gate41 {

class TokenBucket {
 public:
  TokenBucket() = default;
  TokenBucket(uint32_t per_second, uint32_t burst) noexcept;  // full at first
  // Takes one token if there is one.
  [[nodiscard]] bool take(TimePoint now) noexcept;

 private:
  uint64_t tokens_nano_ = 0;  // tokens times 1e9
  uint64_t limit_nano_ = 0;
  uint32_t per_second_ = 0;
  TimePoint last_{};
};

// A worker's part of what the box may do, at least one a second.
[[nodiscard]] TokenBucket part_of(uint32_t per_second, uint32_t burst, unsigned workers) noexcept;

struct ErrorRates {
  TokenBucket packet_too_big;
  TokenBucket other;
  TokenBucket echo_requests;  // of a gateway: what its profile alone lets in
};

// Gateway: PTB and echo requests 100/s, others 10/s. Relay: 1000/s each (X9). At once: what a second allows.
// All workers together: each has its part.
[[nodiscard]] ErrorRates gateway_error_rates(unsigned workers = 1) noexcept;
[[nodiscard]] ErrorRates relay_error_rates(unsigned workers = 1) noexcept;

}  // namespace gate41
