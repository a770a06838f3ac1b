// ExpiringSet: a fixed number of short-lived keys, in buckets of eight chosen by a keyed hash. What is new
// takes a place of its bucket that is free or expired, else that of the key that would expire first: a lookup
// is never slow, and nobody fills the table for others. One thread; nothing is allocated after construction.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "dataplane/base/clock.hpp"

namespace gate41 {

template <typename Key>
class ExpiringSet {
 public:
  static constexpr std::size_t kWays = 8;

  // Rounded up to whole buckets.
  explicit ExpiringSet(std::size_t capacity)
      : buckets_(std::max<std::size_t>(1, (capacity + kWays - 1) / kWays)) {}

  [[nodiscard]] bool contains(const Key& key, uint64_t hash, TimePoint now) const noexcept {
    return std::ranges::any_of(bucket_of(hash),
                               [&](const Slot& slot) { return slot.lives(now) && slot.key == key; });
  }

  // Adds the key, or gives it another `lifetime` from now.
  void put(const Key& key, uint64_t hash, TimePoint now, Duration lifetime) noexcept {
    slot_for(key, buckets_[bucket_index(hash)]) = {key, now + lifetime, true};
  }

  // Places in use, expired ones too.
  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t used = 0;
    for (const Bucket& bucket : buckets_)
      used += static_cast<std::size_t>(std::ranges::count_if(bucket, &Slot::used));
    return used;
  }

 private:
  struct Slot {
    Key key{};
    TimePoint expires = TimePoint::min();
    bool used = false;
    [[nodiscard]] bool lives(TimePoint now) const noexcept { return used && now < expires; }
  };
  using Bucket = std::array<Slot, kWays>;

  [[nodiscard]] std::size_t bucket_index(uint64_t hash) const noexcept { return hash % buckets_.size(); }
  [[nodiscard]] const Bucket& bucket_of(uint64_t hash) const noexcept { return buckets_[bucket_index(hash)]; }

  // Where there is no place of this key: free places have expired before all others.
  static Slot& slot_for(const Key& key, Bucket& bucket) noexcept {
    const auto same =
        std::ranges::find_if(bucket, [&](const Slot& slot) { return slot.used && slot.key == key; });
    return same != bucket.end() ? *same : *std::ranges::min_element(bucket, {}, &Slot::expires);
  }

  std::vector<Bucket> buckets_;
};

}  // namespace gate41
