// SnapshotStore: the current snapshot behind one atomic pointer, and those that workers may still be reading.
// Control; workers load `current()` alone.
#pragma once

#include <atomic>
#include <deque>
#include <memory>

#include "dataplane/worker/grace.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

class SnapshotStore {
 public:
  explicit SnapshotStore(Grace& grace) : grace_(grace) {}

  void publish(std::unique_ptr<const Snapshot> snapshot);
  // Frees what no worker can hold any more; does not wait.
  void reclaim();
  [[nodiscard]] const std::atomic<const Snapshot*>& current() const noexcept { return current_; }
  [[nodiscard]] std::size_t retired() const noexcept { return retired_.size(); }

 private:
  struct Retired {
    std::unique_ptr<const Snapshot> snapshot;
    Grace::Token token = 0;
  };
  Grace& grace_;
  std::unique_ptr<const Snapshot> owned_;
  std::atomic<const Snapshot*> current_{nullptr};
  std::deque<Retired> retired_;  // oldest first
};

}  // namespace gate41
