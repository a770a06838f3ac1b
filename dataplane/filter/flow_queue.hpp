// FlowQueue: positions in the order in which they came, linked through the slots themselves; a position is in
// one queue at most and can leave it from anywhere. Everything is O(1) and allocates nothing.
#pragma once

#include <cstdint>
#include <utility>

namespace gate41 {

struct QueueLinks {
  uint32_t before;
  uint32_t after;
};

// `Slots`: an array of things with `links`.
template <typename Slots>
class FlowQueue {
 public:
  static constexpr uint32_t kNobody = UINT32_MAX;

  [[nodiscard]] uint32_t oldest() const noexcept { return oldest_; }
  [[nodiscard]] uint32_t size() const noexcept { return size_; }

  void add(Slots& slots, uint32_t position) noexcept {
    slots[position].links = {newest_, kNobody};
    (newest_ == kNobody ? oldest_ : slots[newest_].links.after) = position;
    newest_ = position;
    ++size_;
  }
  void remove(Slots& slots, uint32_t position) noexcept {
    const QueueLinks links = slots[position].links;
    (links.before == kNobody ? oldest_ : slots[links.before].links.after) = links.after;
    (links.after == kNobody ? newest_ : slots[links.after].links.before) = links.before;
    --size_;
  }

 private:
  uint32_t oldest_ = kNobody;
  uint32_t newest_ = kNobody;
  uint32_t size_ = 0;
};

}  // namespace gate41
