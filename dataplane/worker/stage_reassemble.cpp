// Stage 4, where an outer packet comes in fragments (D24..D26): their bytes wait in the worker's reassembler,
// their mbufs are free at once. The fragment that makes the packet whole carries it on.
#include <cstring>

#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/worker/parse_drop.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// Fragments that were held and have no mbuf any more: counted, but not seen by a capture.
void count_lost(WorkerCounters& counters, DropReason reason, uint32_t fragments) noexcept {
  counters.held.subtract(fragments);
  counters.dropped.add(fragments);
  counters.drops[static_cast<std::size_t>(reason)].add(fragments);
}

// The whole packet behind the mbuf's Ethernet header, in place of the fragment; false if it does not fit.
bool replace_packet(rte_mbuf* mbuf, uint16_t at, Bytes whole) noexcept {
  const std::size_t length = at + whole.size();
  const uint16_t before = rte_pktmbuf_data_len(mbuf);
  if (length < before) rte_pktmbuf_trim(mbuf, static_cast<uint16_t>(before - length));
  if (length > before && rte_pktmbuf_append(mbuf, static_cast<uint16_t>(length - before)) == nullptr)
    return false;
  std::memcpy(rte_pktmbuf_mtod_offset(mbuf, uint8_t*, at), whole.data(), whole.size());
  return true;
}

Verdict hold(const Packet& packet, WorkerState& worker) noexcept {
  worker.counters.held.add();
  worker.to_free.push_back(packet.mbuf);
  return Verdict::done();
}

// As if it had come so.
Verdict go_on_whole(Packet& packet, Bytes whole, StageContext& context) noexcept {
  if (!replace_packet(packet.mbuf, packet.parsed.v4.offset, whole))
    return Verdict::drop(DropReason::frame_too_long);
  packet.parsed = parse_frame(bytes_from(packet, 0));
  if (!packet.parsed.ok()) return Verdict::drop(drop_reason_of(packet.parsed.error));
  if (packet.parsed.has_v6) hash_flow(context.worker.shared.secret, packet.parsed);
  return Verdict::next();
}

}  // namespace

Verdict reassemble(Packet& packet, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  const Ipv4Fields& v4 = packet.parsed.v4;
  const Bytes fragment = bytes_from(packet, v4.offset).first(v4.total_length);
  const Reassembler::Result result = worker.reassembler.add(v4, fragment, context.now);
  count_lost(worker.counters, result.lost.reason, result.lost.fragments);
  switch (result.state) {
    case Reassembler::State::refused:
      return Verdict::drop(result.reason);
    case Reassembler::State::held:
      return hold(packet, worker);
    case Reassembler::State::whole:
      break;
  }
  worker.counters.held.subtract(result.parts);
  worker.counters.reassembled_away.add(result.parts);
  return go_on_whole(packet, result.packet, context);
}

void expire_fragments(WorkerState& worker, TimePoint now) noexcept {
  if (const uint32_t lost = worker.reassembler.expire(now); lost > 0)
    count_lost(worker.counters, DropReason::fragment_timeout, lost);
}

}  // namespace gate41
