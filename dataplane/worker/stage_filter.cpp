// Stage 5. admit(): what needs no flow (own addresses, LAN to LAN, the relay role) and the source checks that
// need the snapshot; the rest gets its key for the burst's one bulk lookup. stage_filter(): the verdict on
// the lookup's result.
#include "dataplane/filter/filter.hpp"
#include "dataplane/net/address_blocks.hpp"
#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/worker/owner.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

bool contains(const std::vector<Ipv6Prefix>& prefixes, const Ipv6Address& address) noexcept {
  for (const Ipv6Prefix& prefix : prefixes)
    if (prefix.contains(address)) return true;
  return false;
}

// A link-local address is ours only on its own LAN or tunnel.
bool is_own_on_link(const Packet& packet, const Snapshot& snapshot) noexcept {
  const Ipv6Address& destination = packet.parsed.v6.destination;
  return packet.from == Side::lan ? snapshot.lans[packet.lan].is_own(destination)
                                  : destination == snapshot.tunnels[packet.tunnel].link_local;
}

bool is_own(const Packet& packet, const Snapshot& snapshot) noexcept {
  const Ipv6Address& destination = packet.parsed.v6.destination;
  return destination.is_link_local() ? is_own_on_link(packet, snapshot) : snapshot.is_own_v6(destination);
}

// K5, P14: the source must be of this LAN.
Verdict check_lan_source(Packet& packet, const Snapshot& snapshot) noexcept {
  const Ipv6Address& source = packet.parsed.v6.source;
  if (contains(snapshot.lans[packet.lan].prefixes, source)) return Verdict::next();
  if (contains(snapshot.withdrawn_prefixes, source))
    return refuse(packet, DropReason::policy_source_withdrawn, icmp_error::kSourceFailedPolicy);
  return Verdict::drop(DropReason::policy_source_not_lan);
}

// C1, C13, C22: who nobody on a relay's native side can be. Before anything is answered: the answer to a
// site's address would go through the tunnel, to a site that has sent nothing. Link-local addresses ask on
// their link.
Verdict check_native_source(const Ipv6Address& source, const Snapshot& snapshot) noexcept {
  if (source.is_multicast()) return Verdict::drop(DropReason::policy_source_multicast);
  for (const Tunnel& tunnel : snapshot.tunnels)
    if (tunnel.domain.contains(source)) return Verdict::drop(DropReason::source_embeds_other);
  const bool forbidden = never_on_tunnel(source, snapshot.lab()) != nullptr && !source.is_link_local();
  return forbidden ? Verdict::drop(DropReason::policy_forbidden_block) : Verdict::next();
}

// Talk with ourselves under link-local addresses stays on its LAN (S68), or on its tunnel, whose checks have
// let in what the other end may say (D32): what holds at the border is not for it.
bool stays_on_link(const Packet& packet) noexcept {
  const Ipv6Fields& v6 = packet.parsed.v6;
  return v6.destination.is_link_local() || v6.source.is_link_local();
}

// Fills key and signature for the lookup, which is the owner's; an ICMPv6 error is looked up by the packet
// that it quotes (J11).
Verdict prepare_lookup(Packet& packet, StageContext& context) noexcept {
  packet.filtered = true;
  packet.direction = packet.from == Side::lan ? Direction::outbound : Direction::inbound;
  ParsedPacket& parsed = packet.parsed;
  if (!is_icmpv6_error(parsed)) {
    packet.key = flow_key(parsed, packet.direction);
    return pass_to(owner_of_inner(packet, context), context);
  }
  ParsedPacket quote = parse_quoted_ipv6(bytes_from(packet, parsed.l4.quote_offset));
  const std::optional<FlowKey> key = related_key(parsed, quote, packet.direction);
  if (!key) return Verdict::drop(DropReason::filter_error_unrelated);
  hash_flow(context.worker.shared.secret, quote);
  packet.key = *key;
  parsed.pair_hash = quote.pair_hash;
  parsed.signature = quote.signature;
  return pass_to(owner_of_inner(packet, context), context);
}

// Each byte of a fragmented packet passes once (RFC 5722).
Verdict pass_fragment(const Packet& packet, StageContext& context) noexcept {
  const auto drop = context.worker.fragments.pass(packet.parsed, context.now);
  return drop ? Verdict::drop(*drop) : Verdict::next();
}

// A later fragment goes where its first one went, or nowhere (K53).
Verdict judge_fragment(Packet& packet, StageContext& context) noexcept {
  packet.flow = -1;  // found by ports that it does not carry
  return pass_fragment(packet, context);
}

// An earlier packet of this burst may have opened its flow, or opened it again elsewhere.
void look_up_again(Packet& packet, FlowTable& flows) noexcept {
  if (packet.flow >= 0 && flows.entry(packet.flow).state != FlowState::free) return;
  const FlowKey* key = &packet.key;
  const auto signature = static_cast<uint32_t>(packet.parsed.signature);
  flows.lookup_bulk({&key, 1}, {&signature, 1}, {&packet.flow, 1});
}

// X12: strict is silent.
void remember_refused(const Packet& packet, StageContext& context) noexcept {
  const bool told = context.snapshot.policy.profile == Profile::simple_security;
  if (!told || packet.direction == Direction::outbound || !wants_answer(packet.parsed)) return;
  context.worker.unanswered.remember(packet.key, static_cast<uint32_t>(packet.parsed.signature),
                                     packet.tunnel, ipv6_bytes(packet), context.now);
}

Verdict judge_miss(Packet& packet, StageContext& context) noexcept {
  const auto drop =
      decide_new(packet.parsed, packet.direction, context.snapshot.policy, &context.worker.endpoints);
  packet.opens_flow = !drop;
  if (drop == DropReason::filter_unsolicited) remember_refused(packet, context);
  return drop ? Verdict::drop(*drop) : Verdict::next();
}

// What was there has ended. `over`: whatever becomes of this packet.
Verdict judge_anew(Packet& packet, bool over, StageContext& context) noexcept {
  const int32_t ended = packet.flow;
  const Verdict verdict = judge_miss(packet, context);
  if (over || packet.opens_flow) {
    context.worker.flows->erase(ended);
    packet.flow = -1;
  } else {
    context.worker.flows->refile(ended, context.now);
  }
  return verdict;
}

// A known flow: still alive, still allowed under the policy of now, and this packet belongs to it.
Verdict judge_hit(Packet& packet, StageContext& context) noexcept {
  FlowEntry& entry = context.worker.flows->entry(packet.flow);
  const Policy& policy = context.snapshot.policy;
  const bool over =
      has_expired(entry, context.now) ||
      (entry.policy_epoch != policy.epoch && review(entry, packet.key, policy, &context.worker.endpoints));
  if (over || begins_anew(entry, packet.parsed, context.now)) return judge_anew(packet, over, context);
  const auto drop = track(entry, packet.parsed, packet.direction, policy, context.now);
  context.worker.flows->refile(packet.flow, context.now);
  if (drop) return Verdict::drop(*drop);
  packet.adjacency = entry.adjacency[static_cast<std::size_t>(packet.direction)];
  return Verdict::next();
}

// X7: an echo request that nothing but the profile lets in.
bool within_echo_rate(const Packet& packet, StageContext& context) noexcept {
  const bool request =
      packet.direction == Direction::inbound && packet.parsed.l4.icmp_type == icmpv6_type::kEchoRequest;
  return !request || !is_rated_echo(packet.key, context.snapshot.policy) ||
         context.worker.error_rates.echo_requests.take(context.now);
}

// Somebody inside wants this connection, too.
void forestall_answer(const Packet& packet, StageContext& context) noexcept {
  Unanswered& unanswered = context.worker.unanswered;
  if (unanswered.size() == 0 || packet.direction == Direction::inbound || !forestalls_answer(packet.parsed))
    return;
  unanswered.forget(packet.key, static_cast<uint32_t>(packet.parsed.signature));
}

// Somebody may have something to tell about it.
bool is_talking(const FlowEntry& entry, TimePoint now) noexcept {
  return !has_expired(entry, now) && entry.state != FlowState::barred;
}

// The relay role has no filter (B22).
Verdict admit_at_relay(Packet& packet, StageContext& context) noexcept {
  const Snapshot& snapshot = context.snapshot;
  if (packet.from == Side::lan) {
    const Verdict verdict = check_native_source(packet.parsed.v6.source, snapshot);
    if (verdict.kind != Verdict::Kind::next) return verdict;
  }
  if (is_own(packet, snapshot)) return stage_own(packet, context);
  return pass_to(owner_of_inner(packet, context), context);
}

}  // namespace

Verdict stage_admit(Packet& packet, StageContext& context) noexcept {
  const Snapshot& snapshot = context.snapshot;
  if (packet.from == Side::own) return Verdict::next();
  if (snapshot.role == TunnelRole::relay) return admit_at_relay(packet, context);
  const bool own = is_own(packet, snapshot);
  const Direction direction = packet.from == Side::lan ? Direction::outbound : Direction::inbound;
  const bool on_link = own && stays_on_link(packet);
  if (!on_link)
    if (const auto drop = policy_check(packet.parsed, direction, snapshot.lab())) return Verdict::drop(*drop);
  // What asks our link-local address too: the answer must not leave the link for somebody who has not asked.
  if (packet.from == Side::lan && !(on_link && packet.parsed.v6.source.is_link_local())) {
    const Verdict verdict = check_lan_source(packet, snapshot);
    if (verdict.kind != Verdict::Kind::next) return verdict;
  }
  if (own) return stage_own(packet, context);
  if (packet.from == Side::lan && contains(snapshot.own_prefixes, packet.parsed.v6.destination))
    return Verdict::next();
  return prepare_lookup(packet, context);
}

Verdict stage_filter(Packet& packet, StageContext& context) noexcept {
  if (!packet.filtered) return Verdict::next();
  const FragmentState fragment = packet.parsed.v6.fragment;
  const bool in_pieces = fragment == FragmentState::first || fragment == FragmentState::later;
  if (in_pieces)
    if (const auto fault = fragment_fault(packet.parsed.v6)) return Verdict::drop(*fault);
  if (context.flow_opened) look_up_again(packet, *context.worker.flows);
  if (fragment == FragmentState::later) return judge_fragment(packet, context);
  if (fragment == FragmentState::first)
    if (const auto drop = context.worker.fragments.refuse_again(packet.parsed, context.now))
      return Verdict::drop(*drop);
  if (is_icmpv6_error(packet.parsed)) {
    const bool known = packet.flow >= 0 && is_talking(context.worker.flows->entry(packet.flow), context.now);
    packet.flow = -1;  // an error neither uses nor changes the flow's state (K19, K37)
    return known ? Verdict::next() : Verdict::drop(DropReason::filter_error_unrelated);
  }
  if (!within_echo_rate(packet, context)) return Verdict::drop(DropReason::filter_unsolicited);
  const Verdict verdict = packet.flow >= 0 ? judge_hit(packet, context) : judge_miss(packet, context);
  if (verdict.kind == Verdict::Kind::next) forestall_answer(packet, context);
  return in_pieces && verdict.kind == Verdict::Kind::next ? pass_fragment(packet, context) : verdict;
}

Verdict open_new_flow(Packet& packet, StageContext& context) noexcept {
  FlowTable& flows = *context.worker.flows;
  const auto signature = static_cast<uint32_t>(packet.parsed.signature);
  const HostShare share{packet.parsed.source_mac, context.snapshot.policy.host_flows};
  const bool from_lan = packet.direction == Direction::outbound;
  const int32_t position = flows.insert(packet.key, signature, context.now, from_lan ? &share : nullptr);
  if (position == FlowTable::kOverShare) return Verdict::drop(DropReason::filter_host_limit);
  if (position < 0) return Verdict::drop(DropReason::flow_table_full);
  context.flow_opened = true;
  packet.flow = position;
  FlowEntry& entry = flows.entry(position);
  open_flow(entry, packet.parsed, packet.direction, context.snapshot.policy, context.now);
  flows.refile(position, context.now);
  if (packet.direction == Direction::outbound && has_endpoint(packet.key) &&
      context.worker.endpoints.add(packet.key))
    entry.flags |= flow_flag::kCounted;
  return Verdict::next();
}

}  // namespace gate41
