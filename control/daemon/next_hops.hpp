// NextHops: puts into the dataplane's tables what neighbour discovery and the kernel know: a neighbour has
// one adjacency for as long as it is known, and the packet path finds it by its address. Control thread only.
#pragma once

#include <map>
#include <vector>

#include "dataplane/worker/dataplane.hpp"

namespace gate41 {

class NextHops {
 public:
  explicit NextHops(Dataplane& dataplane) : dataplane_(dataplane) {}
  ~NextHops() { clear(); }
  NextHops(const NextHops&) = delete;
  NextHops& operator=(const NextHops&) = delete;

  // The neighbour is reached this way from now on; flows that use it follow. False when a table is full.
  bool set(const NeighbourKey& key, Adjacency way);
  void erase(const NeighbourKey& key);
  void clear();
  [[nodiscard]] std::size_t size() const { return adjacencies_.size(); }

 private:
  struct Less {
    bool operator()(const NeighbourKey& a, const NeighbourKey& b) const {
      return a.scope != b.scope ? a.scope < b.scope : a.address < b.address;
    }
  };
  Dataplane& dataplane_;
  std::map<NeighbourKey, AdjacencyIndex, Less> adjacencies_;
};

}  // namespace gate41
