#include "perf/generator/reception.hpp"

#include <algorithm>

namespace gate41::generator {

void Reception::take(uint32_t sequence, uint64_t delay) {
  if (sequence >= seen_.size()) return;
  if (seen_[sequence]) {
    ++duplicates_;
    return;
  }
  seen_[sequence] = true;
  ++received_;
  reordered_ += sequence < next_;
  next_ = std::max(next_, sequence + 1);
  delays_.add(delay);
}

std::optional<uint32_t> Reception::last_lost(uint64_t sent) const {
  for (uint64_t sequence = std::min<uint64_t>(sent, seen_.size()); sequence-- > 0;)
    if (!seen_[sequence]) return static_cast<uint32_t>(sequence);
  return {};
}

}  // namespace gate41::generator
