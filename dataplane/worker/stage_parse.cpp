// Stage 2. The one place where a frame's bytes become a ParsedPacket and a parse error becomes a drop reason.
#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/worker/parse_drop.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {

DropReason drop_reason_of(ParseError error) noexcept {
  switch (error) {
    case ParseError::ethernet_truncated:
      return DropReason::ethernet_truncated;
    case ParseError::none:
    case ParseError::ether_type_unknown:
      return DropReason::ether_type_unknown;
    case ParseError::arp_malformed:
      return DropReason::arp_malformed;
    case ParseError::ipv4_truncated:
    case ParseError::ipv4_version:
    case ParseError::ipv4_header_length:
    case ParseError::ipv4_total_length:
      return DropReason::ipv4_malformed;
    case ParseError::ipv4_checksum:
      return DropReason::ipv4_checksum;
    case ParseError::ipv6_truncated:
    case ParseError::ipv6_version:
      return DropReason::ipv6_malformed;
    case ParseError::ipv6_jumbo:
      return DropReason::ipv6_jumbo;
    case ParseError::extension_truncated:
    case ParseError::extension_order:
      return DropReason::extension_malformed;
    case ParseError::extension_too_long:
      return DropReason::extension_too_long;
    case ParseError::routing_type_0:
      return DropReason::routing_header_0;
    case ParseError::fragment_header_chain:
      return DropReason::first_fragment_short;
    case ParseError::l4_truncated:
      return DropReason::l4_malformed;
  }
  return DropReason::ether_type_unknown;
}

void count_received(const Packet& packet, StageContext& context) noexcept {
  LinkCounters& link = context.worker.counters.links[packet.link];
  link.rx_packets.add();
  link.rx_bytes.add(rte_pktmbuf_pkt_len(packet.mbuf));
}

Verdict stage_parse(Packet& packet, uint16_t device, StageContext& context) noexcept {
  ParsedPacket& parsed = packet.parsed;
  parse_frame(bytes_from(packet, 0), parsed);
  if (parsed.error == ParseError::ethernet_truncated) return Verdict::drop(DropReason::ethernet_truncated);
  packet.link = context.snapshot.link_of(device, parsed.vlan);
  if (packet.link == kNoIndex) return Verdict::drop(DropReason::link_unknown);
  count_received(packet, context);
  if (!parsed.ok()) return Verdict::drop(drop_reason_of(parsed.error));
  if (parsed.has_v6) hash_flow(context.worker.shared.secret, parsed);
  return Verdict::next();
}

}  // namespace gate41
