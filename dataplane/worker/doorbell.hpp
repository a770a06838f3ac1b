// Doorbell: wakes the consumer of a ring, by one system call and only when it has said that it sleeps.
//
// No wake-up is lost: both sides exchange `sleeping`. If the producer's exchange comes after the consumer's,
// it sees that the consumer sleeps and rings; if it comes before, the consumer's exchange sees all that the
// producer enqueued, and its second look at the ring finds it.
#pragma once

#include <atomic>

#include "dataplane/base/result.hpp"

namespace gate41 {

class Doorbell {
 public:
  Doorbell() = default;
  ~Doorbell();
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;
  Result<void> open();

  // Producer, after it has enqueued.
  void ring() noexcept {
    if (sleeping_.exchange(false, std::memory_order_acq_rel)) wake();
  }

  // Consumer: says that it will sleep; then looks at its rings once more.
  void announce_sleep() noexcept { sleeping_.exchange(true, std::memory_order_acq_rel); }
  void awake() noexcept { sleeping_.store(false, std::memory_order_relaxed); }
  // Readable while it has rung: an eventfd, for poll and epoll.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  void wake() noexcept;     // rings whether anybody sleeps or not
  void silence() noexcept;  // takes the rings so far

 private:
  std::atomic<bool> sleeping_{false};
  int fd_ = -1;
};

}  // namespace gate41
