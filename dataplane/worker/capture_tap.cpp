#include "dataplane/worker/capture_tap.hpp"

#include <rte_cycles.h>
#include <rte_mbuf.h>

#include "dataplane/worker/exception.hpp"

namespace gate41 {

static_assert(sizeof(CaptureMeta) <= kMbufPrivSize);

void CaptureTap::arm(rte_ring* ring, rte_mempool* pool, bool drops_only) noexcept {
  pool_.store(pool, std::memory_order_relaxed);
  drops_only_.store(drops_only, std::memory_order_relaxed);
  ring_.store(ring, std::memory_order_release);
}

void CaptureTap::disarm() noexcept { ring_.store(nullptr, std::memory_order_release); }

void CaptureTap::copy(const rte_mbuf* mbuf, const CaptureMeta& meta) noexcept {
  rte_ring* ring = ring_.load(std::memory_order_acquire);
  if (ring == nullptr) return;
  if (meta.point != CapturePoint::drop && drops_only_.load(std::memory_order_relaxed)) return;
  rte_mbuf* copied = rte_pktmbuf_copy(mbuf, pool_.load(std::memory_order_relaxed), 0, UINT32_MAX);
  if (copied != nullptr) {
    auto* copied_meta = static_cast<CaptureMeta*>(rte_mbuf_to_priv(copied));
    *copied_meta = meta;
    copied_meta->cycles = rte_rdtsc();
    if (rte_ring_enqueue(ring, copied) == 0) return;
    rte_pktmbuf_free(copied);
  }
  lost_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace gate41
