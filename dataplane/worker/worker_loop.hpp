// WorkerLoop: one worker's thread. Each turn: the time and the snapshot once; a burst of every receive queue,
// of what each other worker hands over, and of the injections through the pipeline, what comes out sent,
// handed up and handed over at once; a slice of control's request; a quiet point. A turn that found nothing
// may be followed by a rest (idle.hpp), away from grace periods and with the doorbell in reach.
//
// run() is the worker's; everything else is for control.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "dataplane/port/link_states.hpp"
#include "dataplane/port/rx_queue.hpp"
#include "dataplane/worker/grace.hpp"
#include "dataplane/worker/idle.hpp"
#include "dataplane/worker/idle_wait.hpp"
#include "dataplane/worker/pipeline.hpp"
#include "dataplane/worker/rings.hpp"

namespace gate41 {

// What the loop works with; all of it outlives the loop.
struct WorkerSurroundings {
  unsigned index = 0;             // of the worker: its send queues, its place in grace periods and in `team`
  std::vector<uint16_t> devices;  // DPDK port ids
  std::vector<RxQueue> queues;    // of them, that this worker polls
  const LinkStates& links;        // of the devices
  const std::atomic<const Snapshot*>& snapshot;
  Grace& grace;
  std::vector<WorkerRings*> team;  // of all workers, by index
  Doorbell& control_bell;
  IdleMode idle = IdleMode::nap;
};

class WorkerLoop {
 public:
  WorkerLoop(WorkerSurroundings surroundings, Pipeline& pipeline);

  void run() noexcept;
  // run() returns within a turn.
  void stop() noexcept;

 private:
  // A turn by the snapshot of now, counted.
  [[nodiscard]] bool look(TimePoint now) noexcept;
  [[nodiscard]] bool turn(const Snapshot& snapshot, TimePoint now) noexcept;
  [[nodiscard]] bool receive(const Snapshot& snapshot, TimePoint now) noexcept;
  [[nodiscard]] bool take_over(const Snapshot& snapshot, TimePoint now) noexcept;
  [[nodiscard]] bool inject(const Snapshot& snapshot, TimePoint now) noexcept;
  [[nodiscard]] bool serve_request() noexcept;
  void flush() noexcept;
  void send(uint16_t device, std::vector<rte_mbuf*>& queue) noexcept;
  void hand_up(std::vector<rte_mbuf*>& exceptions) noexcept;
  void hand_over(std::size_t owner, std::vector<rte_mbuf*>& packets) noexcept;
  void wait_for_interrupt(Duration at_most) noexcept;
  Waking nap(Duration length) noexcept;
  void account(Counter& cycles) noexcept;

  WorkerSurroundings around_;
  WorkerRings& rings_;  // its own
  Pipeline& pipeline_;
  IdlePolicy idle_;
  IdleWait wait_;
  WorkerRequest* request_ = nullptr;  // being served
  uint64_t cycles_mark_ = 0;          // up to here cycles are accounted for
  std::atomic<bool> stop_{false};
};

}  // namespace gate41
