// Stage 3. What a well-formed frame is to us. Exceptions come before the question whether the filter is
// active (S45): without ARP and DHCP there would never be anything to filter.
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kDhcpClientPort = 68;

// An ICMPv4 error about protocol 41 that we sent (X8); control validates it further (D18).
bool quotes_our_tunnel(const Packet& packet, const ParsedPacket& quote, const Snapshot& snapshot) noexcept {
  return packet.parsed.l4.quote_offset != 0 && quote.ok() && quote.v4.protocol == ip_proto::kIpv6 &&
         snapshot.is_own_v4(quote.v4.source);
}

// A routing protocol (host.accept), spoken by somebody on the WAN's own subnet.
bool is_from_neighbour(const Packet& packet, const StageContext& context) noexcept {
  const Snapshot& snapshot = context.snapshot;
  return snapshot.wan_subnet.contains(packet.parsed.v4.source) && snapshot.host_accept.lets_in(packet.parsed);
}

// IPv4 for the box itself that is not the tunnel's: only what an own connection asked for (S61, S62).
Verdict classify_host_v4(Packet& packet, StageContext& context) noexcept {
  const Layer4Fields& l4 = packet.parsed.l4;
  if (packet.parsed.v4.fragment == FragmentState::first || packet.parsed.v4.fragment == FragmentState::later)
    return Verdict::drop(DropReason::ipv4_unsolicited);
  if (l4.quote_offset != 0) {
    const ParsedPacket quote = parse_quoted_ipv4(bytes_from(packet, l4.quote_offset));
    if (quotes_our_tunnel(packet, quote, context.snapshot))
      return Verdict::punt(ExceptionClass::icmpv4_error);
    if (context.worker.shared.host_flows.expects(packet.parsed, &quote, context.now))
      return Verdict::punt(ExceptionClass::host_v4);
    return Verdict::drop(DropReason::ipv4_unsolicited);
  }
  if (context.worker.shared.host_flows.expects(packet.parsed, nullptr, context.now) ||
      is_from_neighbour(packet, context))
    return Verdict::punt(ExceptionClass::host_v4);
  return Verdict::drop(DropReason::ipv4_unsolicited);
}

// To any address: the one that is offered is not ours yet. Whole: the client does not put fragments together.
bool is_dhcp(const ParsedPacket& parsed) noexcept {
  return parsed.v4.protocol == ip_proto::kUdp && parsed.v4.fragment == FragmentState::none &&
         parsed.l4.present && parsed.l4.destination_port == kDhcpClientPort;
}

Verdict classify_v4(Packet& packet, const Link& link, StageContext& context) noexcept {
  const Snapshot& snapshot = context.snapshot;
  const Ipv4Fields& v4 = packet.parsed.v4;
  if (!link.is_wan) return Verdict::drop(DropReason::ipv4_not_for_us);
  if (is_dhcp(packet.parsed)) return Verdict::punt(ExceptionClass::dhcp);
  if (v4.protocol == ip_proto::kIpv6) {
    if (!snapshot.filter_active) return Verdict::drop(DropReason::filter_inactive);
    return Verdict::next();
  }
  if (!snapshot.is_own_v4(v4.destination)) return Verdict::drop(DropReason::ipv4_not_for_us);
  return classify_host_v4(packet, context);
}

bool is_nd(uint8_t type) noexcept {
  return type >= icmpv6_type::kRouterSolicitation && type <= icmpv6_type::kRedirect;
}
bool is_mld(uint8_t type) noexcept {
  return (type >= 130 && type <= 132) || type == icmpv6_type::kMldv2Report;
}

// Link-scope ICMPv6 (J4, J5): never forwarded; to the control thread when it obeys the rules (H11, H24, H32).
Verdict classify_link_scope(const ParsedPacket& parsed) noexcept {
  const uint8_t type = parsed.l4.icmp_type;
  if (parsed.v6.fragment != FragmentState::none) return Verdict::drop(DropReason::nd_invalid);
  if (is_mld(type)) {
    if (parsed.v6.hop_limit != 1) return Verdict::drop(DropReason::nd_invalid);
    // A router needs the queries alone; reports of others are for nobody here.
    return type == 130 ? Verdict::punt(ExceptionClass::nd)
                       : Verdict::drop(DropReason::multicast_not_forwarded);
  }
  if (parsed.v6.hop_limit != 255) return Verdict::drop(DropReason::nd_invalid);
  if (type == icmpv6_type::kRedirect) return Verdict::drop(DropReason::filter_icmpv6_type);
  const bool router = type <= icmpv6_type::kRouterAdvertisement;
  return Verdict::punt(router ? ExceptionClass::ra : ExceptionClass::nd);
}

Verdict classify_v6(Packet& packet, const Link& link, StageContext& context) noexcept {
  const ParsedPacket& parsed = packet.parsed;
  if (link.lan == kNoIndex) return Verdict::drop(DropReason::ipv6_on_wan);
  packet.from = Side::lan;
  packet.lan = link.lan;
  if (parsed.l4.present && parsed.l4.protocol == ip_proto::kIcmpv6 &&
      (is_nd(parsed.l4.icmp_type) || is_mld(parsed.l4.icmp_type)))
    return classify_link_scope(parsed);
  if (!context.snapshot.filter_active) return Verdict::drop(DropReason::filter_inactive);
  if (parsed.v6.destination.is_multicast()) return Verdict::drop(DropReason::multicast_not_forwarded);
  // Sent to all, it would be forwarded by all.
  if (parsed.destination_mac.is_multicast()) return Verdict::drop(DropReason::not_for_us_mac);
  return Verdict::next();
}

}  // namespace

Verdict stage_classify(Packet& packet, StageContext& context) noexcept {
  const Link& link = context.snapshot.links[packet.link];
  const ParsedPacket& parsed = packet.parsed;
  if (parsed.destination_mac != link.mac && !parsed.destination_mac.is_multicast())
    return Verdict::drop(DropReason::not_for_us_mac);
  switch (parsed.layer3) {
    case Layer3::arp:
      return link.is_wan ? Verdict::punt(ExceptionClass::arp) : Verdict::drop(DropReason::ipv4_not_for_us);
    case Layer3::ipv4:
      return classify_v4(packet, link, context);
    case Layer3::ipv6:
      return classify_v6(packet, link, context);
    case Layer3::none:
      break;
  }
  return Verdict::drop(DropReason::ether_type_unknown);
}

}  // namespace gate41
