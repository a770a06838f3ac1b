#include "dataplane/filter/fragment_table.hpp"

#include "dataplane/net/flow_hash.hpp"

namespace gate41 {

FragmentTable::Key FragmentTable::key_of(const ParsedPacket& packet) noexcept {
  return {packet.v6.source, packet.v6.destination, packet.v6.fragment_id};
}

uint64_t FragmentTable::hash(const Key& key) const noexcept {
  return fold_multiply(pair_hash(secret_, key.source, key.destination) ^ secret_.a, key.id ^ secret_.b);
}

void FragmentTable::remember(const ParsedPacket& packet, TimePoint now) noexcept {
  if (packet.v6.fragment != FragmentState::first) return;
  const Key key = key_of(packet);
  passed_.put(key, hash(key), now, kFragmentLifetime);
}

bool FragmentTable::lookup(const ParsedPacket& packet, TimePoint now) const noexcept {
  const Key key = key_of(packet);
  return passed_.contains(key, hash(key), now);
}

}  // namespace gate41
