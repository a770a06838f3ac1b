// IPv6 to one of our own addresses: echo by policy, answers to what this box asked, routing protocols that
// host.accept names, and nothing else (S64, S68, B20).
#include <algorithm>

#include "dataplane/forward/echo.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/tunnel/checks.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

bool is_whole(const ParsedPacket& parsed) noexcept {
  return parsed.v6.fragment == FragmentState::none || parsed.v6.fragment == FragmentState::atomic;
}

// Without extension headers: the reply is made in place and must not carry the request's (RFC 8021 for
// fragments).
bool is_echo_request(const ParsedPacket& parsed) noexcept {
  return parsed.l4.present && parsed.v6.next_header == ip_proto::kIcmpv6 &&
         parsed.l4.icmp_type == icmpv6_type::kEchoRequest;
}

// To our link-local address on a tunnel: what check_inner lets the other end alone say.
bool is_on_tunnels_link(const Packet& packet) noexcept {
  return packet.from == Side::tunnel && packet.parsed.v6.destination.is_link_local();
}

// A configured tunnel answers its other end, which finds out by that whether it lives (D33).
bool is_from_peer(const Packet& packet, const Snapshot& snapshot) noexcept {
  const Tunnel& tunnel = snapshot.tunnels[packet.tunnel];
  return tunnel.kind == TunnelKind::six_in_four &&
         (packet.parsed.v6.source == tunnel.peer || is_on_tunnels_link(packet));
}

// Of what may be an echo request, as later fragments do not tell. With the fragment header alone before it.
bool is_echo_fragment(const ParsedPacket& parsed) noexcept {
  const Ipv6Fields& v6 = parsed.v6;
  if (v6.next_header != ip_proto::kFragment || parsed.l4.protocol != ip_proto::kIcmpv6) return false;
  if (v6.fragment == FragmentState::later) return true;
  const bool begins = v6.fragment == FragmentState::first || v6.fragment == FragmentState::atomic;
  return begins && parsed.l4.icmp_type == icmpv6_type::kEchoRequest;
}

// X7: in simple-security within a rate.
bool policy_allows_echo(StageContext& context) noexcept {
  const Policy& policy = context.snapshot.policy;
  if (!policy.allow_echo || policy.profile != Profile::simple_security) return policy.allow_echo;
  return context.worker.error_rates.echo_requests.take(context.now);
}

// A relay answers always (B20), the LAN gets its answer (S68), the tunnel by filter.allow_echo (X7).
bool echo_allowed(const Packet& packet, StageContext& context) noexcept {
  return packet.from == Side::lan || context.snapshot.role == TunnelRole::relay ||
         is_from_peer(packet, context.snapshot) || policy_allows_echo(context);
}

// RFC 4443 §2.2 b: an anycast address is no source. The subnet-router anycast address of a LAN (RFC 4291
// §2.6.1) is spoken for by the LAN's own, that of a delegated prefix (E21) by the tunnel's, that of a border
// relay by its native one. (A relay's 2002:V4:: stays: the site that asked expects it, X22.)
const Ipv6Address& reply_source(const Ipv6Address& asked, const Snapshot& snapshot) noexcept {
  for (const LanView& lan : snapshot.lans)
    for (const Ipv6Prefix& prefix : lan.prefixes)
      if (prefix.address == asked) return lan.error_source;
  for (const Tunnel& tunnel : snapshot.tunnels) {
    if (tunnel.role == TunnelRole::gateway && tunnel.prefix.address == asked) return tunnel.address;
    if (tunnel.kind == TunnelKind::six_rd && is_relay_own_form(tunnel, asked))
      return snapshot.lans.front().error_source;
  }
  return asked;
}

// The inner source does not tell it any more.
Ipv4Address asked_border_relay(const Packet& packet, const Snapshot& snapshot) noexcept {
  if (packet.from != Side::tunnel) return {};
  const Tunnel& tunnel = snapshot.tunnels[packet.tunnel];
  const Ipv6Address& asked = packet.parsed.v6.destination;
  if (tunnel.kind != TunnelKind::six_rd || !is_relay_own_form(tunnel, asked)) return {};
  return tunnel.domain.v4_of(asked);
}

// The reply goes back where the request came from: from here on it is a packet of our own.
Verdict answer_echo(Packet& packet, StageContext& context) noexcept {
  if (packet.parsed.v6.source.is_multicast() || packet.parsed.v6.source.is_unspecified())
    return Verdict::drop(DropReason::policy_source_multicast);
  Ipv6Fields& v6 = packet.parsed.v6;
  const Ipv6Address source = reply_source(v6.destination, context.snapshot);
  turn_into_echo_reply(ipv6_bytes(packet), static_cast<uint16_t>(packet.parsed.l4.offset - v6.offset),
                       source);
  packet.to_peer = is_on_tunnels_link(packet);
  packet.asked = asked_border_relay(packet, context.snapshot);
  v6.destination = v6.source;
  v6.source = source;
  v6.hop_limit = 64;
  packet.parsed.l4.icmp_type = icmpv6_type::kEchoReply;
  packet.from = Side::own;
  packet.origin = Origin::host;
  context.worker.counters.echo_replies.add();
  return Verdict::next();
}

// E19: from ourselves to ourselves, as a probe is that the border relay has sent back.
bool is_returned(const Packet& packet) noexcept {
  return packet.from == Side::tunnel && packet.parsed.v6.source == packet.parsed.v6.destination;
}

bool expected(Packet& packet, StageContext& context) noexcept {
  const Layer4Fields& l4 = packet.parsed.l4;
  if (l4.quote_offset == 0)
    return context.worker.shared.host_flows.expects(packet.parsed, nullptr, context.now);
  const ParsedPacket quote = parse_quoted_ipv6(bytes_from(packet, l4.quote_offset));
  return context.worker.shared.host_flows.expects(packet.parsed, &quote, context.now);
}

// A routing protocol (host.accept), spoken by somebody on the same LAN.
bool is_from_neighbour(const Packet& packet, const Snapshot& snapshot) noexcept {
  if (packet.from != Side::lan || !snapshot.host_accept.lets_in(packet.parsed)) return false;
  const Ipv6Address& source = packet.parsed.v6.source;
  return source.is_link_local() ||
         std::ranges::any_of(snapshot.lans[packet.lan].prefixes,
                             [&](const Ipv6Prefix& prefix) { return prefix.contains(source); });
}

bool is_spoken_here(uint8_t protocol) noexcept {
  return protocol == ip_proto::kTcp || protocol == ip_proto::kUdp || protocol == ip_proto::kIcmpv6 ||
         protocol == ip_proto::kNoNext;
}

// RFC 8200 §4: the sender of an unknown next header is told which; the tunnel is told nothing (X24).
Verdict turn_away(Packet& packet) noexcept {
  const ParsedPacket& parsed = packet.parsed;
  if (packet.from != Side::lan) return Verdict::drop(DropReason::filter_own_unsolicited);
  if (is_spoken_here(parsed.l4.protocol)) return Verdict::drop(DropReason::filter_own_closed);
  const auto pointer = static_cast<uint16_t>(parsed.v6.next_header_at - parsed.v6.offset);
  return refuse(packet, DropReason::filter_own_protocol, icmp_error::next_header_unknown(pointer));
}

}  // namespace

Verdict stage_own(Packet& packet, StageContext& context) noexcept {
  if (is_returned(packet))
    return context.worker.shared.host_flows.has_sent(packet.parsed, context.now)
               ? Verdict::punt(ExceptionClass::host_v6)
               : Verdict::drop(DropReason::filter_own_unsolicited);
  if (is_echo_fragment(packet.parsed) && echo_allowed(packet, context)) {
    const Verdict verdict = reassemble_own(packet, context);
    if (verdict.kind != Verdict::Kind::next) return verdict;
  }
  if (is_echo_request(packet.parsed) && echo_allowed(packet, context)) return answer_echo(packet, context);
  if (is_whole(packet.parsed) && packet.parsed.l4.present &&
      (expected(packet, context) || is_from_neighbour(packet, context.snapshot)))
    return Verdict::punt(ExceptionClass::host_v6);
  return turn_away(packet);
}

}  // namespace gate41
