#include "dataplane/filter/filter.hpp"

#include <algorithm>

#include "dataplane/filter/dccp_tracking.hpp"
#include "dataplane/filter/icmpv6_class.hpp"
#include "dataplane/filter/sctp_tracking.hpp"
#include "dataplane/filter/tcp_tracking.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/protocol_name.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kFirstDynamicPort = 1024;  // RFC 6092 REC-14, REC-15

using Reason = std::optional<DropReason>;

bool is_icmpv6(const ParsedPacket& packet) noexcept { return packet.flow_protocol() == ip_proto::kIcmpv6; }
Icmpv6Class icmpv6_class(const ParsedPacket& packet) noexcept { return class_of_icmpv6(packet.l4.icmp_type); }
bool is_echo_flow(const ParsedPacket& packet) noexcept {
  return is_icmpv6(packet) && is_echo(icmpv6_class(packet));
}

bool quotes_ports(uint8_t protocol) noexcept { return has_ports(protocol) || protocol == ip_proto::kIcmpv6; }

Reason icmpv6_check(const ParsedPacket& packet, Direction direction) noexcept {
  const Icmpv6Class type = icmpv6_class(packet);
  const bool never = type == Icmpv6Class::link_local || type == Icmpv6Class::forbidden ||
                     (type == Icmpv6Class::unallocated && direction == Direction::inbound);
  return never ? Reason(DropReason::filter_icmpv6_type) : std::nullopt;
}

// How a packet of a protocol with connections begins one.
enum class Beginning : uint8_t {
  any,      // the protocol has no connections
  opens,    // the first packet of a connection
  goes_on,  // may begin a flow in mid-stream, from the LAN (K58)
  none,
  invalid,
};

Beginning tcp_beginning(const ParsedPacket& packet) noexcept {
  switch (classify_tcp(packet.l4.tcp_flags)) {
    case TcpSegment::syn:
      return Beginning::opens;
    case TcpSegment::ack:
      return Beginning::goes_on;
    case TcpSegment::invalid:
      return Beginning::invalid;
    default:
      return Beginning::none;
  }
}

Beginning sctp_beginning(const ParsedPacket& packet) noexcept {
  const SctpKind kind = classify_sctp(packet.l4.sctp);
  if (kind == SctpKind::invalid) return Beginning::invalid;
  if (kind == SctpKind::init) return Beginning::opens;
  return picks_up(kind) ? Beginning::goes_on : Beginning::none;
}

Beginning dccp_beginning(const ParsedPacket& packet) noexcept {
  switch (classify_dccp(packet.l4.dccp)) {
    case DccpKind::request:
      return Beginning::opens;
    case DccpKind::data:
      return Beginning::goes_on;
    case DccpKind::invalid:
      return Beginning::invalid;
    default:
      return Beginning::none;
  }
}

// Who asks by echo begins, and who answers doesn't.
Beginning icmpv6_beginning(const ParsedPacket& packet) noexcept {
  return icmpv6_class(packet) == Icmpv6Class::echo_request ? Beginning::opens : Beginning::any;
}

Beginning beginning_of(const ParsedPacket& packet) noexcept {
  switch (packet.flow_protocol()) {
    case ip_proto::kTcp:
      return tcp_beginning(packet);
    case ip_proto::kSctp:
      return sctp_beginning(packet);
    case ip_proto::kDccp:
      return dccp_beginning(packet);
    case ip_proto::kIcmpv6:
      return icmpv6_beginning(packet);
    default:
      return Beginning::any;
  }
}

// What differs between the protocols with connections.
struct ConnectionRules {
  DropReason invalid;
  DropReason stranger;
  DropReason no_flow;
  uint32_t Timeouts::*transitory;
  uint32_t Timeouts::*established;
};
constexpr ConnectionRules kTcpRules{DropReason::filter_tcp_invalid, DropReason::filter_tcp_window,
                                    DropReason::filter_tcp_no_flow, &Timeouts::tcp_transitory,
                                    &Timeouts::tcp_established};
constexpr ConnectionRules kSctpRules{DropReason::filter_sctp_invalid, DropReason::filter_sctp_tag,
                                     DropReason::filter_sctp_no_flow, &Timeouts::sctp_transitory,
                                     &Timeouts::sctp_established};
// Nothing in a DCCP packet that is followed tells a stranger.
constexpr ConnectionRules kDccpRules{DropReason::filter_dccp_invalid, DropReason::filter_dccp_invalid,
                                     DropReason::filter_dccp_no_flow, &Timeouts::dccp_transitory,
                                     &Timeouts::dccp_established};

// nullptr: the protocol has no connections.
const ConnectionRules* rules_of(uint8_t protocol) noexcept {
  switch (protocol) {
    case ip_proto::kTcp:
      return &kTcpRules;
    case ip_proto::kSctp:
      return &kSctpRules;
    case ip_proto::kDccp:
      return &kDccpRules;
    default:
      return nullptr;
  }
}

Reason decide_outbound(const ParsedPacket& packet, Beginning beginning) noexcept {
  const bool begins = beginning != Beginning::none;
  return begins ? std::nullopt : Reason(rules_of(packet.flow_protocol())->no_flow);
}

Reason decide_inbound(const ParsedPacket& packet, Beginning beginning, const Policy& policy,
                      const EndpointTable* endpoints) noexcept {
  const bool begins = beginning == Beginning::any || beginning == Beginning::opens;
  const bool allowed = begins && opens_inbound(flow_key(packet, Direction::inbound), policy, endpoints);
  return allowed ? std::nullopt : Reason(DropReason::filter_unsolicited);
}

uint32_t udp_timeout(uint16_t a, uint16_t b, const Timeouts& timeouts) noexcept {
  const bool well_known = a < kFirstDynamicPort || b < kFirstDynamicPort;
  return well_known ? timeouts.udp_well_known : timeouts.udp;
}

// K51.
uint32_t timeout_of(FlowState state, const ParsedPacket& packet, const Timeouts& timeouts) noexcept {
  const Layer4Fields& l4 = packet.l4;
  if (const ConnectionRules* rules = rules_of(packet.flow_protocol()))
    return timeouts.*(is_transitory(state) ? rules->transitory : rules->established);
  switch (packet.flow_protocol()) {
    case ip_proto::kUdp:
    case ip_proto::kUdpLite:
      return udp_timeout(l4.source_port, l4.destination_port, timeouts);
    case ip_proto::kIcmpv6:
      return is_echo_flow(packet) ? timeouts.icmpv6_echo : timeouts.generic;
    default:
      return timeouts.generic;
  }
}

// One second more, for the clock's seconds are cut off: the timers are minima (K12, K14, K35).
uint32_t end_of(uint32_t timeout, uint32_t now_seconds) noexcept { return now_seconds + timeout + 1; }
uint32_t end_of(uint32_t timeout, TimePoint now) noexcept { return end_of(timeout, coarse_seconds(now)); }

void lengthen(FlowEntry& entry, uint32_t timeout, uint32_t now_seconds) noexcept {
  const uint32_t expires = end_of(timeout, now_seconds);
  if (entry.expires != expires) entry.expires = expires;
}

void refresh(FlowEntry& entry, const ParsedPacket& packet, const Policy& policy, TimePoint now) noexcept {
  lengthen(entry, timeout_of(entry.state, packet, policy.timeouts), coarse_seconds(now));
}

void account(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  entry.bytes += packet.v6.total_length();
  const bool tunnelled = direction == Direction::inbound && packet.layer3 == Layer3::ipv4;
  if (tunnelled && entry.outer_source != packet.v4.source) entry.outer_source = packet.v4.source;
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

// It may have ended: it lives on only if it goes on.
void shorten(FlowEntry& entry, uint32_t timeout, TimePoint now) noexcept {
  entry.expires = std::min(entry.expires, end_of(timeout, now));
}

TrackVerdict track_connection(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  switch (packet.flow_protocol()) {
    case ip_proto::kSctp:
      return track_sctp(entry, packet, direction);
    case ip_proto::kDccp:
      return track_dccp(entry, packet, direction);
    default:
      return track_tcp(entry, packet, direction);
  }
}

Reason follow(FlowEntry& entry, const ParsedPacket& packet, Direction direction, const Policy& policy,
              TimePoint now) noexcept {
  const ConnectionRules* rules = rules_of(packet.flow_protocol());
  if (rules == nullptr) return track_generic(entry, packet, direction, policy, now);
  switch (track_connection(entry, packet, direction)) {
    case TrackVerdict::pass:
      refresh(entry, packet, policy, now);
      break;
    case TrackVerdict::pass_quietly:
      break;
    case TrackVerdict::pass_doubtful:
      shorten(entry, policy.timeouts.*rules->transitory, now);
      break;
    case TrackVerdict::refuse_invalid:
      return rules->invalid;
    case TrackVerdict::refuse_stranger:
      return rules->stranger;
  }
  return std::nullopt;
}

void open_connection(FlowEntry& entry, const ParsedPacket& packet, Direction direction) noexcept {
  switch (packet.flow_protocol()) {
    case ip_proto::kTcp:
      return open_tcp(entry, packet, direction);
    case ip_proto::kSctp:
      return open_sctp(entry, packet, direction);
    case ip_proto::kDccp:
      return open_dccp(entry, packet, direction);
    default:
      return;
  }
}

uint8_t flags_from_outside(const ParsedPacket& packet, const Policy& policy) noexcept {
  const bool by_itself = opens_inbound(flow_key(packet, Direction::inbound), policy, nullptr);
  return by_itself ? flow_flag::kPinhole : flow_flag::kPinhole | flow_flag::kEndpoint;
}

bool has_ended(FlowState state) noexcept {
  return state == FlowState::tcp_closing || state == FlowState::tcp_closed ||
         state == FlowState::sctp_closed || state == FlowState::dccp_closed || state == FlowState::barred;
}

// A connection stays barred while the interior tries to go on with it: it would be picked up in mid-stream
// (K58). Of other protocols nobody can tell what goes on and what begins: they are barred until their timer
// has run out.
Reason refuse_barred(FlowEntry& entry, const ParsedPacket& packet, Direction direction, const Policy& policy,
                     TimePoint now) noexcept {
  const ConnectionRules* rules = rules_of(packet.flow_protocol());
  if (rules == nullptr) return DropReason::filter_flow_barred;
  if (beginning_of(packet) == Beginning::invalid) return rules->invalid;
  if (direction == Direction::outbound)
    entry.expires = std::max(entry.expires, end_of(policy.timeouts.*rules->transitory, now));
  return DropReason::filter_flow_barred;
}

}  // namespace

std::optional<DropReason> policy_check(const ParsedPacket& packet, Direction direction,
                                       const LabAllow& lab) noexcept {
  const Ipv6Fields& v6 = packet.v6;
  if (v6.source.is_multicast()) return DropReason::policy_source_multicast;
  if (v6.destination.is_multicast()) return DropReason::multicast_not_forwarded;
  if (never_on_tunnel(v6.source, lab) != nullptr || never_on_tunnel(v6.destination, lab) != nullptr)
    return DropReason::policy_forbidden_block;
  // Behind AH too: what it says belongs to a link all the same.
  if (packet.l4.protocol == ip_proto::kIcmpv6 && packet.l4.present) return icmpv6_check(packet, direction);
  return std::nullopt;
}

bool is_icmpv6_error(const ParsedPacket& packet) noexcept {
  return is_icmpv6(packet) && packet.l4.present && icmpv6_class(packet) == Icmpv6Class::error;
}

std::optional<FlowKey> related_key(const ParsedPacket& error, const ParsedPacket& quote,
                                   Direction error_direction) noexcept {
  const bool usable =
      quote.has_v6 && quote.ok() && (quote.l4.present || !quotes_ports(quote.flow_protocol()));
  if (!usable || quote.v6.source != error.v6.destination) return std::nullopt;
  if (is_icmpv6_error(quote)) return std::nullopt;  // nobody sends an error about one (RFC 4443 §2.4 e.1)
  return quoted_flow_key(quote, error_direction);
}

std::optional<DropReason> decide_new(const ParsedPacket& packet, Direction direction, const Policy& policy,
                                     const EndpointTable* endpoints) noexcept {
  if (packet.v6.fragment == FragmentState::later) return DropReason::filter_fragment;
  if (is_icmpv6_error(packet)) return DropReason::filter_error_unrelated;
  if (is_icmpv6(packet) && icmpv6_class(packet) == Icmpv6Class::echo_reply)
    return DropReason::filter_unsolicited;
  const Beginning beginning = beginning_of(packet);
  if (beginning == Beginning::invalid) return rules_of(packet.flow_protocol())->invalid;
  return direction == Direction::outbound ? decide_outbound(packet, beginning)
                                          : decide_inbound(packet, beginning, policy, endpoints);
}

void open_flow(FlowEntry& entry, const ParsedPacket& packet, Direction direction, const Policy& policy,
               TimePoint now) noexcept {
  entry.state = FlowState::opening;
  entry.flags = direction == Direction::inbound ? flags_from_outside(packet, policy) : uint8_t{0};
  entry.policy_epoch = policy.epoch;
  entry.created = coarse_seconds(now);
  open_connection(entry, packet, direction);
  if (is_echo_flow(packet) && direction == Direction::outbound) entry.flags |= flow_flag::kEchoAsked;
  refresh(entry, packet, policy, now);
  account(entry, packet, direction);
}

bool review(FlowEntry& entry, const FlowKey& key, const Policy& policy,
            const EndpointTable* endpoints) noexcept {
  entry.policy_epoch = policy.epoch;
  if (still_allowed(entry, key, policy, endpoints)) return entry.state == FlowState::barred;
  entry.state = FlowState::barred;
  return false;
}

bool begins_anew(const FlowEntry& entry, const ParsedPacket& packet, TimePoint now) noexcept {
  return has_expired(entry, now) || (has_ended(entry.state) && beginning_of(packet) == Beginning::opens);
}

std::optional<DropReason> track(FlowEntry& entry, const ParsedPacket& packet, Direction direction,
                                const Policy& policy, TimePoint now) noexcept {
  if (entry.state == FlowState::free) return DropReason::flow_table_full;
  if (entry.state == FlowState::barred) return refuse_barred(entry, packet, direction, policy, now);
  if (const Reason reason = follow(entry, packet, direction, policy, now)) return reason;
  account(entry, packet, direction);
  return std::nullopt;
}

void keep_alive(FlowEntry& entry, const FlowKey& key, uint16_t payload_length, const Policy& policy,
                uint32_t now_seconds) noexcept {
  lengthen(entry, udp_timeout(key.interior_port, key.exterior_port, policy.timeouts), now_seconds);
  entry.bytes += payload_length + sizeof(Ipv6Header);
}

bool still_allowed(const FlowEntry& entry, const FlowKey& key, const Policy& policy,
                   const EndpointTable* endpoints) noexcept {
  if ((entry.flags & flow_flag::kPinhole) == 0) return true;
  // What the interior has asked for is its own, whoever has asked first.
  if (key.protocol == ip_proto::kIcmpv6 && (entry.flags & flow_flag::kEchoAsked) != 0) return true;
  if (policy.endpoint_independent && (entry.flags & flow_flag::kEndpoint) != 0) return true;
  return opens_inbound(key, policy, endpoints);
}

bool wants_answer(const ParsedPacket& packet) noexcept {
  const uint8_t protocol = packet.flow_protocol();
  const bool told = protocol == ip_proto::kTcp || protocol == ip_proto::kSctp;
  return told && beginning_of(packet) == Beginning::opens;
}

bool forestalls_answer(const ParsedPacket& packet) noexcept {
  if (packet.flow_protocol() == ip_proto::kTcp) return (packet.l4.tcp_flags & tcp_flag::kSyn) != 0;
  if (packet.flow_protocol() != ip_proto::kSctp) return false;
  const SctpKind kind = classify_sctp(packet.l4.sctp);
  return kind == SctpKind::init || kind == SctpKind::init_ack;
}

}  // namespace gate41
