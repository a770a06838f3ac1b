#include "dataplane/worker/snapshot_store.hpp"

#include <utility>

namespace gate41 {

void SnapshotStore::publish(std::unique_ptr<const Snapshot> snapshot) {
  current_.store(snapshot.get(), std::memory_order_release);
  std::unique_ptr<const Snapshot> old = std::exchange(owned_, std::move(snapshot));
  if (old) retired_.push_back({std::move(old), grace_.begin()});
  reclaim();
}

void SnapshotStore::reclaim() {
  while (!retired_.empty() && grace_.passed(retired_.front().token)) retired_.pop_front();
}

}  // namespace gate41
