#include "dataplane/forward/error_rate.hpp"

#include <algorithm>

namespace gate41 {
namespace {

constexpr uint64_t kToken = 1'000'000'000;  // a token a second is one nano-token a nanosecond

}  // namespace

TokenBucket::TokenBucket(uint32_t per_second, uint32_t burst) noexcept
    : tokens_nano_(burst * kToken), limit_nano_(burst * kToken), per_second_(per_second) {}

bool TokenBucket::take(TimePoint now) noexcept {
  if (now > last_ && per_second_ != 0) {
    // More time than it takes to fill is worth no more, and would overflow the product.
    const uint64_t time_to_fill = limit_nano_ / per_second_ + 1;
    const uint64_t elapsed = std::min(static_cast<uint64_t>((now - last_).count()), time_to_fill);
    tokens_nano_ = std::min(tokens_nano_ + elapsed * per_second_, limit_nano_);
    last_ = now;
  }
  if (tokens_nano_ < kToken) return false;
  tokens_nano_ -= kToken;
  return true;
}

TokenBucket part_of(uint32_t per_second, uint32_t burst, unsigned workers) noexcept {
  return {std::max(per_second / workers, 1U), std::max(burst / workers, 1U)};
}

ErrorRates gateway_error_rates(unsigned workers) noexcept {
  return {part_of(100, 100, workers), part_of(10, 10, workers), part_of(100, 100, workers)};
}
ErrorRates relay_error_rates(unsigned workers) noexcept {
  return {part_of(1000, 1000, workers), part_of(1000, 1000, workers), {}};
}

}  // namespace gate41
