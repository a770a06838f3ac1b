#include "dataplane/filter/fragment_table.hpp"

#include "dataplane/net/flow_hash.hpp"

namespace gate41 {

FragmentTable::Key FragmentTable::key_of(const ParsedPacket& packet, Direction direction) noexcept {
  return {packet.v6.source, packet.v6.destination, packet.v6.fragment_id, direction};
}

uint64_t FragmentTable::hash(const Key& key) const noexcept {
  return fold_multiply(pair_hash(secret_, key.source, key.destination) ^ secret_.a, key.id ^ secret_.b);
}

void FragmentTable::remember(const ParsedPacket& packet, Direction direction, uint32_t adjacency,
                             TimePoint now) noexcept {
  if (packet.v6.fragment != FragmentState::first) return;
  const Key key = key_of(packet, direction);
  passed_.put(key, hash(key), adjacency, now, kFragmentLifetime);
}

std::optional<uint32_t> FragmentTable::lookup(const ParsedPacket& packet, Direction direction,
                                              TimePoint now) noexcept {
  const Key key = key_of(packet, direction);
  const uint32_t* const adjacency = passed_.find(key, hash(key), now);
  return adjacency != nullptr ? std::optional(*adjacency) : std::nullopt;
}

}  // namespace gate41
