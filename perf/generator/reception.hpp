// Reception: what arrived of one stream of numbered packets, each counted once. Its memory, a bit a packet,
// is there from the start.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "perf/generator/histogram.hpp"

namespace gate41::generator {

class Reception {
 public:
  // Sequences run from 0 to below `most`; what is above is not looked at.
  explicit Reception(uint64_t most) : seen_(most) {}

  void take(uint32_t sequence, uint64_t delay);
  void take_wrong() noexcept { ++wrong_; }

  [[nodiscard]] uint64_t most() const noexcept { return seen_.size(); }
  [[nodiscard]] uint64_t received() const noexcept { return received_; }  // different ones
  [[nodiscard]] uint64_t duplicates() const noexcept { return duplicates_; }
  // Behind one that was sent after it (RFC 4737 §3).
  [[nodiscard]] uint64_t reordered() const noexcept { return reordered_; }
  // With other addresses or ports than were sent.
  [[nodiscard]] uint64_t wrong() const noexcept { return wrong_; }
  [[nodiscard]] const Histogram& delays() const noexcept { return delays_; }
  [[nodiscard]] bool has(uint32_t sequence) const { return sequence < seen_.size() && seen_[sequence]; }
  // Of the first `sent`, the last one that did not arrive.
  [[nodiscard]] std::optional<uint32_t> last_lost(uint64_t sent) const;

 private:
  std::vector<bool> seen_;
  uint64_t received_ = 0;
  uint64_t duplicates_ = 0;
  uint64_t reordered_ = 0;
  uint64_t wrong_ = 0;
  uint32_t next_ = 0;  // behind the highest that arrived
  Histogram delays_;
};

}  // namespace gate41::generator
