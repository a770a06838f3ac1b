// Stage 1. Chained mbufs are legal everywhere: here they become one segment, so that every later stage sees
// contiguous bytes.
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// Copies a chain into one empty mbuf; false when it does not fit.
bool copy_chain(const rte_mbuf* chain, rte_mbuf* whole) noexcept {
  const uint32_t length = rte_pktmbuf_pkt_len(chain);
  if (length > rte_pktmbuf_tailroom(whole)) return false;
  char* room = rte_pktmbuf_append(whole, static_cast<uint16_t>(length));
  const void* data = rte_pktmbuf_read(chain, 0, length, room);
  if (data != room) std::memcpy(room, data, length);  // all of it lay in one segment
  return true;
}

}  // namespace

Verdict stage_receive(Packet& packet, StageContext& context) noexcept {
  if (packet.mbuf->nb_segs == 1) return Verdict::next();
  rte_mbuf* whole = rte_pktmbuf_alloc(context.worker.shared.pool);
  if (whole == nullptr) return Verdict::drop(DropReason::no_buffer);
  if (!copy_chain(packet.mbuf, whole)) {
    rte_pktmbuf_free(whole);
    return Verdict::drop(DropReason::frame_too_long);
  }
  rte_pktmbuf_free(packet.mbuf);
  packet.mbuf = whole;
  return Verdict::next();
}

}  // namespace gate41
