#include "dataplane/forward/neighbour_table.hpp"

#include <fmt/core.h>

#include <rte_errno.h>
#include <rte_hash.h>

#include "dataplane/net/flow_hash.hpp"

namespace gate41 {
namespace {

// Spare positions for those that wait for reclaim().
uint32_t slots_for(uint32_t capacity) { return capacity + capacity / 4 + 8; }

rte_hash* create_hash(const std::string& name, uint32_t slots, int numa_node) {
  rte_hash_parameters parameters{};
  parameters.name = name.c_str();
  parameters.entries = slots;
  parameters.key_len = sizeof(NeighbourKey);
  parameters.socket_id = numa_node;
  parameters.extra_flag = RTE_HASH_EXTRA_FLAGS_EXT_TABLE | RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF;
  return rte_hash_create(&parameters);
}

}  // namespace

Result<std::unique_ptr<NeighbourTable>> NeighbourTable::create(const std::string& name, uint32_t capacity,
                                                               int numa_node, HashSecret secret) {
  std::unique_ptr<NeighbourTable> table(new NeighbourTable);
  const uint32_t slots = slots_for(capacity);
  table->hash_ = create_hash(name, slots, numa_node);
  if (table->hash_ == nullptr)
    return fail(fmt::format("neighbour table {} for {} neighbours: {}; give more memory", name, capacity,
                            rte_strerror(rte_errno)));
  table->secret_ = secret;
  table->capacity_ = capacity;
  table->entries_ = std::make_unique<Entry[]>(slots);
  table->keys_.resize(slots);
  table->present_.resize(slots);
  return table;
}

NeighbourTable::~NeighbourTable() { rte_hash_free(hash_); }

uint32_t NeighbourTable::signature_of(const NeighbourKey& key) const noexcept {
  const uint64_t address = address_hash(secret_, key.address);
  return static_cast<uint32_t>(fold_multiply(address ^ secret_.c, key.scope ^ secret_.a));
}

int32_t NeighbourTable::position_of(const NeighbourKey& key) const noexcept {
  return rte_hash_lookup_with_hash(hash_, &key, signature_of(key));
}

// A reader that finds the key before its adjacency stands here sees kNoAdjacency: not known yet.
bool NeighbourTable::insert(const NeighbourKey& key, AdjacencyIndex adjacency) {
  int32_t position = position_of(key);
  if (position < 0) {
    if (size_ == capacity_) return false;
    position = rte_hash_add_key_with_hash(hash_, &key, signature_of(key));
    if (position < 0) return false;
    keys_[static_cast<uint32_t>(position)] = key;
    present_[static_cast<uint32_t>(position)] = true;
    ++size_;
  }
  entries_[static_cast<uint32_t>(position)].adjacency.store(adjacency, std::memory_order_release);
  return true;
}

void NeighbourTable::erase(const NeighbourKey& key) {
  const int32_t position = rte_hash_del_key_with_hash(hash_, &key, signature_of(key));
  if (position < 0) return;
  const auto index = static_cast<uint32_t>(position);
  entries_[index].adjacency.store(kNoAdjacency, std::memory_order_relaxed);
  present_[index] = false;
  erased_.push_back(position);
  --size_;
}

// Only now: until here a worker may have held the position, and stamped it.
void NeighbourTable::reclaim() {
  for (const int32_t position : erased_) {
    entries_[static_cast<uint32_t>(position)].last_used.store(0, std::memory_order_relaxed);
    rte_hash_free_key_with_position(hash_, position);
  }
  erased_.clear();
}

std::vector<NeighbourKey> NeighbourTable::take_used(TimePoint now) {
  std::vector<NeighbourKey> used;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const uint32_t last_used = entries_[i].last_used.load(std::memory_order_relaxed);
    if (present_[i] && last_used != 0 && last_used >= taken_) used.push_back(keys_[i]);
  }
  taken_ = coarse_seconds(now);
  return used;
}

uint32_t NeighbourTable::size() const { return size_; }

AdjacencyIndex NeighbourTable::lookup(const NeighbourKey& key, uint32_t now_seconds) noexcept {
  const int32_t position = position_of(key);
  if (position < 0) return kNoAdjacency;
  const auto index = static_cast<uint32_t>(position);
  stamp(index + 1, now_seconds);
  return entries_[index].adjacency.load(std::memory_order_acquire);
}

// The line is shared: it is written once a second at most.
void NeighbourTable::stamp(uint32_t slot, uint32_t now_seconds) noexcept {
  std::atomic<uint32_t>& last_used = entries_[slot - 1].last_used;
  if (last_used.load(std::memory_order_relaxed) != now_seconds)
    last_used.store(now_seconds, std::memory_order_relaxed);
}

uint32_t NeighbourTable::slot_of(const NeighbourKey& key) const {
  const int32_t position = position_of(key);
  return position < 0 ? 0 : static_cast<uint32_t>(position) + 1;
}

}  // namespace gate41
