#include "control/daemon/next_hops.hpp"

namespace gate41 {

bool NextHops::set(const NeighbourKey& key, Adjacency way) {
  const auto known = adjacencies_.find(key);
  if (known != adjacencies_.end()) {
    way.neighbour = dataplane_.neighbours().slot_of(key);
    dataplane_.adjacencies().write(known->second, way);
    return true;
  }
  const AdjacencyIndex index = dataplane_.adjacencies().allocate();
  if (index == kNoAdjacency) return false;
  // Complete before anybody can find it; the slot is known only once it can be found.
  dataplane_.adjacencies().write(index, way);
  if (!dataplane_.neighbours().insert(key, index)) {
    dataplane_.adjacencies().release(index);
    return false;
  }
  way.neighbour = dataplane_.neighbours().slot_of(key);
  dataplane_.adjacencies().write(index, way);
  adjacencies_.emplace(key, index);
  return true;
}

void NextHops::erase(const NeighbourKey& key) {
  const auto known = adjacencies_.find(key);
  if (known == adjacencies_.end()) return;
  dataplane_.neighbours().erase(key);
  dataplane_.adjacencies().release(known->second);
  adjacencies_.erase(known);
}

void NextHops::clear() {
  while (!adjacencies_.empty()) erase(NeighbourKey(adjacencies_.begin()->first));
}

}  // namespace gate41
