// Dataplane before its workers run: frames of the control thread, which has the devices for itself.
#include <array>
#include <cassert>

#include <rte_ethdev.h>

#include "dataplane/worker/dataplane_impl.hpp"

namespace gate41 {
namespace {

constexpr unsigned kBurstsAtOnce = 32;  // of one queue: a flood must not keep control here

}  // namespace

bool Dataplane::send_early(uint16_t device, std::span<const uint8_t> frame) {
  assert(!impl_->running);
  rte_mbuf* mbuf = impl_->copy_in(frame, InjectKind::frame, 0);
  if (mbuf != nullptr && rte_eth_tx_burst(device, 0, &mbuf, 1) == 1) return true;
  rte_pktmbuf_free(mbuf);
  return false;
}

void Dataplane::receive_early(const EarlyHandler& handler) {
  assert(!impl_->running);
  for (const RxQueue& rx : impl_->ports->queues_of(0, 1)) {
    std::array<rte_mbuf*, kBurst> frames;
    for (unsigned burst = 0; burst < kBurstsAtOnce; ++burst) {
      const uint16_t n = rte_eth_rx_burst(rx.device, rx.queue, frames.data(), kBurst);
      for (uint16_t i = 0; i < n; ++i) {
        handler(rx.device, {rte_pktmbuf_mtod(frames[i], const uint8_t*), rte_pktmbuf_data_len(frames[i])});
        rte_pktmbuf_free(frames[i]);
      }
      if (n == 0) break;
    }
  }
}

}  // namespace gate41
