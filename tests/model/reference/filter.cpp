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

// What its receiver would not take for a packet of this protocol.
std::optional<Verdict> malformed(const Packet& packet) {
  const bool cut = packet.headers.part == Part::first;
  if (packet.headers.protocol == protocol::tcp && !sensible_flags(packet.tcp.flags))
    return Verdict::filter_tcp_invalid;
  if (packet.headers.protocol == protocol::sctp && !well_formed(packet.sctp, cut))
    return Verdict::filter_sctp_invalid;
  if (packet.headers.protocol == protocol::dccp && !well_formed(packet.dccp))
    return Verdict::filter_dccp_invalid;
  return std::nullopt;
}

// What a connection begins with.
bool is_syn(const TcpFields& segment) { return has(segment, flag::syn) && !has(segment, flag::ack); }
bool begins(const Packet& packet) {
  switch (packet.headers.protocol) {
    case protocol::tcp:
      return is_syn(packet.tcp);
    case protocol::sctp:
      return packet.sctp.chunk == chunk::init;
    case protocol::dccp:
      return packet.dccp.type == dccp_type::request;
    default:
      return true;
  }
}

// REC-34, REC-39: these two.
bool can_be_answered(const Packet& packet) {
  return packet.headers.protocol == protocol::tcp || packet.headers.protocol == protocol::sctp;
}

// The interior's part in a connection that both open at once, or that was let in.
bool opens(const Packet& packet) {
  if (packet.headers.protocol == protocol::tcp) return has(packet.tcp, flag::syn);
  if (packet.headers.protocol != protocol::sctp) return false;
  return packet.sctp.chunk == chunk::init || packet.sctp.chunk == chunk::init_ack;
}

// K58: from the interior, a connection that was there before this filter was.
std::optional<Verdict> against_the_middle(const Packet& packet) {
  constexpr uint8_t kKinds = flag::syn | flag::rst | flag::fin | flag::ack;
  switch (packet.headers.protocol) {
    case protocol::tcp:
      return (packet.tcp.flags & kKinds) == flag::ack ? std::nullopt
                                                      : std::optional(Verdict::filter_tcp_no_flow);
    case protocol::sctp:
      return is_from_the_middle(packet.sctp) ? std::nullopt : std::optional(Verdict::filter_sctp_no_flow);
    case protocol::dccp:
      return is_from_the_middle(packet.dccp) ? std::nullopt : std::optional(Verdict::filter_dccp_no_flow);
    default:
      return std::nullopt;
  }
}

// Whole seconds: what was stamped within one second ends with it.
Time end_of_life(Time now, seconds lifetime) { return std::chrono::floor<seconds>(now) + lifetime + kGrain; }

}  // namespace

void Filter::set_policy(Policy policy) {
  policy_ = std::move(policy);
  ++epoch_;
}

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
  const Verdict verdict = judge(packet, direction, now);
  watch_for_answers(packet, direction, verdict, now);
  return verdict;
}

// X12: only in this profile.
std::vector<Headers> Filter::unreachable(Time now) {
  std::vector<Headers> due = unanswered_.due(now);
  if (policy_.profile != Profile::simple_security) due.clear();
  return due;
}

void Filter::watch_for_answers(const Packet& packet, Direction direction, Verdict verdict, Time now) {
  if (packet.headers.part == Part::later) return;
  if (direction == Direction::inbound) {
    if (policy_.profile == Profile::simple_security && verdict == Verdict::filter_unsolicited &&
        can_be_answered(packet) && begins(packet))
      unanswered_.dropped(packet.headers, now);
  } else if (verdict == Verdict::pass && opens(packet)) {
    unanswered_.opened(packet.headers);
  }
}

Verdict Filter::judge(const Packet& packet, Direction direction, Time now) {
  if (const auto never = never_crosses(packet, direction)) return *never;
  const Headers& headers = packet.headers;
  const bool fragment = headers.part == Part::first || headers.part == Part::later;
  if (fragment)
    if (const auto refused = fragments_.judge(headers, now)) return *refused;
  const Verdict verdict = headers.part == Part::later ? Verdict::pass : on_whole(packet, direction, now);
  if (fragment && verdict == Verdict::pass) fragments_.passed(headers, now);
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

// REC-10, REC-18, REC-23, REC-36, REC-41, REC-45: to the one who has sent what is quoted, about a flow that
// there is. The quote has gone the other way. The error changes nothing (REC-19, REC-37, REC-42, REC-46).
bool Filter::is_related(const Packet& error, Direction direction, Time now) {
  if (!error.quote || error.quote->cut == Cut::within_header) return false;
  const Headers& quoted = error.quote->headers;
  if (quoted.source != error.headers.destination) return false;
  if (is_error(quoted)) return false;  // RFC 4443 §2.4 e.1
  // What tells flows apart must be there: of ICMPv6 the type, and of echo the id.
  const bool later = quoted.part == Part::later;
  if (later && (has_ports(quoted.protocol) || quoted.protocol == protocol::icmpv6)) return false;
  if (error.quote->cut == Cut::before_ports && (has_ports(quoted.protocol) || is_echo(quoted))) return false;
  const Flow* flow = find(key_of(quoted, opposite(direction)), now);
  return flow != nullptr && !flow->barred;
}

Verdict Filter::on_miss(const Packet& packet, Direction direction, const Key& key, Time now) {
  if (const auto refused = may_open(packet, direction, now)) return *refused;
  Flow flow;
  flow.epoch = epoch_;
  flow.from_outside = direction == Direction::inbound;
  flow.by_endpoint = flow.from_outside && !is_invited_by_policy(packet.headers);
  flow.asked = direction == Direction::outbound;
  if (key.protocol == protocol::tcp) flow.connection.emplace<Connection>(packet.tcp, direction);
  if (key.protocol == protocol::sctp) flow.connection.emplace<Association>(packet.sctp, direction);
  if (key.protocol == protocol::dccp) flow.connection.emplace<DccpConnection>(packet.dccp, direction);
  refresh(flow, packet.headers, now);
  flows_[key] = flow;
  return Verdict::pass;
}

std::optional<Verdict> Filter::may_open(const Packet& packet, Direction direction, Time now) const {
  const Headers& headers = packet.headers;
  if (const auto flaw = malformed(packet)) return flaw;
  if (direction == Direction::inbound) {
    const bool good = begins(packet) && is_invited(headers, now);
    return good ? std::nullopt : std::optional(Verdict::filter_unsolicited);
  }
  if (is_echo(headers, Kind::reply)) return Verdict::filter_unsolicited;
  return begins(packet) ? std::nullopt : against_the_middle(packet);
}

// Who comes first may come unasked: by a pinhole (REC-48), by the profile (REC-21, REC-22, REC-24, REC-26,
// REC-49), or because the interior has opened that endpoint (REC-11, REC-17, REC-33).
bool Filter::is_invited(const Headers& headers, Time now) const {
  return is_invited_by_policy(headers) || (policy_.is_endpoint_independent() &&
                                           headers.protocol != protocol::icmpv6 && is_endpoint(headers, now));
}

bool Filter::is_invited_by_policy(const Headers& headers) const {
  if (has_pinhole(headers)) return true;
  if (headers.protocol == protocol::icmpv6) {
    if (is_echo(headers, Kind::request)) return policy_.allows_echo();
    return policy_.profile == Profile::transparent && is_echo(headers, Kind::generic);
  }
  if (policy_.profile == Profile::transparent) return true;
  if (policy_.profile != Profile::simple_security) return false;
  const bool ike = headers.protocol == protocol::udp && headers.destination_port == kIkePort;
  return ike || headers.protocol == protocol::ah || headers.protocol == protocol::esp ||
         headers.protocol == protocol::hip;
}

bool Filter::has_pinhole(const Headers& headers) const {
  return std::ranges::any_of(policy_.pinholes, [&](const Pinhole& pinhole) {
    if (pinhole.host != headers.destination || pinhole.protocol != headers.protocol) return false;
    if (pinhole.from && !pinhole.from->contains(headers.source)) return false;
    if (pinhole.protocol == protocol::icmpv6) return is_echo(headers, Kind::request);
    if (!has_ports(pinhole.protocol)) return true;
    return headers.destination_port >= pinhole.first && headers.destination_port <= pinhole.last;
  });
}

// Has the interior a flow from there, to whomever?
bool Filter::is_endpoint(const Headers& headers, Time now) const {
  const Key key = key_of(headers, Direction::inbound);
  return std::ranges::any_of(flows_, [&](const auto& entry) {
    const auto& [other, flow] = entry;
    return other.interior == key.interior && other.protocol == key.protocol &&
           other.interior_port == key.interior_port && !flow.from_outside && now < flow.expires;
  });
}

Verdict Filter::on_hit(const Packet& packet, Direction direction, const Key& key, Flow& flow, Time now) {
  if (flow.epoch != epoch_) {
    const bool stays = may_stay(key, flow, now);
    if (stays && flow.barred) {
      flows_.erase(key);
      return on_miss(packet, direction, key, now);
    }
    flow.barred = !stays;
    flow.epoch = epoch_;
  }
  if (flow.barred) return on_barred(packet, direction, key, flow, now);
  if (const auto flaw = malformed(packet)) return *flaw;
  if (auto* tcp = std::get_if<Connection>(&flow.connection)) {
    const bool cut = packet.headers.part == Part::first;
    return on_connection(tcp->judge(packet.tcp, direction, cut), packet, direction, key, flow, now);
  }
  if (auto* sctp = std::get_if<Association>(&flow.connection))
    return on_connection(sctp->judge(packet.sctp, direction), packet, direction, key, flow, now);
  if (auto* dccp = std::get_if<DccpConnection>(&flow.connection))
    return on_connection(dccp->judge(packet.dccp, direction), packet, direction, key, flow, now);
  return on_other(packet, direction, flow, now);
}

// What begins there is a new flow. A connection cannot be taken up again in its middle while the interior
// tries to (K58); other protocols have no beginning, and must wait until the flow is over.
Verdict Filter::on_barred(const Packet& packet, Direction direction, const Key& key, Flow& flow, Time now) {
  if (const auto flaw = malformed(packet)) return *flaw;
  const bool connects = !std::holds_alternative<std::monostate>(flow.connection);
  if (connects ? begins(packet) : is_echo(packet.headers, Kind::request))
    return on_miss(packet, direction, key, now);
  if (connects && direction == Direction::outbound)
    flow.expires = std::max(flow.expires, end_of_life(now, lifetime(packet.headers, false)));
  return Verdict::filter_flow_barred;
}

Verdict Filter::on_other(const Packet& packet, Direction direction, Flow& flow, Time now) {
  if (is_echo(packet.headers))
    if (const auto refused = on_echo(packet.headers, direction, flow, now)) return *refused;
  note_answer(flow, direction);
  refresh_by(flow, packet.headers, direction, now);
  return Verdict::pass;
}

// Replies go to the side that has asked; a request is invited or not, whatever else there is.
std::optional<Verdict> Filter::on_echo(const Headers& headers, Direction direction, Flow& flow,
                                       Time now) const {
  const bool request = is_echo(headers, Kind::request);
  if (direction == Direction::outbound) {
    flow.asked = flow.asked || request;
    return std::nullopt;
  }
  const bool good = request ? is_invited(headers, now) : flow.asked;
  return good ? std::nullopt : std::optional(Verdict::filter_unsolicited);
}

Verdict Filter::on_connection(Judgement judgement, const Packet& packet, Direction direction, const Key& key,
                              Flow& flow, Time now) {
  switch (judgement) {
    case Judgement::pass:
      note_answer(flow, direction);
      refresh_by(flow, packet.headers, direction, now);
      return Verdict::pass;
    case Judgement::pass_quietly:
      note_answer(flow, direction);
      return Verdict::pass;
    case Judgement::pass_in_doubt:  // the answer, if there is one, makes it live on
      note_answer(flow, direction);
      flow.expires = std::min(flow.expires, end_of_life(now, lifetime(packet.headers, false)));
      return Verdict::pass;
    case Judgement::new_connection:
      return on_miss(packet, direction, key, now);
    case Judgement::bad_flags:
      return Verdict::filter_tcp_invalid;
    case Judgement::bad_window:
      return Verdict::filter_tcp_window;
    case Judgement::bad_tag:
      return Verdict::filter_sctp_tag;
  }
  return Verdict::other;
}

// What was let in unasked would be let in now; what the interior has asked for stays.
bool Filter::may_stay(const Key& key, const Flow& flow, Time now) const {
  if (!flow.from_outside || (key.echo && flow.asked)) return true;
  if (flow.by_endpoint && policy_.is_endpoint_independent()) return true;
  Headers first;
  first.source = key.exterior;
  first.destination = key.interior;
  first.protocol = key.protocol;
  first.source_port = key.exterior_port;
  first.destination_port = key.interior_port;
  if (key.protocol == protocol::icmpv6)
    first.icmp = {static_cast<uint8_t>(key.echo ? 128 : 144), 0, key.interior_port};
  return is_invited(first, now);
}

Filter::Flow* Filter::find(const Key& key, Time now) {
  const auto found = flows_.find(key);
  if (found == flows_.end()) return nullptr;
  if (now < found->second.expires) return &found->second;
  flows_.erase(found);
  return nullptr;
}

seconds Filter::lifetime(const Headers& headers, bool established) const {
  const Timers& timers = policy_.timers;
  switch (headers.protocol) {
    case protocol::tcp:
      return established ? timers.tcp_established : timers.tcp_transitory;
    case protocol::sctp:
      return established ? timers.sctp_established : timers.sctp_transitory;
    case protocol::dccp:
      return established ? timers.dccp_established : timers.dccp_transitory;
    default:
      break;
  }
  if (is_echo(headers)) return timers.echo;
  if (!is_udp(headers.protocol)) return timers.generic;
  const bool well_known = std::min(headers.source_port, headers.destination_port) <= kLastWellKnownPort;
  return well_known ? timers.udp_well_known : timers.udp;
}

void Filter::refresh(Flow& flow, const Headers& headers, Time now) const {
  const auto is_established = [](const auto& connection) {
    if constexpr (std::is_same_v<std::decay_t<decltype(connection)>, std::monostate>)
      return false;
    else
      return connection.established();
  };
  flow.expires = end_of_life(now, lifetime(headers, std::visit(is_established, flow.connection)));
}

void Filter::note_answer(Flow& flow, Direction sender) {
  flow.answered = flow.answered || (sender == Direction::outbound) == flow.from_outside;
}

// REC-16: outbound packets refresh; inbound ones may, and do so once the other side has spoken.
void Filter::refresh_by(Flow& flow, const Headers& headers, Direction sender, Time now) const {
  const bool out = sender == Direction::outbound;
  // What TCP and SCTP let through is of the connection, or begins it anew.
  const bool knows_its_own = headers.protocol == protocol::tcp || headers.protocol == protocol::sctp;
  if (out || flow.answered || knows_its_own) refresh(flow, headers, now);
}

}  // namespace gate41::model
