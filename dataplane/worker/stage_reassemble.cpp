// Where an outer packet comes in fragments (stage 4, D24..D26), or an echo request to the box itself (I11):
// their bytes wait in the worker's reassemblers, their mbufs are free at once. The fragment that makes the
// packet whole carries it on.
#include <cstring>

#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/fragment.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/worker/owner.hpp"
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

// What became of the packet's fragment, counted; next() once it has made its packet whole.
Verdict judge(const Packet& packet, const Reassembler::Result& result, WorkerState& worker) noexcept {
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
  return Verdict::next();
}

Verdict parsed_anew(Packet& packet, const ParsedPacket& parsed) noexcept {
  const MacAddress to = packet.parsed.destination_mac;
  packet.parsed = parsed;
  packet.parsed.destination_mac = to;
  return parsed.ok() ? Verdict::next() : Verdict::drop(drop_reason_of(parsed.error));
}

// RFC 6946: by itself, whatever others of its identification there are. The fragment header goes.
Verdict unwrap_atomic(Packet& packet) noexcept {
  Reader in(ipv6_bytes(packet));
  Ipv6Header header = in.read<Ipv6Header>();
  const auto fragment = in.read<FragmentHeader>();
  if (in.failed()) return Verdict::drop(DropReason::ipv6_malformed);
  header.next_header = fragment.next_header;
  header.payload_length = Be16(static_cast<uint16_t>(header.payload_length.host() - sizeof fragment));
  rte_pktmbuf_adj(packet.mbuf, static_cast<uint16_t>(packet.parsed.v6.offset + sizeof fragment));
  std::memcpy(rte_pktmbuf_mtod(packet.mbuf, uint8_t*), &header, sizeof header);
  return parsed_anew(packet, parse_ipv6_packet(bytes_from(packet, 0)));
}

}  // namespace

Verdict reassemble(Packet& packet, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  const Ipv4Fields& v4 = packet.parsed.v4;
  const Fragment fragment = fragment_of(v4, bytes_from(packet, v4.offset).first(v4.total_length));
  const Reassembler::Result result = worker.reassembler.add(fragment, context.now);
  const Verdict verdict = judge(packet, result, worker);
  if (verdict.kind != Verdict::Kind::next) return verdict;
  if (!replace_packet(packet.mbuf, v4.offset, make_whole_ipv4(result.packet, result.marked)))
    return Verdict::drop(DropReason::frame_too_long);
  const Verdict parsed = parsed_anew(packet, parse_frame(bytes_from(packet, 0)));
  if (packet.parsed.has_v6) hash_flow(worker.shared.secret, packet.parsed);
  return parsed;
}

Verdict reassemble_own(Packet& packet, StageContext& context) noexcept {
  if (packet.parsed.v6.fragment == FragmentState::atomic) return unwrap_atomic(packet);
  const Verdict owned = pass_to(owner_of_own_fragment(packet, context), context);
  if (owned.kind != Verdict::Kind::next) return owned;
  WorkerState& worker = context.worker;
  const Ipv6Fields& v6 = packet.parsed.v6;
  const Reassembler::Result result =
      worker.own_reassembler.add(fragment_of(v6, ipv6_bytes(packet)), context.now);
  const Verdict verdict = judge(packet, result, worker);
  if (verdict.kind != Verdict::Kind::next) return verdict;
  rte_pktmbuf_adj(packet.mbuf, v6.offset);
  if (!replace_packet(packet.mbuf, 0, make_whole_ipv6(result.packet, result.marked)))
    return Verdict::drop(DropReason::frame_too_long);
  return parsed_anew(packet, parse_ipv6_packet(bytes_from(packet, 0)));
}

void expire_fragments(WorkerState& worker, TimePoint now) noexcept {
  const uint32_t lost = worker.reassembler.expire(now) + worker.own_reassembler.expire(now);
  if (lost > 0) count_lost(worker.counters, DropReason::fragment_timeout, lost);
}

}  // namespace gate41
