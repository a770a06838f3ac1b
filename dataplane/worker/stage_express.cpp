// The short way, for most packets: of an established flow, plain, and by the way that an earlier packet of
// the flow came by under this snapshot. What is a function of addresses and snapshot alone has been decided
// for that one; what is left is the flow's state, its next hop, the header. docs/decisions/0012.
//
// Whoever does not pass here takes the long way from its beginning, and nothing has changed: each question is
// asked before the first effect. What passes leaves as the long way would have sent it, and counts the same.
#include "dataplane/filter/filter.hpp"
#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/tunnel/fragment.hpp"
#include "dataplane/tunnel/outer_header.hpp"
#include "dataplane/worker/owner.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// Moves with the snapshot.
uint16_t approval_epoch(const StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  if (worker.approved_generation != context.snapshot.generation || worker.approval_epoch == 0) {
    worker.approved_generation = context.snapshot.generation;
    worker.approval_epoch = static_cast<uint16_t>(worker.approval_epoch % FlowTable::kEpochs + 1);
  }
  return worker.approval_epoch;
}

uint16_t way_in(const Packet& packet) noexcept {
  return packet.from == Side::lan ? packet.lan : packet.tunnel;
}

bool is_settled(const FlowEntry& entry, const StageContext& context) noexcept {
  const bool established = entry.state == FlowState::established || entry.state == FlowState::tcp_established;
  return established && !has_expired(entry, context.now) &&
         entry.policy_epoch == context.snapshot.policy.epoch;
}

// The tunnel's checks have seen this outer source with these addresses, and what is left of them is ECN.
bool comes_as_before(const Packet& packet, const FlowEntry& entry, const StageContext& context) noexcept {
  constexpr uint8_t kEcn = 3;
  const Ipv4Fields& v4 = packet.parsed.v4;
  return v4.source == entry.outer_source && (v4.tos & kEcn) == 0 &&
         v4.destination == context.snapshot.tunnels[packet.tunnel].local;
}

// By the flow's next hop, as it is.
bool fits(const Packet& packet, const StageContext& context) noexcept {
  const Snapshot& snapshot = context.snapshot;
  const Adjacency& way = packet.way;
  if (way.kind == AdjacencyKind::unresolved || way.link >= snapshot.links.size()) return false;
  const std::size_t length = packet.parsed.v6.total_length();
  if (length > way.mtu || rte_pktmbuf_headroom(packet.mbuf) < kMaxTemplate) return false;
  return way.kind == AdjacencyKind::ethernet ||
         (!snapshot.tunnels[way.tunnel].mtu_by_path &&
          !must_be_fragmented(length + sizeof(Ipv4Header), snapshot.links[way.link].mtu));
}

// Asks everything; touches nothing.
bool may_pass(Packet& packet, StageContext& context) noexcept {
  FlowTable& flows = *context.worker.flows;
  if (packet.flow < 0 || packet.parsed.v6.hop_limit <= 1) return false;
  const FlowEntry& entry = flows.entry(packet.flow);
  if (!is_settled(entry, context)) return false;
  const uint16_t way = flows.approved_way(packet.flow, packet.direction, context.approval_epoch);
  if (way == FlowTable::kNoWay || (packet.from == Side::lan && way != packet.lan)) return false;
  if (packet.from == Side::tunnel) {
    packet.tunnel = way;
    if (!comes_as_before(packet, entry, context)) return false;
  }
  packet.adjacency = entry.adjacency[index_of(packet.direction)];
  context.worker.shared.adjacencies.read(packet.adjacency, packet.way);
  return fits(packet, context);
}

}  // namespace

uint16_t express_link(uint16_t device, StageContext& context) noexcept {
  const Snapshot& snapshot = context.snapshot;
  const bool watched = context.worker.shared.capture.armed() || context.worker.tracer.armed();
  if (snapshot.role != TunnelRole::gateway || !snapshot.filter_active || watched) return kNoIndex;
  context.approval_epoch = approval_epoch(context);
  return snapshot.link_of(device, 0);
}

bool board_express(Packet& packet, rte_mbuf* frame, uint16_t link, StageContext& context) noexcept {
  packet.mbuf = frame;
  packet.link = link;
  ParsedPacket& parsed = packet.parsed;
  const Link& from = context.snapshot.links[link];
  if (frame->nb_segs != 1 || !parse_plain_frame(bytes_from(packet, 0), parsed)) return false;
  const bool bare = parsed.layer3 == Layer3::ipv6;
  if (parsed.destination_mac != from.mac || (bare ? from.lan == kNoIndex : !from.is_wan)) return false;
  packet.from = bare ? Side::lan : Side::tunnel;
  packet.lan = bare ? from.lan : uint16_t{0};
  packet.direction = bare ? Direction::outbound : Direction::inbound;
  packet.filtered = true;
  hash_flow(context.worker.shared.secret, parsed);
  packet.key = flow_key(parsed, packet.direction);
  return owner_of_inner(packet, context) == context.worker.team.index;
}

Verdict stage_express(Packet& packet, StageContext& context) noexcept {
  if (!may_pass(packet, context)) return Verdict::next();
  WorkerState& worker = context.worker;
  FlowEntry& entry = worker.flows->entry(packet.flow);
  count_received(packet, context);
  if (packet.from == Side::tunnel) count_decapsulated(packet, context);
  const auto drop = track(entry, packet.parsed, packet.direction, context.snapshot.policy, context.now);
  worker.flows->refile(packet.flow, context.now);
  if (drop) return Verdict::drop(*drop);
  if (packet.way.neighbour != 0) worker.shared.neighbours.stamp(packet.way.neighbour, context.seconds);
  decrement_hop_limit(packet);
  const Verdict verdict = stage_encapsulate(packet, context);
  if (verdict.kind != Verdict::Kind::next) return verdict;
  transmit(packet.mbuf, packet.link, context);
  return Verdict::done();
}

void approve(const Packet& packet, StageContext& context) noexcept {
  if (context.approval_epoch == 0 || !packet.filtered || packet.flow < 0) return;
  context.worker.flows->approve(packet.flow, packet.direction, way_in(packet), context.approval_epoch);
}

}  // namespace gate41
