#include "dataplane/filter/filter.hpp"

#include <algorithm>

#include "dataplane/filter/icmpv6_class.hpp"
#include "dataplane/filter/tcp_tracking.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kFirstDynamicPort = 1024;  // RFC 6092 REC-14, REC-15

using Reason = std::optional<DropReason>;

bool is_icmpv6(const ParsedPacket& packet) noexcept { return packet.l4.protocol == ip_proto::kIcmpv6; }
bool is_tcp(const ParsedPacket& packet) noexcept { return packet.l4.protocol == ip_proto::kTcp; }
Icmpv6Class icmpv6_class(const ParsedPacket& packet) noexcept { return class_of_icmpv6(packet.l4.icmp_type); }
bool is_echo_flow(const ParsedPacket& packet) noexcept {
  return is_icmpv6(packet) && is_echo(icmpv6_class(packet));
}

bool quotes_ports(uint8_t protocol) noexcept {
  return protocol == ip_proto::kTcp || protocol == ip_proto::kUdp || protocol == ip_proto::kUdpLite ||
         protocol == ip_proto::kSctp || protocol == ip_proto::kDccp || protocol == ip_proto::kIcmpv6;
}

Reason icmpv6_check(const ParsedPacket& packet, Direction direction) noexcept {
  const Icmpv6Class type = icmpv6_class(packet);
  const bool never = type == Icmpv6Class::link_local || type == Icmpv6Class::forbidden ||
                     (type == Icmpv6Class::unallocated && direction == Direction::inbound);
  return never ? Reason(DropReason::filter_icmpv6_type) : std::nullopt;
}

Reason decide_outbound(const ParsedPacket& packet) noexcept {
  if (is_icmpv6_error(packet)) return DropReason::filter_error_unrelated;
  if (is_icmpv6(packet) && icmpv6_class(packet) == Icmpv6Class::echo_reply)
    return DropReason::filter_unsolicited;
  if (!is_tcp(packet)) return std::nullopt;
  const TcpSegment segment = classify_tcp(packet.l4.tcp_flags);
  if (segment == TcpSegment::invalid) return DropReason::filter_tcp_invalid;
  const bool opens = segment == TcpSegment::syn || segment == TcpSegment::ack;
  return opens ? std::nullopt : Reason(DropReason::filter_tcp_no_flow);
}

bool inbound_allowed(const Policy& policy, const InboundQuestion& question) noexcept {
  if (question.protocol == ip_proto::kIcmpv6 && policy.allow_echo) return true;
  return policy.inbound.find(question).rule != nullptr;
}

Reason decide_inbound(const ParsedPacket& packet, const Policy& policy) noexcept {
  if (is_icmpv6_error(packet)) return DropReason::filter_error_unrelated;
  const bool icmp = is_icmpv6(packet);
  if (icmp && icmpv6_class(packet) != Icmpv6Class::echo_request) return DropReason::filter_unsolicited;
  const TcpSegment segment = classify_tcp(packet.l4.tcp_flags);
  if (is_tcp(packet) && segment == TcpSegment::invalid) return DropReason::filter_tcp_invalid;
  if (is_tcp(packet) && segment != TcpSegment::syn) return DropReason::filter_unsolicited;
  const uint16_t port = icmp ? uint16_t{0} : packet.l4.destination_port;
  const bool allowed =
      inbound_allowed(policy, {packet.v6.destination, packet.v6.source, packet.l4.protocol, port});
  return allowed ? std::nullopt : Reason(DropReason::filter_unsolicited);
}

uint32_t tcp_timeout(FlowState state, const Timeouts& timeouts) noexcept {
  return is_transitory(state) ? timeouts.tcp_transitory : timeouts.tcp_established;
}

// K51.
uint32_t timeout_of(FlowState state, const ParsedPacket& packet, const Timeouts& timeouts) noexcept {
  const Layer4Fields& l4 = packet.l4;
  switch (l4.protocol) {
    case ip_proto::kTcp:
      return tcp_timeout(state, timeouts);
    case ip_proto::kUdp:
    case ip_proto::kUdpLite: {
      const bool well_known = l4.source_port < kFirstDynamicPort || l4.destination_port < kFirstDynamicPort;
      return well_known ? timeouts.udp_well_known : timeouts.udp;
    }
    case ip_proto::kIcmpv6:
      return is_echo_flow(packet) ? timeouts.echo : timeouts.generic;
    default:
      return timeouts.generic;
  }
}

// One second more, for the clock's seconds are cut off: the timers are minima (K12, K14, K35).
uint32_t end_of(uint32_t timeout, TimePoint now) noexcept { return coarse_seconds(now) + timeout + 1; }

void refresh(FlowEntry& entry, const ParsedPacket& packet, const Policy& policy, TimePoint now) noexcept {
  const uint32_t expires = end_of(timeout_of(entry.state, packet, policy.timeouts), now);
  if (entry.expires != expires) entry.expires = expires;
}

void account(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  entry.bytes += packet.v6.total_length();
  const bool tunnelled = direction == Direction::inbound && packet.layer3 == Layer3::ipv4;
  if (tunnelled && entry.outer_source != packet.v4.source) entry.outer_source = packet.v4.source;
}

Reason decide_and_open(FlowEntry& entry, const ParsedPacket& packet, Direction direction,
                       const Policy& policy, TimePoint now) noexcept {
  if (const Reason reason = decide_new(packet, direction, policy)) return reason;
  FlowEntry fresh;
  fresh.adjacency = entry.adjacency;
  entry = fresh;
  open_flow(entry, packet, direction, policy, now);
  return std::nullopt;
}

// An echo flow passes replies to the side that has asked, and requests from outside where they could open
// one now.
Reason track_echo(FlowEntry& entry, const ParsedPacket& packet, Direction direction,
                  const Policy& policy) noexcept {
  const bool request = icmpv6_class(packet) == Icmpv6Class::echo_request;
  if (direction == Direction::outbound) {
    if (request) entry.flags |= flow_flag::kEchoAsked;
    return std::nullopt;
  }
  if (request) return decide_new(packet, direction, policy);
  const bool asked = (entry.flags & flow_flag::kEchoAsked) != 0;
  return asked ? std::nullopt : Reason(DropReason::filter_unsolicited);
}

// K16: what comes from outside keeps alive only what has been answered.
Reason track_generic(FlowEntry& entry, const ParsedPacket& packet, Direction direction, const Policy& policy,
                     TimePoint now) noexcept {
  if (is_echo_flow(packet)) {
    if (const Reason reason = track_echo(entry, packet, direction, policy)) return reason;
  }
  const bool from_outside = (entry.flags & flow_flag::kPinhole) != 0;
  const bool answers = (direction == Direction::outbound) == from_outside;
  if (entry.state == FlowState::opening && answers) entry.state = FlowState::established;
  if (direction == Direction::outbound || entry.state == FlowState::established)
    refresh(entry, packet, policy, now);
  return std::nullopt;
}

bool is_stale(const FlowEntry& entry, const ParsedPacket& packet, TimePoint now) noexcept {
  return has_expired(entry, now) || (is_tcp(packet) && entry.state < FlowState::tcp_syn_sent);
}

}  // namespace

std::optional<DropReason> policy_check(const ParsedPacket& packet, Direction direction,
                                       const LabAllow& lab) noexcept {
  const Ipv6Fields& v6 = packet.v6;
  if (v6.source.is_multicast()) return DropReason::policy_source_multicast;
  if (v6.destination.is_multicast()) return DropReason::multicast_not_forwarded;
  if (never_on_tunnel(v6.source, lab) != nullptr || never_on_tunnel(v6.destination, lab) != nullptr)
    return DropReason::policy_forbidden_block;
  if (is_icmpv6(packet) && packet.l4.present) return icmpv6_check(packet, direction);
  return std::nullopt;
}

bool is_icmpv6_error(const ParsedPacket& packet) noexcept {
  return is_icmpv6(packet) && packet.l4.present && icmpv6_class(packet) == Icmpv6Class::error;
}

std::optional<FlowKey> related_key(const ParsedPacket& error, const ParsedPacket& quote,
                                   Direction error_direction) noexcept {
  const bool usable = quote.has_v6 && quote.ok() && (quote.l4.present || !quotes_ports(quote.l4.protocol));
  if (!usable || quote.v6.source != error.v6.destination) return std::nullopt;
  if (is_icmpv6_error(quote)) return std::nullopt;  // nobody sends an error about one (RFC 4443 §2.4 e.1)
  return quoted_flow_key(quote, error_direction);
}

std::optional<DropReason> decide_new(const ParsedPacket& packet, Direction direction,
                                     const Policy& policy) noexcept {
  if (packet.v6.fragment == FragmentState::later) return DropReason::filter_fragment;
  return direction == Direction::outbound ? decide_outbound(packet) : decide_inbound(packet, policy);
}

void open_flow(FlowEntry& entry, const ParsedPacket& packet, Direction direction, const Policy& policy,
               TimePoint now) noexcept {
  entry.state = FlowState::opening;
  entry.flags = direction == Direction::inbound ? flow_flag::kPinhole : uint8_t{0};
  entry.policy_epoch = policy.epoch;
  entry.created = coarse_seconds(now);
  if (is_tcp(packet)) open_tcp(entry, packet, direction);
  if (is_echo_flow(packet) && direction == Direction::outbound) entry.flags |= flow_flag::kEchoAsked;
  refresh(entry, packet, policy, now);
  account(entry, packet, direction);
}

std::optional<DropReason> track(FlowEntry& entry, const ParsedPacket& packet, Direction direction,
                                const Policy& policy, TimePoint now) noexcept {
  if (entry.state == FlowState::free) return DropReason::flow_table_full;
  if (is_stale(entry, packet, now)) return decide_and_open(entry, packet, direction, policy, now);
  if (!is_tcp(packet)) {
    if (const Reason reason = track_generic(entry, packet, direction, policy, now)) return reason;
    account(entry, packet, direction);
    return std::nullopt;
  }
  switch (track_tcp(entry, packet, direction)) {
    case TcpVerdict::pass:
      refresh(entry, packet, policy, now);
      break;
    case TcpVerdict::pass_quietly:
      break;
    case TcpVerdict::pass_doubtful:
      entry.expires = std::min(entry.expires, end_of(policy.timeouts.tcp_transitory, now));
      break;
    case TcpVerdict::open_again:
      return decide_and_open(entry, packet, direction, policy, now);
    case TcpVerdict::refuse_flags:
      return DropReason::filter_tcp_invalid;
    case TcpVerdict::refuse_window:
      return DropReason::filter_tcp_window;
  }
  account(entry, packet, direction);
  return std::nullopt;
}

bool still_allowed(const FlowEntry& entry, const FlowKey& key, const Policy& policy) noexcept {
  // What the interior has asked for is its own, whoever has asked first.
  if ((entry.flags & flow_flag::kPinhole) == 0 || (entry.flags & flow_flag::kEchoAsked) != 0) return true;
  const bool icmp = key.protocol == ip_proto::kIcmpv6;
  const uint16_t port = icmp ? uint16_t{0} : key.interior_port;
  return inbound_allowed(policy, {key.interior, key.exterior, key.protocol, port});
}

}  // namespace gate41
