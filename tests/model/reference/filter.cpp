#include "tests/model/reference/filter.hpp"

#include <algorithm>

#include "tests/model/reference/icmpv6.hpp"

namespace gate41::model {
namespace {

bool is_error(const Headers& headers) {
  return headers.protocol == protocol::icmpv6 && kind_of(headers.icmp.type) == Kind::error;
}

bool is_echo(const Headers& headers) {
  if (headers.protocol != protocol::icmpv6) return false;
  const Kind kind = kind_of(headers.icmp.type);
  return kind == Kind::request || kind == Kind::reply;
}

bool is_echo(const Headers& headers, Kind kind) {
  return headers.protocol == protocol::icmpv6 && kind_of(headers.icmp.type) == kind;
}

bool is_unwanted_icmpv6(const Headers& headers, Direction direction) {
  if (headers.protocol != protocol::icmpv6 || headers.part == Part::later) return false;
  const Kind kind = kind_of(headers.icmp.type);
  return kind == Kind::never || (kind == Kind::unallocated && direction == Direction::inbound);
}

bool has_ports(uint8_t number) {
  return number == protocol::tcp || number == protocol::udp || number == protocol::udp_lite ||
         number == protocol::sctp || number == protocol::dccp;
}

bool is_udp(uint8_t number) { return number == protocol::udp || number == protocol::udp_lite; }

seconds lifetime(const Headers& headers, bool established) {
  if (headers.protocol == protocol::tcp) return established ? kTcpEstablished : kTcpTransitory;
  if (is_echo(headers)) return kEcho;
  if (!is_udp(headers.protocol)) return kGeneric;
  const bool well_known = std::min(headers.source_port, headers.destination_port) <= kLastWellKnownPort;
  return well_known ? kUdpWellKnown : kUdp;
}

// Whole seconds: what was stamped within one second ends with it.
Time end_of_life(Time now, seconds lifetime) { return std::chrono::floor<seconds>(now) + lifetime + kGrain; }

}  // namespace

Filter::Key Filter::key_of(const Headers& headers, Direction direction) {
  const bool out = direction == Direction::outbound;
  Key key;
  key.interior = out ? headers.source : headers.destination;
  key.exterior = out ? headers.destination : headers.source;
  key.protocol = headers.protocol;
  key.echo = is_echo(headers);
  if (key.echo) key.interior_port = key.exterior_port = headers.icmp.id;
  if (has_ports(headers.protocol)) {
    key.interior_port = out ? headers.source_port : headers.destination_port;
    key.exterior_port = out ? headers.destination_port : headers.source_port;
  }
  return key;
}

Verdict Filter::verdict(const Packet& packet, Direction direction, Time now) {
  if (const auto never = never_crosses(packet, direction)) return *never;
  const Headers& headers = packet.headers;
  const Fragmented fragmented{headers.source, headers.destination, headers.fragment};
  if (headers.part == Part::later) {
    const auto found = fragments_.find(fragmented);
    return found != fragments_.end() && now < found->second ? Verdict::pass : Verdict::filter_fragment;
  }
  const Verdict verdict = on_whole(packet, direction, now);
  if (headers.part == Part::first && verdict == Verdict::pass) fragments_[fragmented] = now + kFragments;
  return verdict;
}

Verdict Filter::on_whole(const Packet& packet, Direction direction, Time now) {
  if (is_error(packet.headers))
    return is_related(packet, direction, now) ? Verdict::pass : Verdict::filter_error_unrelated;
  const Key key = key_of(packet.headers, direction);
  Flow* flow = find(key, now);
  return flow == nullptr ? on_miss(packet, direction, key, now) : on_hit(packet, direction, key, *flow, now);
}

// REC-1, REC-2, REC-3, REC-7; RFC 4890 §4.3.3; REC-5. Of several reasons the first.
std::optional<Verdict> Filter::never_crosses(const Packet& packet, Direction direction) {
  const Place source = packet.headers.source.place;
  const Place destination = packet.headers.destination.place;
  const bool out = direction == Direction::outbound;
  if (destination == Place::multicast) return Verdict::multicast_not_forwarded;
  if (source == Place::multicast) return Verdict::policy_source_multicast;
  if (source == Place::unique_local || destination == Place::unique_local)
    return Verdict::policy_forbidden_block;
  if (is_unwanted_icmpv6(packet.headers, direction)) return Verdict::filter_icmpv6_type;
  if (out && source == Place::withdrawn) return Verdict::policy_source_withdrawn;
  if (out && source != Place::lan) return Verdict::policy_source_not_lan;
  return std::nullopt;
}

// REC-10, REC-18, REC-23, REC-36: to the one who has sent what is quoted, about a flow that there is. The
// quote has gone the other way. The error changes nothing (REC-19, REC-37).
bool Filter::is_related(const Packet& error, Direction direction, Time now) {
  if (!error.quote || error.quote->cut == Cut::within_header) return false;
  const Headers& quoted = error.quote->headers;
  if (quoted.source != error.headers.destination) return false;
  if (is_error(quoted)) return false;  // RFC 4443 §2.4 e.1
  // What tells flows apart must be there: of ICMPv6 the type, and of echo the id.
  const bool later = quoted.part == Part::later;
  if (later && (has_ports(quoted.protocol) || quoted.protocol == protocol::icmpv6)) return false;
  if (error.quote->cut == Cut::before_ports && (has_ports(quoted.protocol) || is_echo(quoted))) return false;
  return find(key_of(quoted, opposite(direction)), now) != nullptr;
}

Verdict Filter::on_miss(const Packet& packet, Direction direction, const Key& key, Time now) {
  if (const auto refused = may_open(packet, direction)) return *refused;
  Flow flow;
  flow.from_outside = direction == Direction::inbound;
  flow.asked = direction == Direction::outbound;
  if (key.protocol == protocol::tcp) flow.tcp.emplace(packet.tcp, direction);
  refresh(flow, packet.headers, now);
  flows_[key] = flow;
  return Verdict::pass;
}

std::optional<Verdict> Filter::may_open(const Packet& packet, Direction direction) const {
  const Headers& headers = packet.headers;
  const bool tcp = headers.protocol == protocol::tcp;
  if (tcp && !sensible_flags(packet.tcp.flags)) return Verdict::filter_tcp_invalid;
  const bool syn = tcp && has(packet.tcp, flag::syn) && !has(packet.tcp, flag::ack);
  if (direction == Direction::inbound) {
    const bool begins = !tcp || syn;
    return begins && is_invited(headers) ? std::nullopt : std::optional(Verdict::filter_unsolicited);
  }
  if (is_echo(headers, Kind::reply)) return Verdict::filter_unsolicited;
  const bool middle =
      tcp && (packet.tcp.flags & (flag::syn | flag::rst | flag::fin | flag::ack)) == flag::ack;
  if (tcp && !syn && !middle) return Verdict::filter_tcp_no_flow;
  return std::nullopt;
}

// By a pinhole (REC-48) or by allow_echo (X7)?
bool Filter::is_invited(const Headers& headers) const {
  const bool request = is_echo(headers, Kind::request);
  if (request && policy_.allow_echo) return true;
  return std::ranges::any_of(policy_.pinholes, [&](const Pinhole& pinhole) {
    if (pinhole.host != headers.destination || pinhole.protocol != headers.protocol) return false;
    if (pinhole.protocol == protocol::icmpv6) return request;
    return headers.destination_port >= pinhole.first && headers.destination_port <= pinhole.last;
  });
}

Verdict Filter::on_hit(const Packet& packet, Direction direction, const Key& key, Flow& flow, Time now) {
  if (!may_stay(key, flow)) {
    flows_.erase(key);
    return on_miss(packet, direction, key, now);
  }
  if (flow.tcp) return on_tcp(packet, direction, key, flow, now);
  if (key.echo)
    if (const auto refused = on_echo(packet.headers, direction, flow)) return *refused;
  const bool out = direction == Direction::outbound;
  flow.answered = flow.answered || out == flow.from_outside;
  // REC-16: outbound packets refresh; inbound ones may, and do so once the other side has spoken.
  if (out || flow.answered) refresh(flow, packet.headers, now);
  return Verdict::pass;
}

// Replies go to the side that has asked; a request is invited or not, whatever else there is.
std::optional<Verdict> Filter::on_echo(const Headers& headers, Direction direction, Flow& flow) const {
  const bool request = is_echo(headers, Kind::request);
  if (direction == Direction::outbound) {
    flow.asked = flow.asked || request;
    return std::nullopt;
  }
  const bool good = request ? is_invited(headers) : flow.asked;
  return good ? std::nullopt : std::optional(Verdict::filter_unsolicited);
}

Verdict Filter::on_tcp(const Packet& packet, Direction direction, const Key& key, Flow& flow, Time now) {
  switch (flow.tcp->judge(packet.tcp, direction, packet.headers.part == Part::first)) {
    case Judgement::pass:
      refresh(flow, packet.headers, now);
      return Verdict::pass;
    case Judgement::pass_quietly:
      return Verdict::pass;
    case Judgement::pass_in_doubt:  // the answer, if there is one, makes it live on
      flow.expires = std::min(flow.expires, end_of_life(now, kTcpTransitory));
      return Verdict::pass;
    case Judgement::new_connection:
      return on_miss(packet, direction, key, now);
    case Judgement::bad_flags:
      return Verdict::filter_tcp_invalid;
    case Judgement::bad_window:
      return Verdict::filter_tcp_window;
  }
  return Verdict::other;
}

// A flow that came in by a pinhole goes with it; what the interior has asked for stays.
bool Filter::may_stay(const Key& key, const Flow& flow) const {
  if (!flow.from_outside || (key.echo && flow.asked)) return true;
  Headers first;
  first.source = key.exterior;
  first.destination = key.interior;
  first.protocol = key.protocol;
  first.source_port = key.exterior_port;
  first.destination_port = key.interior_port;
  if (key.echo) first.icmp = {128, 0, key.interior_port};
  return is_invited(first);
}

Filter::Flow* Filter::find(const Key& key, Time now) {
  const auto found = flows_.find(key);
  if (found == flows_.end()) return nullptr;
  if (now < found->second.expires) return &found->second;
  flows_.erase(found);
  return nullptr;
}

void Filter::refresh(Flow& flow, const Headers& headers, Time now) {
  flow.expires = end_of_life(now, lifetime(headers, flow.tcp && flow.tcp->established()));
}

}  // namespace gate41::model
