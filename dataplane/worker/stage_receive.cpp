// Stage 1. Chained mbufs are legal everywhere: here they become one segment, so that every later stage sees contiguous
// bytes.
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// Copies a chain into one fresh mbuf; null when it does not fit one buffer or there is none left.
rte_mbuf* make_contiguous(rte_mbuf* chain, rte_mempool* pool) noexcept {
  rte_mbuf* whole = rte_pktmbuf_alloc(pool);
  if (whole == nullptr) return nullptr;
  char* room = rte_pktmbuf_append(whole, static_cast<uint16_t>(rte_pktmbuf_pkt_len(chain)));
  const void* data = room == nullptr ? nullptr : rte_pktmbuf_read(chain, 0, rte_pktmbuf_pkt_len(chain), room);
  if (data == nullptr) {
    rte_pktmbuf_free(whole);
    return nullptr;
  }
  if (data != room) std::memcpy(room, data, rte_pktmbuf_pkt_len(chain));
  return whole;
}

}  // namespace

Verdict stage_receive(Packet& packet, StageContext& context) noexcept {
  if (packet.mbuf->nb_segs == 1) return Verdict::next();
  if (rte_pktmbuf_pkt_len(packet.mbuf) > UINT16_MAX) return Verdict::drop(DropReason::frame_too_long);
  rte_mbuf* whole = make_contiguous(packet.mbuf, context.worker.shared.pool);
  if (whole == nullptr) return Verdict::drop(DropReason::frame_too_long);
  rte_pktmbuf_free(packet.mbuf);
  packet.mbuf = whole;
  return Verdict::next();
}

}  // namespace gate41
