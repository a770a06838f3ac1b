#include "dataplane/forward/adjacency.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gate41 {
namespace {

using Words = std::array<uint64_t, sizeof(Adjacency) / sizeof(uint64_t)>;

}  // namespace

AdjacencyTable::AdjacencyTable(uint32_t capacity)
    : capacity_(std::min(capacity, kSlotMask + 1)), slots_(std::make_unique<Slot[]>(capacity_)) {}

AdjacencyIndex AdjacencyTable::allocate() {
  if (!free_.empty()) {
    const AdjacencyIndex index = free_.back();
    free_.pop_back();
    return index;
  }
  return used_ < capacity_ ? used_++ : kNoAdjacency;
}

// Every store after the first is a release: whoever sees one of the new words sees that the version has
// moved. Fences would do as well, but thread sanitizers do not follow them.
void AdjacencyTable::store(uint32_t slot, const Adjacency& value) noexcept {
  const auto words = std::bit_cast<Words>(value);
  Slot& target = slots_[slot];
  const uint64_t version = target.version.load(std::memory_order_relaxed);
  target.version.store(version + 1, std::memory_order_relaxed);
  for (std::size_t i = 0; i < words.size(); ++i) target.words[i].store(words[i], std::memory_order_release);
  target.version.store(version + 2, std::memory_order_release);
}

void AdjacencyTable::write(AdjacencyIndex index, const Adjacency& value) {
  Adjacency copy = value;
  copy.self = index;
  store(slot_of(index), copy);
}

void AdjacencyTable::release(AdjacencyIndex index) {
  if (index == kNoAdjacency) return;
  store(slot_of(index), Adjacency{});
  released_.push_back(successor(index));
}

void AdjacencyTable::reclaim() {
  free_.insert(free_.end(), released_.begin(), released_.end());
  released_.clear();
}

uint32_t AdjacencyTable::in_use() const {
  return used_ - 1 - static_cast<uint32_t>(free_.size() + released_.size());
}

uint64_t AdjacencyTable::read(AdjacencyIndex index, Adjacency& value) const noexcept {
  const Slot& source = slots_[slot_of(index)];
  auto* const target = reinterpret_cast<uint8_t*>(&value);
  uint64_t before = 0;
  uint64_t after = 0;
  do {
    before = source.version.load(std::memory_order_acquire);
#pragma GCC unroll 7
    for (std::size_t i = 0; i < source.words.size(); ++i) {
      const uint64_t word = source.words[i].load(std::memory_order_acquire);
      std::memcpy(target + i * sizeof word, &word, sizeof word);
    }
    after = source.version.load(std::memory_order_relaxed);
  } while (before != after || (before & 1U) != 0);
  if (value.self != index) value = Adjacency{};
  return before;
}

}  // namespace gate41
