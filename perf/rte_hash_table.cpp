#include "perf/rte_hash_table.hpp"

#include <array>

#include <rte_hash.h>

namespace gate41::perf {

RteHashTable::RteHashTable(uint32_t max_flows) {
  rte_hash_parameters parameters{};
  parameters.name = "flows";
  parameters.entries = max_flows + max_flows / 4;
  parameters.key_len = sizeof(PaddedKey);
  parameters.socket_id = SOCKET_ID_ANY;
  parameters.extra_flag = RTE_HASH_EXTRA_FLAGS_EXT_TABLE;
  hash_ = rte_hash_create(&parameters);
  entries_ = HugeArray<FlowEntry>("flow entries", parameters.entries, SOCKET_ID_ANY);
  identities_ = HugeArray<Identity>("flow keys", parameters.entries, SOCKET_ID_ANY);
}

RteHashTable::~RteHashTable() { rte_hash_free(hash_); }

void RteHashTable::lookup_bulk(std::span<const FlowKey* const> keys, std::span<const uint32_t> signatures,
                               std::span<int32_t> positions) noexcept {
  std::array<PaddedKey, kBulk> padded;
  std::array<const void*, kBulk> pointers;
  std::array<hash_sig_t, kBulk> hashes;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    padded[i].key = *keys[i];
    pointers[i] = &padded[i];
    hashes[i] = signatures[i];
  }
  rte_hash_lookup_with_hash_bulk(hash_, pointers.data(), hashes.data(), static_cast<uint32_t>(keys.size()),
                                 positions.data());
  for (const int32_t position : positions.first(keys.size()))
    if (position >= 0) __builtin_prefetch(&entry(position), 1);
}

int32_t RteHashTable::insert(const FlowKey& key, uint32_t signature, TimePoint now,
                             const HostShare*) noexcept {
  const PaddedKey padded{key};
  const int32_t position = rte_hash_add_key_with_hash(hash_, &padded, signature);
  if (position < 0 || entry(position).state != FlowState::free) return position;
  entry(position).state = FlowState::opening;
  entry(position).created = entry(position).expires = coarse_seconds(now);
  identities_[index(position)] = {padded, signature};
  return position;
}

void RteHashTable::erase(int32_t position) noexcept {
  const Identity& identity = identities_[index(position)];
  rte_hash_del_key_with_hash(hash_, &identity.key, identity.signature);
  entry(position) = FlowEntry{};
}

}  // namespace gate41::perf
