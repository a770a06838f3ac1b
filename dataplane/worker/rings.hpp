// Rings between a worker and control, and from worker to worker: one producer and one consumer each, pointers
// in bursts, ownership with them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <rte_mbuf.h>
#include <rte_ring.h>

#include "dataplane/base/result.hpp"
#include "dataplane/worker/doorbell.hpp"
#include "dataplane/worker/requests.hpp"

namespace gate41 {

// An rte_ring that is freed at its end; `size` is a power of two, one place stays empty.
struct RingDeleter {
  void operator()(rte_ring* ring) const noexcept { rte_ring_free(ring); }
};
using RingHandle = std::unique_ptr<rte_ring, RingDeleter>;
[[nodiscard]] Result<RingHandle> create_ring(const std::string& name, unsigned size, int numa_node,
                                             unsigned flags);

// Single producer, single consumer. Any thread may ask whether it is empty.
template <typename T>
class Ring {
 public:
  Ring() = default;
  explicit Ring(RingHandle handle) : ring_(std::move(handle)) {}

  // How many went in; the rest is still the caller's.
  [[nodiscard]] std::size_t push(std::span<T* const> items) noexcept {
    return rte_ring_sp_enqueue_burst(ring_.get(), reinterpret_cast<void* const*>(items.data()),
                                     static_cast<unsigned>(items.size()), nullptr);
  }
  [[nodiscard]] bool push(T* item) noexcept { return push(std::span<T* const>(&item, 1)) == 1; }
  // How many came out.
  [[nodiscard]] std::size_t pop(std::span<T*> room) noexcept {
    return rte_ring_sc_dequeue_burst(ring_.get(), reinterpret_cast<void**>(room.data()),
                                     static_cast<unsigned>(room.size()), nullptr);
  }
  explicit operator bool() const noexcept { return ring_ != nullptr; }
  [[nodiscard]] bool empty() const noexcept { return rte_ring_empty(ring_.get()) != 0; }

 private:
  RingHandle ring_;
};

struct WorkerRings {
  Ring<rte_mbuf> injections;              // control to worker
  Ring<rte_mbuf> exceptions;              // worker to control
  Ring<WorkerRequest> requests;           // control to worker
  Ring<WorkerRequest> answers;            // worker to control
  std::vector<Ring<rte_mbuf>> handed_in;  // from other workers, by giver; none where there is one worker
  Doorbell bell;                          // the worker's: something waits in one of its rings

  static Result<std::unique_ptr<WorkerRings>> create(unsigned worker, unsigned workers, int numa_node);
  // The worker: is there nothing for it?
  [[nodiscard]] bool quiet() const noexcept;
  ~WorkerRings();  // frees the packets still inside
};

}  // namespace gate41
