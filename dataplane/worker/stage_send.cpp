// Stage 8. Where packets leave: a device's buffer, the control thread, or the free list, each counted exactly
// once.
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/tunnel/fragment.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

void capture(const rte_mbuf* mbuf, CapturePoint point, DropReason reason, uint16_t link,
             StageContext& context) noexcept {
  CaptureTap& tap = context.worker.shared.capture;
  if (!tap.armed()) return;
  tap.copy(mbuf, {point, reason, link, static_cast<uint16_t>(rte_pktmbuf_pkt_len(mbuf))});
}

// An untagged frame gets the link's VLAN tag (IEEE 802.1Q): the two addresses move four bytes to the front.
bool add_vlan(rte_mbuf* mbuf, uint16_t vlan) noexcept {
  char* start = rte_pktmbuf_prepend(mbuf, sizeof(VlanTag));
  if (start == nullptr) return false;
  std::memmove(start, start + sizeof(VlanTag), 12);
  const Be16 tag[2] = {Be16(ether_type::kVlan), Be16(vlan)};
  std::memcpy(start + 12, tag, sizeof tag);
  return true;
}

// The control thread sees frames untagged and IPv6 packets without what stood before them.
void shape_for_control(Packet& packet, ExceptionClass exception_class) noexcept {
  rte_mbuf* mbuf = packet.mbuf;
  const ParsedPacket& parsed = packet.parsed;
  if (exception_class == ExceptionClass::host_v6 || exception_class == ExceptionClass::tunnel_nd ||
      exception_class == ExceptionClass::unresolved || exception_class == ExceptionClass::unresolved_v4 ||
      exception_class == ExceptionClass::own_dropped) {
    rte_pktmbuf_adj(mbuf, parsed.v6.offset);
    rte_pktmbuf_trim(mbuf, static_cast<uint16_t>(rte_pktmbuf_data_len(mbuf) - parsed.v6.total_length()));
    return;
  }
  if (parsed.ethernet_length == sizeof(EthernetHeader)) return;  // priority tags (VLAN 0) go too
  auto* start = rte_pktmbuf_mtod(mbuf, char*);
  std::memmove(start + sizeof(VlanTag), start, 12);
  rte_pktmbuf_adj(mbuf, sizeof(VlanTag));
}

// I9: an address of the interface that the packet came by, which its sender can route to.
const Ipv6Address& error_source(const Packet& packet, const Snapshot& snapshot) noexcept {
  if (packet.from == Side::tunnel && snapshot.role == TunnelRole::gateway)
    return snapshot.tunnels[packet.tunnel].address;
  return snapshot.lans[packet.from == Side::lan ? packet.lan : 0].error_source;
}

bool within_rate(const Packet& packet, StageContext& context) noexcept {
  ErrorRates& rates = context.worker.error_rates;
  TokenBucket& bucket = packet.error.type == icmpv6_type::kPacketTooBig ? rates.packet_too_big : rates.other;
  if (bucket.take(context.now)) return true;
  context.worker.counters.icmp_errors_limited.add();
  return false;
}

// Somebody at the control thread waits for its answer.
bool is_own_request(const Packet& packet) noexcept {
  const Layer4Fields& l4 = packet.parsed.l4;
  return packet.from == Side::own && packet.origin == Origin::host && l4.present &&
         l4.protocol == ip_proto::kIcmpv6 && l4.icmp_type == icmpv6_type::kEchoRequest;
}

// The packet has been counted as dropped; its buffer goes on as a new one, which says so.
void tell_of_drop(Packet& packet, DropReason reason, StageContext& context) noexcept {
  const bool too_big = packet.answered && packet.error.type == icmpv6_type::kPacketTooBig;
  hand_up(packet, ExceptionClass::own_dropped, context);
  MbufMeta& meta = meta_of(packet.mbuf);
  meta.drop_reason = reason;
  meta.mtu = too_big ? static_cast<uint16_t>(packet.error.parameter) : uint16_t{0};
  context.worker.counters.created.add();
}

}  // namespace

// The burst loop routes it.
void answer_sender(const Packet& packet, Bytes offending, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  const Snapshot& snapshot = context.snapshot;
  if (snapshot.lans.empty() || packet.from == Side::own || packet.origin == Origin::created) return;
  const Ipv6Address& source = error_source(packet, snapshot);
  const bool stays_on_link = packet.from == Side::lan && snapshot.role == TunnelRole::gateway;
  if (source.is_link_local() && !stays_on_link) return;  // RFC 4291 §2.5.6: no router would pass it on
  if (source.is_unspecified() || !may_answer_with_error(packet.parsed, packet.error)) return;
  if (!within_rate(packet, context) || worker.created.size() == worker.created.capacity()) return;
  rte_mbuf* mbuf = rte_pktmbuf_alloc(worker.shared.pool);
  if (mbuf == nullptr) return;
  auto* room = reinterpret_cast<uint8_t*>(rte_pktmbuf_append(mbuf, kMaxIcmpError));
  const std::size_t length =
      room == nullptr ? 0 : build_icmp_error({room, kMaxIcmpError}, packet.error, source, offending);
  if (length == 0) {
    rte_pktmbuf_free(mbuf);
    return;
  }
  rte_pktmbuf_trim(mbuf, static_cast<uint16_t>(kMaxIcmpError - length));
  Packet& created = worker.created.emplace_back();
  created.mbuf = mbuf;
  created.parsed = parse_ipv6_packet(bytes_from(created, 0));
  created.origin = Origin::created;
  created.from = Side::own;
  created.lan = packet.lan;
  worker.counters.created.add();
  worker.counters.icmp_errors_sent.add();
}

void tell_refused(const Unanswered::Attempt& attempt, StageContext& context) noexcept {
  const Snapshot& snapshot = context.snapshot;
  if (snapshot.policy.profile != Profile::simple_security || attempt.tunnel >= snapshot.tunnels.size())
    return;
  Packet packet;
  packet.parsed = parse_quoted_ipv6(attempt.quote());
  packet.from = Side::tunnel;
  packet.tunnel = attempt.tunnel;
  packet.error = icmp_error::kProhibited;
  answer_sender(packet, attempt.quote(), context);
}

void capture_received(const Packet& packet, StageContext& context) noexcept {
  capture(packet.mbuf, CapturePoint::rx, {}, packet.link, context);
}

void transmit(rte_mbuf* frame, uint16_t link, StageContext& context) noexcept {
  WorkerCounters& counters = context.worker.counters;
  capture(frame, CapturePoint::tx, {}, link, context);
  meta_of(frame).link = link;
  counters.tx.add();
  counters.links[link].tx_packets.add();
  counters.links[link].tx_bytes.add(rte_pktmbuf_pkt_len(frame));
  context.worker.outputs.tx[context.snapshot.links[link].device].push_back(frame);
}

void send_packet(Packet& packet, StageContext& context) noexcept {
  const bool tunnelled = packet.way.kind != AdjacencyKind::ethernet;
  const std::size_t length = packet.parsed.v6.total_length() + sizeof(Ipv4Header);
  if (tunnelled && must_be_fragmented(length, context.snapshot.links[packet.link].mtu))
    return send_in_fragments(packet, context);
  context.worker.tracer.note(packet, Verdict::next(), context);
  transmit(packet.mbuf, packet.link, context);
}

void send_frame(rte_mbuf* untagged, uint16_t link, StageContext& context) noexcept {
  Packet packet;
  packet.mbuf = untagged;
  packet.link = link;
  if (link >= context.snapshot.links.size()) return drop_packet(packet, DropReason::link_unknown, context);
  const uint16_t vlan = context.snapshot.links[link].vlan;
  if (vlan != 0 && !add_vlan(untagged, vlan)) return drop_packet(packet, DropReason::no_headroom, context);
  transmit(untagged, link, context);
}

bool may_go_up(ExceptionClass exception_class, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  const auto index = static_cast<std::size_t>(exception_class);
  if (worker.exception_rates[index].take(context.now)) return true;
  worker.counters.policed[index].add();
  return false;
}

void hand_up(Packet& packet, ExceptionClass exception_class, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  shape_for_control(packet, exception_class);
  MbufMeta& meta = meta_of(packet.mbuf);
  meta = {};
  meta.exception_class = exception_class;
  meta.worker = context.worker.team.index;
  meta.link = packet.link;
  meta.tunnel = packet.tunnel;
  meta.lan = packet.next_hop_scope;
  meta.side = static_cast<uint8_t>(packet.from);
  meta.ingress_lan = packet.lan;
  std::memcpy(meta.next_hop, packet.next_hop.bytes.data(), sizeof meta.next_hop);
  worker.counters.punted.add();
  worker.counters.exceptions[static_cast<std::size_t>(exception_class)].add();
  worker.outputs.exceptions.push_back(packet.mbuf);
}

void punt_packet(Packet& packet, ExceptionClass exception_class, StageContext& context) noexcept {
  if (!may_go_up(exception_class, context))
    return drop_packet(packet, DropReason::exception_policed, context);
  context.worker.tracer.note(packet, Verdict::punt(exception_class), context);
  hand_up(packet, exception_class, context);
}

void drop_packet(Packet& packet, DropReason reason, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  worker.counters.dropped.add();
  worker.counters.drops[static_cast<std::size_t>(reason)].add();
  worker.drop_log.note(packet, reason, context.now);
  worker.tracer.note(packet, Verdict::drop(reason), context);
  capture(packet.mbuf, CapturePoint::drop, reason, packet.link, context);
  if (packet.answered) answer_sender(packet, ipv6_bytes(packet), context);
  if (is_own_request(packet) && may_go_up(ExceptionClass::own_dropped, context))
    return tell_of_drop(packet, reason, context);
  worker.to_free.push_back(packet.mbuf);
}

}  // namespace gate41
