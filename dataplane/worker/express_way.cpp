#include "dataplane/worker/express_way.hpp"

#include <algorithm>
#include <utility>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/plain_frame.hpp"
#include "dataplane/tunnel/fragment.hpp"
#include "dataplane/tunnel/outer_header.hpp"
#include "dataplane/worker/exception.hpp"

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

[[gnu::noinline]] void renew(ExpressWay& way, AdjacencyIndex index, StageContext& context) noexcept {
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

// Q4, as stage 7 has it.
uint16_t next_id(ExpressWay& way, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  if (way.dont_fragment) return worker.next_atomic_id++;
  const IpIds::Drawn drawn = worker.ip_ids.draw(way.ids, context.seconds);
  way.fast_passed += drawn.fast ? 1 : 0;
  return drawn.id;
}

// Another site than the last one, perhaps.
[[gnu::noinline]] void lead_to_site(ExpressWay& way, const ExpressPacket& packet,
                                    StageContext& context) noexcept {
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

void write_outer(uint8_t* at, const ExpressPacket& packet, ExpressWay& way, StageContext& context) noexcept {
  if (way.kind == AdjacencyKind::tunnel_direct) lead_to_site(way, packet, context);
  const Be16 length(static_cast<uint16_t>(packet.payload_length + sizeof(Ipv6Header) + sizeof(Ipv4Header)));
  const uint32_t own = uint32_t{length.raw()} << 16U | uint32_t(packet.traffic_class & way.tos_copied) << 8U;
  const uint32_t id = Be16(next_id(way, context)).raw();
  const uint64_t checksum = static_cast<uint16_t>(~checksum_fold(way.sum + own + id));
  store_unaligned(at, uint64_t{way.second | id} << 32U | way.first | own);
  store_unaligned(at + offsetof(Ipv4Header, ttl), way.middle | checksum << 16U);
  store_unaligned(at + offsetof(Ipv4Header, destination), way.destination);
}

void settle_arrivals(ExpressArrivals& arrivals, StageContext& context) noexcept {
  if (arrivals.passed.packets == 0) return;
  TunnelCounters& tunnel = context.worker.counters.tunnels[arrivals.tunnel];
  tunnel.decap_packets.add(arrivals.passed.packets);
  tunnel.decap_bytes.add(arrivals.passed.bytes);
  tunnel.other_relay.add(std::exchange(arrivals.by_other_relay, 0));
  arrivals.passed = {};
}

// From another outer source than the last one.
[[gnu::noinline]] void renew_arrivals(uint16_t tunnel, Ipv4Address outer_source,
                                      StageContext& context) noexcept {
  ExpressArrivals& arrivals = context.worker.express.arrivals;
  settle_arrivals(arrivals, context);
  arrivals.tunnel = tunnel;
  arrivals.outer_source = outer_source;
  arrivals.native_by_stranger = is_other_relay(context.snapshot.tunnels[tunnel], outer_source);
}

}  // namespace

ExpressWay& express_way(AdjacencyIndex index, StageContext& context) noexcept {
  ExpressWay& way = context.worker.express.ways[index % ExpressState::kWays];
  if (way.index != index || way.version != context.worker.shared.adjacencies.version(index))
    renew(way, index, context);
  return way;
}

bool takes(const ExpressWay& way, const ExpressPacket& packet) noexcept {
  // What is written in front: the tunnel's header, and the Ethernet one with all of its room.
  constexpr std::size_t kRoom = sizeof(way.ethernet) + sizeof(Ipv4Header);
  return way.kind != AdjacencyKind::unresolved && packet.payload_length + sizeof(Ipv6Header) <= way.longest &&
         rte_pktmbuf_headroom(packet.mbuf) + sizeof(EthernetHeader) >= kRoom;
}

void count_arrival(const ExpressPacket& packet, uint16_t tunnel, StageContext& context) noexcept {
  ExpressState& express = context.worker.express;
  express.received.add(rte_pktmbuf_data_len(packet.mbuf));
  if (packet.direction == Direction::outbound) return;
  ExpressArrivals& arrivals = express.arrivals;
  if (arrivals.outer_source != packet.outer_source || arrivals.tunnel != tunnel)
    renew_arrivals(tunnel, packet.outer_source, context);
  arrivals.passed.add(packet.payload_length + sizeof(Ipv6Header));
  if (arrivals.native_by_stranger && !is_six_to_four(packet.key.exterior)) ++arrivals.by_other_relay;
}

void send_express(const ExpressPacket& packet, ExpressWay& way, StageContext& context) noexcept {
  rte_mbuf* mbuf = packet.mbuf;
  const uint16_t before = plain_offset(packet.direction == Direction::inbound);
  const uint32_t length = packet.payload_length + uint32_t{sizeof(Ipv6Header)};
  uint8_t* const inner = rte_pktmbuf_mtod_offset(mbuf, uint8_t*, before);
  --inner[offsetof(Ipv6Header, hop_limit)];
  uint8_t* outer = inner;
  if (way.kind != AdjacencyKind::ethernet) write_outer(outer -= sizeof(Ipv4Header), packet, way, context);
  std::memcpy(outer - way.ethernet.size(), way.ethernet.data(), way.ethernet.size());
  mbuf->data_off = static_cast<uint16_t>(mbuf->data_off + before - way.header_length);
  mbuf->data_len = static_cast<uint16_t>(way.header_length + length);
  mbuf->pkt_len = mbuf->data_len;
  meta_of(mbuf).link = way.link;
  if (way.passed.packets == 0) context.worker.express.touch(way);
  way.passed.add(length);
  way.out->push_back(mbuf);
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
