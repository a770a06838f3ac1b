// The short way, for most packets: of an established flow, plain, and by the way that an earlier packet of
// the flow came by under this snapshot. What is a function of addresses and snapshot alone has been decided
// for that one; what is left is the flow's state, its next hop, the header. docs/decisions/0012.
//
// Whoever does not pass here takes the long way from its beginning, and nothing has changed: each question is
// asked before the first effect. What passes leaves as the long way would have sent it, and counts the same.
#include "dataplane/filter/filter.hpp"
#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/plain_frame.hpp"
#include "dataplane/worker/express_way.hpp"
#include "dataplane/worker/owner.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

constexpr uint8_t kEcn = 3;
constexpr unsigned kNobody = ~0U;

constexpr Direction direction_of(bool tunnelled) noexcept {
  return tunnelled ? Direction::inbound : Direction::outbound;
}

// Moves with the snapshot.
void follow_snapshot(StageContext& context) noexcept {
  ExpressState& express = context.worker.express;
  if (express.generation == context.snapshot.generation && express.epoch != 0) return;
  express.generation = context.snapshot.generation;
  ++express.epoch;
  express.flow_epoch = static_cast<uint16_t>(express.epoch % FlowTable::kEpochs + 1);
  for (ExpressWay& way : express.ways) way = {};
}

Bytes bytes_of(const rte_mbuf* mbuf) noexcept {
  return {rte_pktmbuf_mtod(mbuf, const uint8_t*), rte_pktmbuf_data_len(mbuf)};
}

template <bool tunnelled>
constexpr uint16_t kPlainType = tunnelled ? ether_type::kIpv4 : ether_type::kIpv6;

uint16_t type_of(const rte_mbuf* mbuf) noexcept {
  return mbuf->nb_segs == 1 ? plain_ether_type(bytes_of(mbuf)) : uint16_t{0};
}

uint16_t way_in(const Packet& packet) noexcept {
  return packet.from == Side::lan ? packet.lan : packet.tunnel;
}

// By the burst's link, as it is seen without its flow; ECN marks of a tunnel are to be carried on.
template <bool tunnelled>
bool comes_by(const PlainFrame<tunnelled>& frame, const Link& link) noexcept {
  if (frame.destination_mac() != link.mac || frame.hop_limit() <= 1) return false;
  return tunnelled ? link.is_wan && (frame.outer_tos() & kEcn) == 0 : link.lan != kNoIndex;
}

// What a relay finds it by: each direction has its own, by half of the hash.
uint32_t pair_signature(uint64_t pair_hash, bool inbound) noexcept {
  return static_cast<uint32_t>(inbound ? pair_hash >> 32U : pair_hash);
}

// Has it no flow that another worker has: it is for the box, or goes from LAN to LAN?
template <bool tunnelled>
bool stays_here(const ExpressPacket& packet, const Snapshot& snapshot) noexcept {
  const Ipv6Address& destination = tunnelled ? packet.key.interior : packet.key.exterior;
  const auto leads_there = [&destination](const Ipv6Prefix& prefix) { return prefix.contains(destination); };
  return destination.is_multicast() || destination.is_link_local() || snapshot.is_own_v6(destination) ||
         (!tunnelled && std::ranges::any_of(snapshot.own_prefixes, leads_there));
}

// One of several workers, or, where it has no flow, nobody.
template <bool tunnelled>
[[gnu::noinline]] unsigned owner_among(const ExpressPacket& packet, uint64_t pair,
                                       const StageContext& context) noexcept {
  const unsigned owner = owner_of_express(packet.key, pair, context);
  const bool passes_on = owner != context.worker.team.index;
  return passes_on && stays_here<tunnelled>(packet, context.snapshot) ? kNobody : owner;
}

// Whose it is, if it is plain.
template <bool tunnelled>
unsigned board(ExpressPacket& packet, rte_mbuf* mbuf, const StageContext& context) noexcept {
  const PlainFrame<tunnelled> frame(bytes_of(mbuf));
  if (!frame || !comes_by(frame, *context.worker.express.from)) [[unlikely]]
    return kNobody;
  const HashSecret& secret = context.worker.shared.secret;
  const uint16_t from = frame.source_port(), to = frame.destination_port(), length = frame.payload_length();
  const uint8_t protocol = frame.protocol();
  const uint64_t pair = pair_hash(secret, frame.source(), frame.destination());
  packet.signature = context.worker.flows
                         ? static_cast<uint32_t>(flow_signature(secret, pair, protocol, from, to))
                         : pair_signature(pair, tunnelled);
  packet.key.interior = tunnelled ? frame.destination() : frame.source();
  packet.key.exterior = tunnelled ? frame.source() : frame.destination();
  packet.key.interior_port = tunnelled ? to : from;
  packet.key.exterior_port = tunnelled ? from : to;
  packet.key.protocol = protocol;
  packet.mbuf = mbuf;
  packet.outer_source = tunnelled ? frame.outer_source() : Ipv4Address{};
  if (tunnelled) packet.outer_destination = frame.outer_destination();
  packet.payload_length = length;
  packet.traffic_class = frame.traffic_class();
  packet.direction = direction_of(tunnelled);
  const Team& team = context.worker.team;
  return team.size == 1 ? team.index : owner_among<tunnelled>(packet, pair, context);
}

struct Boarding {
  std::span<rte_mbuf*> frames;
  ExpressPacket* packets;
  Lookups& lookups;
  Boarded boarded;
};

// From `i` on, those of one kind that follow each other: up to which.
template <bool tunnelled>
[[gnu::noinline, gnu::flatten]] std::size_t board_run(Boarding& burst, std::size_t i,
                                                      StageContext& context) noexcept {
  const std::span<rte_mbuf*> frames = burst.frames;
  for (; i < frames.size(); ++i) {
    if (i + 1 < frames.size()) rte_prefetch0(rte_pktmbuf_mtod(frames[i + 1], void*));
    if (type_of(frames[i]) != kPlainType<tunnelled>) [[unlikely]]
      break;
    ExpressPacket& packet = burst.packets[i];
    const unsigned owner = board<tunnelled>(packet, frames[i], context);
    if (owner == context.worker.team.index) [[likely]] {
      burst.boarded.here |= 1U << i;
      burst.lookups.add(packet.key, packet.signature);
    } else if (owner != kNobody) {
      burst.boarded.elsewhere |= 1U << i;
      burst.boarded.owners[i] = static_cast<uint8_t>(owner);
    }
  }
  return i;
}

bool is_settled(const FlowEntry& entry, const StageContext& context) noexcept {
  const bool established = entry.state == FlowState::established || entry.state == FlowState::tcp_established;
  return established && !has_expired(entry, context.seconds) &&
         entry.policy_epoch == context.snapshot.policy.epoch;
}

// The checks have seen these addresses by this way: from this LAN, or from this outer source.
template <bool tunnelled>
bool comes_as_before(const ExpressPacket& packet, const FlowEntry& entry, uint16_t way,
                     const StageContext& context) noexcept {
  if (!tunnelled) return way == context.worker.express.from->lan;
  return way != FlowTable::kNoWay && packet.outer_source == entry.outer_source &&
         packet.outer_destination == context.snapshot.tunnels[way].local;
}

// Of a connection: it may be none of its packets.
template <bool tunnelled>
[[gnu::noinline]] std::optional<DropReason> track_segment(const ExpressPacket& packet, FlowEntry& entry,
                                                          int32_t flow, StageContext& context) noexcept {
  ParsedPacket& segment = context.worker.express.segment;
  PlainFrame<tunnelled>(bytes_of(packet.mbuf)).read_tcp(segment.l4);
  segment.v6.payload_length = packet.payload_length;
  const auto drop = track(entry, segment, direction_of(tunnelled), context.snapshot.policy, context.now);
  context.worker.flows->refile(flow, context.now);
  return drop;
}

template <bool tunnelled>
[[gnu::noinline, gnu::flatten]] Verdict ride_by_flow(const ExpressPacket& packet, int32_t flow,
                                                     StageContext& context) noexcept {
  FlowTable& flows = *context.worker.flows;
  FlowEntry& entry = flows.entry(flow);
  if (!is_settled(entry, context)) [[unlikely]]
    return Verdict::next();
  constexpr Direction kDirection = direction_of(tunnelled);
  const uint16_t came_by = flows.approved_way(flow, kDirection, context.worker.express.flow_epoch);
  if (!comes_as_before<tunnelled>(packet, entry, came_by, context)) [[unlikely]]
    return Verdict::next();
  ExpressWay& way = express_way(entry.adjacency[index_of(kDirection)], context);
  if (!takes(way, packet)) [[unlikely]]
    return Verdict::next();
  if (entry.state == FlowState::established) [[likely]]
    keep_alive(entry, packet.key, packet.payload_length, context.snapshot.policy, context.seconds);
  else if (const auto drop = track_segment<tunnelled>(packet, entry, flow, context))
    return Verdict::drop(*drop);
  count_arrival<tunnelled>(packet, came_by, context);
  send_express<tunnelled>(packet, way, context);
  return Verdict::done();
}

// --- at a relay

// Where sites have rates, each packet is metered.
bool remembers_pairs(const StageContext& context) noexcept {
  return context.worker.pairs && !context.snapshot.site_limit.on();
}

bool is_pair_of(const PairEntry& entry, const ExpressPacket& packet) noexcept {
  return entry.interior == packet.key.interior && entry.exterior == packet.key.exterior &&
         entry.outer_source == packet.outer_source;
}

template <bool tunnelled>
[[gnu::noinline, gnu::flatten]] Verdict ride_by_pair(const ExpressPacket& packet, int32_t position,
                                                     StageContext& context) noexcept {
  const PairEntry& entry = context.worker.pairs.at(position);
  if (entry.epoch != context.worker.express.epoch || !is_pair_of(entry, packet)) return Verdict::next();
  if (tunnelled && (!context.snapshot.tunnels[entry.tunnel].is_own_v4(packet.outer_destination) ||
                    native_target(packet.key.interior, context) != entry.target()))
    return Verdict::next();
  ExpressWay& way = express_way(entry.adjacency, context);
  if (!takes(way, packet)) [[unlikely]]
    return Verdict::next();
  count_arrival<tunnelled>(packet, entry.tunnel, context);
  send_express<tunnelled>(packet, way, context);
  return Verdict::done();
}

template <bool tunnelled>
Verdict ride(const ExpressPacket& packet, int32_t found, StageContext& context) noexcept {
  return context.worker.flows ? ride_by_flow<tunnelled>(packet, found, context)
                              : ride_by_pair<tunnelled>(packet, found, context);
}

// Those alone that another one may follow by the short way.
bool is_worth_remembering(const Packet& packet) noexcept {
  const uint8_t protocol = packet.parsed.l4.protocol;
  return packet.origin == Origin::wire && packet.parsed.l4.present && packet.asked.is_unspecified() &&
         (protocol == ip_proto::kTcp || protocol == ip_proto::kUdp);
}

void remember_pair(const Packet& packet, StageContext& context) noexcept {
  if (!is_worth_remembering(packet)) return;
  const bool inbound = packet.from == Side::tunnel;
  const ParsedPacket& parsed = packet.parsed;
  PairEntry entry{};
  entry.interior = inbound ? parsed.v6.destination : parsed.v6.source;
  entry.exterior = inbound ? parsed.v6.source : parsed.v6.destination;
  if (inbound) {
    const RouteTarget target = native_target(parsed.v6.destination, context);
    entry.route = target.kind;
    entry.next_hop = target.next_hop;
    entry.outer_source = parsed.v4.source;
  }
  entry.adjacency = packet.adjacency;
  entry.epoch = context.worker.express.epoch;
  entry.tunnel = static_cast<uint8_t>(packet.tunnel);
  context.worker.pairs.remember(pair_signature(parsed.pair_hash, inbound), entry);
}

}  // namespace

bool begin_express(uint16_t device, StageContext& context) noexcept {
  const Snapshot& snapshot = context.snapshot;
  WorkerState& worker = context.worker;
  const bool watched = worker.shared.capture.armed() || worker.tracer.armed();
  if (!snapshot.filter_active || watched || (!worker.flows && !remembers_pairs(context))) return false;
  follow_snapshot(context);
  context.approving = true;
  worker.express.link = snapshot.link_of(device, 0);
  if (worker.express.link == kNoIndex) return false;
  worker.express.from = &snapshot.links[worker.express.link];
  return true;
}

Boarded board_express(std::span<rte_mbuf*> frames, std::span<ExpressPacket, kBurst> packets, Lookups& lookups,
                      StageContext& context) noexcept {
  Boarding burst{frames, packets.data(), lookups, {}};
  for (std::size_t i = 0; i < frames.size();) {
    const uint16_t type = type_of(frames[i]);
    if (type == kPlainType<false>)
      i = board_run<false>(burst, i, context);
    else if (type == kPlainType<true>)
      i = board_run<true>(burst, i, context);
    else
      ++i;
  }
  return burst.boarded;
}

Verdict stage_express(const ExpressPacket& packet, int32_t found, StageContext& context) noexcept {
  if (found < 0) [[unlikely]]
    return Verdict::next();
  return packet.direction == Direction::inbound ? ride<true>(packet, found, context)
                                                : ride<false>(packet, found, context);
}

void approve(const Packet& packet, StageContext& context) noexcept {
  if (!context.approving) return;
  if (!context.worker.flows) return remember_pair(packet, context);
  if (!packet.filtered || packet.flow < 0) return;
  context.worker.flows->approve(packet.flow, packet.direction, way_in(packet),
                                context.worker.express.flow_epoch);
}

}  // namespace gate41
