#include "dataplane/worker/express_way.hpp"

#include <algorithm>
#include <utility>

#include "dataplane/tunnel/fragment.hpp"
#include "dataplane/tunnel/outer_header.hpp"

namespace gate41 {
namespace {

uint64_t sum_of(uint64_t words) noexcept { return (words & 0xffffffffU) + (words >> 32U); }

void read_outer(ExpressWay& way, const Adjacency& from, StageContext& context) noexcept {
  const Tunnel& tunnel = context.snapshot.tunnels[from.tunnel];
  std::array<uint8_t, sizeof(Ipv4Header)> outer;
  std::memcpy(outer.data(), from.header.data() + from.ethernet_length, outer.size());
  outer[offsetof(Ipv4Header, tos)] = outer_tos(0, tunnel.ecn_compatibility, tunnel.dscp_copy, tunnel.dscp);
  way.tos_copied = outer_tos(0xff, tunnel.ecn_compatibility, tunnel.dscp_copy, 0);
  way.first = load_unaligned<uint32_t>(outer.data());
  way.second = load_unaligned<uint32_t>(outer.data() + offsetof(Ipv4Header, id));
  way.middle = load_unaligned<uint64_t>(outer.data() + offsetof(Ipv4Header, ttl));
  way.destination = load_unaligned<uint32_t>(outer.data() + offsetof(Ipv4Header, destination));
  way.sum = uint64_t{way.first} + way.second + sum_of(way.middle) + way.destination;
  way.dont_fragment = has_dont_fragment(outer);
  way.ids = context.worker.ip_ids.bucket_of(outer_destination(outer));
}

void settle_way(ExpressWay& way, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  const auto [packets, bytes] = std::exchange(way.passed, {});
  if (packets == 0) return;
  LinkCounters& link = worker.counters.links[way.link];
  link.tx_packets.add(packets);
  link.tx_bytes.add(bytes + uint64_t{packets} * way.header_length);
  worker.counters.tx.add(packets);
  if (way.neighbour != 0) worker.shared.neighbours.stamp(way.neighbour, context.seconds);
  if (way.kind == AdjacencyKind::ethernet) return;
  TunnelCounters& tunnel = worker.counters.tunnels[way.tunnel];
  tunnel.encap_packets.add(packets);
  tunnel.encap_bytes.add(bytes);
  if (way.kind == AdjacencyKind::tunnel) tunnel.encap_relayed.add(packets);
  if (way.fast_passed == 0) return;
  tunnel.fast_ids.add(std::exchange(way.fast_passed, 0));
  tunnel.fast_peer.set(Be32::from_raw(way.destination).host());
}

// The longest that goes in one piece: by the way, and, tunnelled, by its link.
uint16_t longest_of(const Adjacency& from, const Link& link) noexcept {
  if (from.kind == AdjacencyKind::ethernet) return from.mtu;
  const int by_link = std::max(link.mtu, kLeastIpv4Mtu) - static_cast<int>(sizeof(Ipv4Header));
  return static_cast<uint16_t>(std::min<int>(from.mtu, by_link));
}

bool is_for_express(const Adjacency& from, const Snapshot& snapshot) noexcept {
  if (from.kind == AdjacencyKind::unresolved || from.link >= snapshot.links.size()) return false;
  return from.kind == AdjacencyKind::ethernet || !snapshot.tunnels[from.tunnel].mtu_by_path;
}

void settle_arrivals(ExpressArrivals& arrivals, StageContext& context) noexcept {
  if (arrivals.passed.packets == 0) return;
  TunnelCounters& tunnel = context.worker.counters.tunnels[arrivals.tunnel];
  tunnel.decap_packets.add(arrivals.passed.packets);
  tunnel.decap_bytes.add(arrivals.passed.bytes);
  tunnel.other_relay.add(std::exchange(arrivals.by_other_relay, 0));
  arrivals.passed = {};
}

}  // namespace

void renew(ExpressWay& way, AdjacencyIndex index, StageContext& context) noexcept {
  settle_way(way, context);
  Adjacency from;
  way = {};
  way.version = context.worker.shared.adjacencies.read(index, from);
  way.index = index;
  if (!is_for_express(from, context.snapshot)) return;
  const Link& link = context.snapshot.links[from.link];
  way.kind = from.kind;
  way.tunnel = from.tunnel;
  way.header_length = from.header_length;
  way.longest = longest_of(from, link);
  way.link = from.link;
  way.out = &context.worker.outputs.tx[link.device];
  way.neighbour = from.neighbour;
  std::memcpy(way.ethernet.end() - from.ethernet_length, from.header.data(), from.ethernet_length);
  if (from.kind != AdjacencyKind::ethernet) read_outer(way, from, context);
}

void lead_to_site(ExpressWay& way, const ExpressPacket& packet, StageContext& context) noexcept {
  // A border relay sends what comes from one site to another, too.
  const bool outbound = packet.direction == Direction::outbound;
  const Ipv6Address& to = outbound ? packet.key.exterior : packet.key.interior;
  const Ipv4Address site = context.snapshot.tunnels[way.tunnel].domain.v4_of(to);
  const uint32_t destination = site.value.raw();
  if (destination == way.destination) return;
  if (way.fast_passed != 0) settle_way(way, context);  // it names its destination
  way.sum += uint64_t{destination} - way.destination;
  way.destination = destination;
  way.ids = context.worker.ip_ids.bucket_of(site);
}

void renew_arrivals(uint16_t tunnel, Ipv4Address outer_source, StageContext& context) noexcept {
  ExpressArrivals& arrivals = context.worker.express.arrivals;
  settle_arrivals(arrivals, context);
  arrivals.tunnel = tunnel;
  arrivals.outer_source = outer_source;
  arrivals.native_by_stranger = is_other_relay(context.snapshot.tunnels[tunnel], outer_source);
}

void settle_express(StageContext& context) noexcept {
  ExpressState& express = context.worker.express;
  if (express.received.packets == 0) return;
  LinkCounters& link = context.worker.counters.links[express.link];
  link.rx_packets.add(express.received.packets);
  link.rx_bytes.add(express.received.bytes);
  express.received = {};
  settle_arrivals(express.arrivals, context);
  for (std::size_t i = 0; i < express.touched_count; ++i) settle_way(*express.touched[i], context);
  express.touched_count = 0;
}

}  // namespace gate41
