#include "dataplane/worker/tracer.hpp"

#include "dataplane/net/protocol_name.hpp"
#include "dataplane/worker/endpoint.hpp"
#include "dataplane/worker/worker_state.hpp"

namespace gate41 {
namespace {

// Once encapsulated, a packet's link is the one that it leaves by.
uint16_t arrival_of(const Packet& packet, const Snapshot& snapshot) noexcept {
  if (packet.origin == Origin::host || packet.origin == Origin::created) return kNoIndex;
  if (packet.from == Side::lan) return snapshot.lans[packet.lan].link;
  return packet.from == Side::tunnel ? snapshot.wan_link : packet.link;
}

bool wanted_ends(const TraceWish& wish, const ParsedPacket& parsed) noexcept {
  const Layer4Fields& l4 = parsed.l4;
  if (wish.protocol && l4.protocol != *wish.protocol) return false;
  if (wish.port && !(has_ports(l4.protocol) && l4.present &&
                     (l4.source_port == *wish.port || l4.destination_port == *wish.port)))
    return false;
  if (!wish.address) return true;
  return parsed.has_v6 &&
         (wish.address->contains(parsed.v6.source) || wish.address->contains(parsed.v6.destination));
}

TraceEnd end_of(const Verdict& verdict) noexcept {
  switch (verdict.kind) {
    case Verdict::Kind::drop:
      return TraceEnd::dropped;
    case Verdict::Kind::punt:
      return TraceEnd::to_control;
    case Verdict::Kind::hand_over:
      return TraceEnd::handed_over;
    case Verdict::Kind::next:
    case Verdict::Kind::done:
      break;
  }
  return TraceEnd::sent;
}

void fill_way_in(TraceRecord& record, const Packet& packet, const StageContext& context) noexcept {
  record.origin = packet.origin;
  record.from = packet.from;
  record.lan = packet.lan;
  record.tunnel = packet.tunnel;
  record.packet.link = arrival_of(packet, context.snapshot);
  record.length = packet.parsed.has_v6 ? static_cast<uint16_t>(packet.parsed.v6.total_length()) : uint16_t{0};
  record.filtered = packet.filtered;
  record.is_new = packet.opens_flow || packet.flow < 0;
  if (packet.filtered && packet.flow >= 0 && context.worker.flows)
    record.flow = context.worker.flows->entry(packet.flow).state;
}

void fill_way_out(TraceRecord& record, const Packet& packet, const StageContext& context) noexcept {
  const Adjacency& way = packet.way;
  record.has_way = way.kind != AdjacencyKind::unresolved;
  if (!record.has_way) return;
  record.egress = way.link;
  if (way.kind == AdjacencyKind::ethernet || way.tunnel >= context.snapshot.tunnels.size()) return;
  record.by_tunnel = way.tunnel;
  record.outer_destination =
      endpoint_of(way, context.snapshot.tunnels[way.tunnel], packet.parsed.v6.destination);
}

}  // namespace

void Tracer::note_if_wanted(const Packet& packet, const Verdict& verdict,
                            const StageContext& context) noexcept {
  if (context.now >= wish_.until) {
    wish_.count = 0;
    return;
  }
  const bool dropped = verdict.kind == Verdict::Kind::drop;
  if ((wish_.dropped && !dropped) || !wanted_ends(wish_, packet.parsed)) return;
  TraceRecord record;
  record.run = wish_.run;
  record.packet = sample_of(packet, verdict.reason, context.now);
  record.end = end_of(verdict);
  record.exception_class = verdict.exception_class;
  record.owner = verdict.worker;
  fill_way_in(record, packet, context);
  if (wish_.link && record.packet.link != *wish_.link) return;
  fill_way_out(record, packet, context);
  if (records_.push(record)) --wish_.count;  // a full ring: control is late, another packet will do
}

}  // namespace gate41
