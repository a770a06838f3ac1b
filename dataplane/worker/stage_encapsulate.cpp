// Stage 7. The adjacency's header replaces whatever stands before the IPv6 packet: Ethernet alone, or
// Ethernet and the outer IPv4 header (RFC 4213 §3.5). Padding behind the packet is cut (D28).
#include "dataplane/tunnel/checks.hpp"
#include "dataplane/tunnel/fragment.hpp"
#include "dataplane/tunnel/outer_header.hpp"
#include "dataplane/worker/endpoint.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// Moves the start of the mbuf so that exactly `header_length` bytes stand before the IPv6 packet.
bool make_room(Packet& packet, uint16_t header_length) noexcept {
  rte_mbuf* mbuf = packet.mbuf;
  const uint16_t before = packet.parsed.v6.offset;
  const auto end = static_cast<uint16_t>(before + packet.parsed.v6.total_length());
  if (rte_pktmbuf_data_len(mbuf) > end)
    rte_pktmbuf_trim(mbuf, static_cast<uint16_t>(rte_pktmbuf_data_len(mbuf) - end));
  const bool made = header_length > before
                        ? rte_pktmbuf_prepend(mbuf, static_cast<uint16_t>(header_length - before)) != nullptr
                        : rte_pktmbuf_adj(mbuf, static_cast<uint16_t>(before - header_length)) != nullptr;
  if (made) packet.parsed.v6.offset = header_length;  // it may be dropped yet, and control told
  return made;
}

// Q4: identifications matter only where somebody may fragment.
uint16_t next_id(bool dont_fragment, Ipv4Address destination, uint8_t tunnel,
                 StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  if (dont_fragment) return worker.next_atomic_id++;
  const IpIds::Drawn drawn = worker.ip_ids.draw(destination, context.seconds);
  if (drawn.fast) {
    worker.counters.tunnels[tunnel].fast_ids.add();
    worker.counters.tunnels[tunnel].fast_peer.set(destination.host());
  }
  return drawn.id;
}

void patch(Packet& packet, std::span<uint8_t, 20> outer, StageContext& context) noexcept {
  const Ipv6Fields& v6 = packet.parsed.v6;
  const Tunnel& tunnel = context.snapshot.tunnels[packet.way.tunnel];
  OuterPatch patch;
  patch.inner_length = v6.total_length();
  patch.tos = outer_tos(v6.traffic_class, tunnel.ecn_compatibility, tunnel.dscp_copy, tunnel.dscp);
  const Ipv4Address endpoint = endpoint_of(packet.way, tunnel, v6.destination);
  if (packet.way.kind == AdjacencyKind::tunnel_direct) patch.destination = endpoint;
  // X27: a relay answers from the address that was asked.
  if (packet.from == Side::own && is_relay_own_form(tunnel, v6.source))
    patch.source = tunnel.domain.v4_of(v6.source);
  else if (!packet.asked.is_unspecified())
    patch.source = packet.asked;
  patch.dont_fragment = packet.dont_fragment || has_dont_fragment(outer);
  patch.id = next_id(patch.dont_fragment, endpoint, packet.way.tunnel, context);
  patch_outer(outer, patch);
  TunnelCounters& counters = context.worker.counters.tunnels[packet.way.tunnel];
  counters.encap_packets.add();
  counters.encap_bytes.add(v6.total_length());
  if (packet.way.kind == AdjacencyKind::tunnel) counters.encap_relayed.add();
}

}  // namespace

Verdict stage_encapsulate(Packet& packet, StageContext& context) noexcept {
  const Adjacency& way = packet.way;
  if (way.link >= context.snapshot.links.size()) return Verdict::drop(DropReason::link_unknown);
  if (!make_room(packet, way.header_length)) return Verdict::drop(DropReason::no_headroom);
  auto* start = rte_pktmbuf_mtod(packet.mbuf, uint8_t*);
  std::memcpy(start, way.header.data(), way.header_length);
  if (way.kind != AdjacencyKind::ethernet)
    patch(packet, std::span<uint8_t, 20>(start + way.ethernet_length, 20), context);
  packet.link = way.link;
  return Verdict::next();
}

}  // namespace gate41
