#include "dataplane/filter/flow_table.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <fmt/core.h>

#include <rte_errno.h>
#include <rte_hash.h>
#include <rte_malloc.h>

#include "dataplane/filter/filter.hpp"

namespace gate41 {
namespace {

// 1.25 positions a flow keep inserts cheap; the spare ones also keep a freed position out of use for a burst,
// since rte_hash hands positions out in the order in which they were freed.
uint32_t slots_for(uint32_t max_flows) { return max_flows + std::max(max_flows / 4, 2 * kBulk); }

rte_hash* create_hash(const std::string& name, uint32_t slots, int numa_node) {
  rte_hash_parameters parameters{};
  parameters.name = name.c_str();
  parameters.entries = slots;
  parameters.key_len = sizeof(FlowKey);
  parameters.socket_id = numa_node;
  parameters.extra_flag = RTE_HASH_EXTRA_FLAGS_EXT_TABLE;
  return rte_hash_create(&parameters);
}

template <typename T>
T* allocate(const char* name, uint32_t count, int numa_node) {
  return static_cast<T*>(rte_zmalloc_socket(name, sizeof(T) * count, kCacheLine, numa_node));
}

}  // namespace

Result<std::unique_ptr<FlowTable>> FlowTable::create(const std::string& name, uint32_t max_flows,
                                                     int numa_node) {
  if (max_flows == 0 || max_flows > kMaxFlowLimit)
    return fail(fmt::format("flow table {}: {} flows; 1 to {} are possible", name, max_flows, kMaxFlowLimit));
  std::unique_ptr<FlowTable> table(new FlowTable);
  table->capacity_ = max_flows;
  table->slots_ = slots_for(max_flows);
  table->hash_ = create_hash(name, table->slots_, numa_node);
  if (table->hash_ == nullptr)
    return fail(fmt::format("flow table {} for {} flows: {}; give more memory or lower filter.max_flows",
                            name, max_flows, rte_strerror(rte_errno)));
  table->entries_ = allocate<FlowEntry>("flow entries", table->slots_, numa_node);
  table->identities_ = allocate<Identity>("flow keys", table->slots_, numa_node);
  if (table->entries_ == nullptr || table->identities_ == nullptr)
    return fail(
        fmt::format("flow table {}: no memory for {} flows on NUMA node {}; give more memory or lower "
                    "filter.max_flows",
                    name, max_flows, numa_node));
  return table;
}

FlowTable::~FlowTable() {
  rte_hash_free(hash_);
  rte_free(entries_);
  rte_free(identities_);
}

void FlowTable::lookup_bulk(std::span<const FlowKey* const> keys, std::span<const uint32_t> signatures,
                            std::span<int32_t> positions) noexcept {
  assert(keys.size() <= kBulk && signatures.size() >= keys.size() && positions.size() >= keys.size());
  if (keys.empty()) return;
  // rte_hash takes both by pointers to what it may write.
  std::array<const void*, kBulk> pointers;
  std::array<hash_sig_t, kBulk> hashes;
  std::ranges::copy(keys, pointers.begin());
  std::ranges::copy(signatures.first(keys.size()), hashes.begin());
  rte_hash_lookup_with_hash_bulk(hash_, pointers.data(), hashes.data(), static_cast<uint32_t>(keys.size()),
                                 positions.data());
}

int32_t FlowTable::insert(const FlowKey& key, uint32_t signature, TimePoint now) noexcept {
  const bool room = counts_.current < capacity_ || make_room(now);
  const int32_t position = room ? rte_hash_add_key_with_hash(hash_, &key, signature) : -1;
  if (position < 0) {
    ++counts_.refused;
    return -1;
  }
  FlowEntry& added = entry(position);
  if (added.state != FlowState::free) return position;
  added.state = FlowState::opening;
  added.created = added.expires = coarse_seconds(now);
  identities_[static_cast<uint32_t>(position)] = {key, signature};
  ++counts_.created;
  ++counts_.current;
  return position;
}

void FlowTable::erase(int32_t position) noexcept {
  FlowEntry& erased = entry(position);
  if (erased.state == FlowState::free) return;
  const Identity& identity = identities_[static_cast<uint32_t>(position)];
  if (observer_ != nullptr) observer_->on_erase(identity.key, erased);
  rte_hash_del_key_with_hash(hash_, &identity.key, identity.signature);
  erased = FlowEntry{};
  --counts_.current;
}

bool FlowTable::make_room(TimePoint now) noexcept {
  for (uint32_t probe = 0; probe < std::min(kEvictionProbes, slots_); ++probe) {
    const auto position = static_cast<int32_t>(eviction_hand_);
    eviction_hand_ = eviction_hand_ + 1 == slots_ ? 0 : eviction_hand_ + 1;
    const FlowEntry& candidate = entry(position);
    if (candidate.state == FlowState::free) continue;
    const bool expired = has_expired(candidate, now);
    if (!expired && !is_transitory(candidate.state)) continue;
    ++(expired ? counts_.expired : counts_.evicted);
    erase(position);
    return true;
  }
  return false;
}

uint32_t FlowTable::slots_due(TimePoint now) noexcept {
  hand_time_ = std::max(hand_time_, now - kExpiryRound);  // more than one round is never owed
  const auto elapsed = static_cast<uint64_t>((now - hand_time_).count());
  const auto round = static_cast<uint64_t>(kExpiryRound.count());
  const uint64_t due = std::min<uint64_t>(elapsed * slots_ / round, kExpirySlice);
  hand_time_ += Duration(static_cast<Duration::rep>(due * round / slots_));
  return static_cast<uint32_t>(due);
}

void FlowTable::expire(TimePoint now) noexcept {
  if (now <= hand_time_) return;
  for (uint32_t left = slots_due(now); left > 0; --left) {
    const auto position = static_cast<int32_t>(hand_);
    hand_ = hand_ + 1 == slots_ ? 0 : hand_ + 1;
    const FlowEntry& candidate = entry(position);
    if (candidate.state == FlowState::free || !has_expired(candidate, now)) continue;
    ++counts_.expired;
    erase(position);
  }
}

uint32_t FlowTable::walk(uint32_t cursor, uint32_t slots, const std::function<void(int32_t)>& visit) {
  const uint32_t end = cursor + std::min(slots, slots_ - std::min(cursor, slots_));
  for (uint32_t slot = cursor; slot < end; ++slot)
    if (entries_[slot].state != FlowState::free) visit(static_cast<int32_t>(slot));
  return end >= slots_ ? 0 : end;
}

}  // namespace gate41
