// Histogram: how often each delay was, exact below 64 and within 1/64 above, in a fixed size: nothing is
// allocated while it counts. Unit: whatever it is given; the generator gives nanoseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gate41::generator {

class Histogram {
 public:
  Histogram();
  void add(uint64_t value) noexcept;
  [[nodiscard]] uint64_t count() const noexcept { return count_; }
  // Exact; 0 while there is nothing.
  [[nodiscard]] uint64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
  [[nodiscard]] uint64_t max() const noexcept { return max_; }
  // The least value that at least this share (0..1) of all do not exceed, rounded up within its 1/64.
  [[nodiscard]] uint64_t percentile(double share) const noexcept;

 private:
  std::vector<uint64_t> buckets_;
  uint64_t count_ = 0;
  uint64_t min_ = UINT64_MAX;
  uint64_t max_ = 0;
};

}  // namespace gate41::generator
