// ExpiringMap: a fixed number of short-lived keys with what is known of each, in buckets of eight chosen by a
// keyed hash. What is new takes a place of its bucket that is free or expired, else that of the key that
// would expire first: a lookup is never slow, and nobody fills the table for others. One thread; nothing is
// allocated after construction.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "dataplane/base/clock.hpp"

namespace gate41 {

template <typename Key, typename Value>
class ExpiringMap {
 public:
  static constexpr std::size_t kWays = 8;

  // Rounded up to whole buckets.
  explicit ExpiringMap(std::size_t capacity)
      : buckets_(std::max<std::size_t>(1, (capacity + kWays - 1) / kWays)) {}

  // nullptr: not there, or not any more.
  [[nodiscard]] Value* find(const Key& key, uint64_t hash, TimePoint now) noexcept {
    Bucket& bucket = bucket_of(hash);
    const auto slot = std::ranges::find_if(
        bucket, [&](const Slot& s) { return s.used && now < s.expires && s.key == key; });
    return slot == bucket.end() ? nullptr : &slot->value;
  }

  // A key that find() does not know, for `lifetime` from now; its value is fresh.
  Value& insert(const Key& key, uint64_t hash, TimePoint now, Duration lifetime) noexcept {
    // Free places have expired before all others.
    Slot& slot = *std::ranges::min_element(bucket_of(hash), {}, &Slot::expires);
    slot = {key, {}, now + lifetime, true};
    return slot.value;
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
    Value value{};
    TimePoint expires = TimePoint::min();
    bool used = false;
  };
  using Bucket = std::array<Slot, kWays>;

  [[nodiscard]] Bucket& bucket_of(uint64_t hash) noexcept { return buckets_[hash % buckets_.size()]; }

  std::vector<Bucket> buckets_;
};

}  // namespace gate41
