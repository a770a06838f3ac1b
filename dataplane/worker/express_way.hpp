// Where packets of the short way leave: an adjacency made ready once (ExpressWay), the header written, and
// what passed told to the counters once a burst. What each packet asks for stands here, to be compiled into
// its caller, once for each direction; `tunnelled`: out of a tunnel.
#pragma once

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/plain_frame.hpp"
#include "dataplane/tunnel/domain.hpp"
#include "dataplane/worker/exception.hpp"
#include "dataplane/worker/express.hpp"
#include "dataplane/worker/worker_state.hpp"

namespace gate41 {

// Reads the adjacency anew: it is another one, or has changed.
[[gnu::noinline]] void renew(ExpressWay& way, AdjacencyIndex index, StageContext& context) noexcept;
// To another site than the last one, perhaps.
[[gnu::noinline]] void lead_to_site(ExpressWay& way, const ExpressPacket& packet,
                                    StageContext& context) noexcept;
// From another outer source than the last one.
[[gnu::noinline]] void renew_arrivals(uint16_t tunnel, Ipv4Address outer_source,
                                      StageContext& context) noexcept;
// At the end of a burst: counters, and the use of neighbours.
void settle_express(StageContext& context) noexcept;

// As the adjacency stands now.
[[nodiscard]] inline ExpressWay& express_way(AdjacencyIndex index, StageContext& context) noexcept {
  ExpressWay& way = context.worker.express.ways[index % ExpressState::kWays];
  if (way.index != index || way.version != context.worker.shared.adjacencies.version(index)) [[unlikely]]
    renew(way, index, context);
  return way;
}

// Does the packet fit, as it is?
[[nodiscard]] inline bool takes(const ExpressWay& way, const ExpressPacket& packet) noexcept {
  // What is written in front: the tunnel's header, and the Ethernet one with all of its room.
  constexpr std::size_t kRoom = sizeof(way.ethernet) + sizeof(Ipv4Header);
  return way.kind != AdjacencyKind::unresolved && packet.payload_length + sizeof(Ipv6Header) <= way.longest &&
         rte_pktmbuf_headroom(packet.mbuf) + sizeof(EthernetHeader) >= kRoom;
}

// `tunnel`: that it is out of.
template <bool tunnelled>
void count_arrival(const ExpressPacket& packet, uint16_t tunnel, StageContext& context) noexcept {
  ExpressState& express = context.worker.express;
  express.received.add(rte_pktmbuf_data_len(packet.mbuf));
  if constexpr (tunnelled) {
    ExpressArrivals& arrivals = express.arrivals;
    if (arrivals.outer_source != packet.outer_source || arrivals.tunnel != tunnel) [[unlikely]]
      renew_arrivals(tunnel, packet.outer_source, context);
    arrivals.passed.add(packet.payload_length + sizeof(Ipv6Header));
    if (arrivals.native_by_stranger && !is_six_to_four(packet.key.exterior)) ++arrivals.by_other_relay;
  }
}

// Q4, as stage 7 has it.
inline uint16_t next_id(ExpressWay& way, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  if (way.dont_fragment) return worker.next_atomic_id++;
  const IpIds::Drawn drawn = worker.ip_ids.draw(way.ids, context.seconds);
  way.fast_passed += drawn.fast ? 1 : 0;
  return drawn.id;
}

inline void write_outer(uint8_t* at, const ExpressPacket& packet, ExpressWay& way,
                        StageContext& context) noexcept {
  if (way.kind == AdjacencyKind::tunnel_direct) lead_to_site(way, packet, context);
  const Be16 length(static_cast<uint16_t>(packet.payload_length + sizeof(Ipv6Header) + sizeof(Ipv4Header)));
  const uint32_t own = uint32_t{length.raw()} << 16U | uint32_t(packet.traffic_class & way.tos_copied) << 8U;
  const uint32_t id = Be16(next_id(way, context)).raw();
  const uint64_t checksum = static_cast<uint16_t>(~checksum_fold(way.sum + own + id));
  store_unaligned(at, uint64_t{way.second | id} << 32U | way.first | own);
  store_unaligned(at + offsetof(Ipv4Header, ttl), way.middle | checksum << 16U);
  store_unaligned(at + offsetof(Ipv4Header, destination), way.destination);
}

// Decrements its hop limit, puts the header in front, and puts the packet into outputs.tx.
template <bool tunnelled>
void send_express(const ExpressPacket& packet, ExpressWay& way, StageContext& context) noexcept {
  constexpr uint16_t kBefore = plain_offset(tunnelled);
  rte_mbuf* mbuf = packet.mbuf;
  const uint32_t length = packet.payload_length + uint32_t{sizeof(Ipv6Header)};
  uint8_t* const inner = rte_pktmbuf_mtod_offset(mbuf, uint8_t*, kBefore);
  --inner[offsetof(Ipv6Header, hop_limit)];
  uint8_t* outer = inner;
  if (way.kind != AdjacencyKind::ethernet) write_outer(outer -= sizeof(Ipv4Header), packet, way, context);
  std::memcpy(outer - way.ethernet.size(), way.ethernet.data(), way.ethernet.size());
  mbuf->data_off = static_cast<uint16_t>(mbuf->data_off + kBefore - way.header_length);
  mbuf->data_len = static_cast<uint16_t>(way.header_length + length);
  mbuf->pkt_len = mbuf->data_len;
  meta_of(mbuf).link = way.link;
  if (way.passed.packets == 0) [[unlikely]]
    context.worker.express.touch(way);
  way.passed.add(length);
  way.out->push_back(mbuf);
}

}  // namespace gate41
