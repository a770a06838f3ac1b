// IdleWait: where an idle worker sleeps: until its doorbell rings, a device interrupts, or the time is over.
#pragma once

#include <poll.h>
#include <span>
#include <vector>

#include "dataplane/port/rx_queue.hpp"
#include "dataplane/worker/doorbell.hpp"
#include "dataplane/worker/idle.hpp"

namespace gate41 {

class IdleWait {
 public:
  // Both outlive this: the open bell, and the queues that the worker polls.
  IdleWait(const Doorbell& bell, std::span<const RxQueue> queues);

  // From now on frames that come interrupt. Those that are there already do not: look once more before the
  // wait.
  void arm() noexcept;
  void disarm() noexcept;
  Waking wait(Duration at_most) noexcept;

 private:
  std::span<const RxQueue> queues_;
  std::vector<pollfd> sources_;  // the bell, and the interrupts of the queues
};

}  // namespace gate41
