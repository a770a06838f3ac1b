// ExpiringSet: a fixed number of short-lived keys, in buckets of eight chosen by a keyed hash. What is new
// takes a place of its bucket that is free or expired, else that of the key that would expire first: a lookup
// is never slow, and nobody fills the table for others. One thread writes, all may ask, without locks: each
// bucket has a version, as adjacencies do (forward/adjacency.hpp). Nothing is allocated after construction.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>
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

  // Any thread.
  [[nodiscard]] bool contains(const Key& key, uint64_t hash, TimePoint now) const noexcept {
    const Bucket& bucket = buckets_[hash % buckets_.size()];
    bool found = false;
    uint64_t before = 0;
    uint64_t after = 0;
    do {
      before = bucket.version.load(std::memory_order_acquire);
      found = std::ranges::any_of(bucket.places, [&](const Place& place) {
        const Slot slot = read(place);
        return now < slot.expires && slot.key == key;
      });
      after = bucket.version.load(std::memory_order_relaxed);
    } while (before != after || (before & 1U) != 0);
    return found;
  }

  // The one writer. Adds the key, or gives it another `lifetime` from now.
  void put(const Key& key, uint64_t hash, TimePoint now, Duration lifetime) noexcept {
    Bucket& bucket = buckets_[hash % buckets_.size()];
    write(bucket, place_for(key, bucket), {key, now + lifetime});
  }

  // Places in use, expired ones too.
  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t used = 0;
    for (const Bucket& bucket : buckets_)
      used += static_cast<std::size_t>(std::ranges::count_if(bucket.places, is_used));
    return used;
  }

 private:
  struct Slot {
    Key key{};
    TimePoint expires{};  // zero: free, which has expired before all others
  };
  static_assert(std::is_trivially_copyable_v<Slot> && sizeof(Slot) % sizeof(uint64_t) == 0);
  using Words = std::array<uint64_t, sizeof(Slot) / sizeof(uint64_t)>;
  using Place = std::array<std::atomic<uint64_t>, std::tuple_size_v<Words>>;
  struct Bucket {
    std::atomic<uint64_t> version{0};  // odd while being written
    std::array<Place, kWays> places{};
  };

  static Slot read(const Place& place) noexcept {
    Words words;
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = place[i].load(std::memory_order_acquire);
    return std::bit_cast<Slot>(words);
  }
  static bool is_used(const Place& place) noexcept { return read(place).expires != TimePoint{}; }

  // Every store after the first is a release: whoever sees one of the new words sees that the version has
  // moved.
  static void write(Bucket& bucket, Place& place, const Slot& slot) noexcept {
    Words words;
    std::memcpy(words.data(), &slot, sizeof slot);
    const uint64_t version = bucket.version.load(std::memory_order_relaxed);
    bucket.version.store(version + 1, std::memory_order_relaxed);
    for (std::size_t i = 0; i < words.size(); ++i) place[i].store(words[i], std::memory_order_release);
    bucket.version.store(version + 2, std::memory_order_release);
  }

  static Place& place_for(const Key& key, Bucket& bucket) noexcept {
    const auto same = std::ranges::find_if(
        bucket.places, [&](const Place& place) { return is_used(place) && read(place).key == key; });
    if (same != bucket.places.end()) return *same;
    return *std::ranges::min_element(bucket.places, {},
                                     [](const Place& place) { return read(place).expires; });
  }

  std::vector<Bucket> buckets_;
};

}  // namespace gate41
