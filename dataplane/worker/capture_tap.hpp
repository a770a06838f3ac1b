// Capture: while armed, workers copy packets to a ring that the capture thread drains. Unarmed it costs one
// relaxed load a burst. A full ring loses the copy and counts it; traffic is never held up.
#pragma once

#include <atomic>
#include <cstdint>

#include <rte_mbuf.h>
#include <rte_ring.h>

#include "dataplane/base/drop_reason.hpp"
#include "dataplane/worker/counters.hpp"

namespace gate41 {

enum class CapturePoint : uint8_t { rx, tx, drop };

// In the private area of the copy.
struct CaptureMeta {
  CapturePoint point = CapturePoint::rx;
  DropReason reason{};  // point == drop
  uint16_t link = 0;    // kNoIndex when unknown
  uint16_t length = 0;  // of the original
  uint64_t cycles = 0;  // of the cycle counter, set by copy()
};

class CaptureTap {
 public:
  CaptureTap() = default;
  // Control. `ring` and `pool` live longer than the tap; disarm, then a grace period, before freeing them.
  void arm(rte_ring* ring, rte_mempool* pool, bool drops_only) noexcept;
  void disarm() noexcept;

  // Workers.
  [[nodiscard]] bool armed() const noexcept { return ring_.load(std::memory_order_acquire) != nullptr; }
  void copy(const rte_mbuf* mbuf, const CaptureMeta& meta) noexcept;
  [[nodiscard]] uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  std::atomic<rte_ring*> ring_{nullptr};
  std::atomic<rte_mempool*> pool_{nullptr};
  std::atomic<bool> drops_only_{false};
  std::atomic<uint64_t> lost_{0};
};

}  // namespace gate41
