// Between the stages: a packet that is another worker's goes to it by a ring, as the frame that it was, with
// what the frame does not tell in the mbuf's private area. Its owner reads the headers anew,
// which it will write to anyway: the ParsedPacket would be three more cache lines from another core. A frame
// without a side is an outer packet that has yet to be looked at; one with a side has come out of its tunnel,
// or from a LAN, and goes on where stage 5 begins. Plain frames (stage_express.cpp) go unseen, as they came
// from their device, and their owner does all that is to be done with them.
#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/worker/parse_drop.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// It was handed over under another snapshot, perhaps.
bool is_known(const MbufMeta& meta, const Snapshot& snapshot) noexcept {
  const auto side = static_cast<Side>(meta.side);
  return meta.link < snapshot.links.size() &&
         (side != Side::lan || meta.ingress_lan < snapshot.lans.size()) &&
         (side != Side::tunnel || meta.tunnel < snapshot.tunnels.size());
}

}  // namespace

void hand_over(Packet& packet, unsigned owner, StageContext& context) noexcept {
  MbufMeta& meta = meta_of(packet.mbuf);
  meta = {};
  meta.link = packet.link;
  meta.tunnel = packet.tunnel;
  meta.ingress_lan = packet.lan;
  meta.side = static_cast<uint8_t>(packet.from);
  context.worker.counters.handed_out.add();
  context.worker.tracer.note(packet, Verdict::hand_over(owner), context);
  context.worker.outputs.handovers[owner].push_back(packet.mbuf);
}

void hand_over_unseen(rte_mbuf* frame, unsigned owner, StageContext& context) noexcept {
  MbufMeta& meta = meta_of(frame);
  meta = {};
  meta.link = context.worker.express.link;
  meta.device = context.worker.express.from->device;
  context.worker.counters.handed_out.add();
  context.worker.outputs.handovers[owner].push_back(frame);
}

Verdict stage_take_over(Packet& packet, StageContext& context) noexcept {
  const MbufMeta meta = meta_of(packet.mbuf);
  packet.parsed = parse_frame(bytes_from(packet, 0));
  if (!packet.parsed.ok()) return Verdict::drop(drop_reason_of(packet.parsed.error));
  if (!is_known(meta, context.snapshot)) return Verdict::drop(DropReason::link_unknown);
  packet.link = meta.link;
  if (packet.parsed.has_v6) hash_flow(context.worker.shared.secret, packet.parsed);
  packet.from = static_cast<Side>(meta.side);
  if (packet.from == Side::none) return stage_decapsulate(packet, context);
  packet.lan = meta.ingress_lan;
  packet.tunnel = meta.tunnel;
  return Verdict::next();
}

}  // namespace gate41
