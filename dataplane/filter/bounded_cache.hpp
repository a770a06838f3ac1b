// BoundedCache: a fixed number of short-lived entries, in sets of eight chosen by a keyed hash. What is new
// takes the place of an entry of its set that is free or expired, else of the one that would expire first: no
// sender can fill the table for others, nor make a lookup slow. One thread; nothing is allocated after
// construction.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "dataplane/base/clock.hpp"

namespace gate41 {

template <typename Key, typename Value>
class BoundedCache {
 public:
  static constexpr std::size_t kWays = 8;

  // Rounded up to whole sets.
  explicit BoundedCache(std::size_t capacity)
      : sets_(std::max<std::size_t>(1, (capacity + kWays - 1) / kWays)) {}

  // The living entry of this key, or nullptr.
  [[nodiscard]] Value* find(const Key& key, uint64_t hash, TimePoint now) noexcept {
    for (Slot& slot : set_of(hash))
      if (slot.used && slot.key == key) return slot.lives(now) ? &slot.value : nullptr;
    return nullptr;
  }

  // Sets the value of this key until `lifetime` from now.
  void put(const Key& key, uint64_t hash, const Value& value, TimePoint now, Duration lifetime) noexcept {
    Slot& slot = slot_for(key, set_of(hash), now);
    slot = {key, value, now + lifetime, true};
  }

  // Places in use, expired ones too.
  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t used = 0;
    for (const Set& set : sets_)
      used +=
          static_cast<std::size_t>(std::ranges::count_if(set, [](const Slot& slot) { return slot.used; }));
    return used;
  }

 private:
  struct Slot {
    Key key{};
    Value value{};
    TimePoint expires{};
    bool used = false;
    [[nodiscard]] bool lives(TimePoint now) const noexcept { return used && now < expires; }
  };
  using Set = std::array<Slot, kWays>;

  Set& set_of(uint64_t hash) noexcept { return sets_[static_cast<uint32_t>(hash) % sets_.size()]; }

  static Slot& slot_for(const Key& key, Set& set, TimePoint now) noexcept {
    const auto same =
        std::ranges::find_if(set, [&](const Slot& slot) { return slot.used && slot.key == key; });
    if (same != set.end()) return *same;
    const auto dead = std::ranges::find_if(set, [&](const Slot& slot) { return !slot.lives(now); });
    return dead != set.end() ? *dead : *std::ranges::min_element(set, {}, &Slot::expires);
  }

  std::vector<Set> sets_;
};

}  // namespace gate41
