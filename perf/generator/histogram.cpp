#include "perf/generator/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gate41::generator {
namespace {

// Values below kPart have a bucket each; above, every power of two is cut into kPart parts.
constexpr unsigned kPartBits = 6;
constexpr uint64_t kPart = uint64_t{1} << kPartBits;
constexpr std::size_t kBuckets = (64 - kPartBits + 1) * kPart;

std::size_t bucket_of(uint64_t value) noexcept {
  if (value < kPart) return value;
  const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - kPartBits - 1;
  return (std::size_t{shift} + 1) * kPart + ((value >> shift) - kPart);
}

uint64_t largest_of(std::size_t bucket) noexcept {
  if (bucket < kPart) return bucket;
  const std::size_t shift = bucket / kPart - 1;
  return ((kPart + bucket % kPart + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : buckets_(kBuckets) {}

void Histogram::add(uint64_t value) noexcept {
  ++buckets_[bucket_of(value)];
  ++count_;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

uint64_t Histogram::percentile(double share) const noexcept {
  const auto wanted = static_cast<uint64_t>(std::ceil(share * static_cast<double>(count_)));
  uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted && seen > 0) return std::min(largest_of(bucket), max_);
  }
  return max_;
}

}  // namespace gate41::generator
