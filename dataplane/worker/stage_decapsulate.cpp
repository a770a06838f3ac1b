// Stage 4. Protocol 41: outer checks, reassembly, then the inner parse error if there is one, then inner
// checks, then ECN, then a site's rate. The bytes stay where they are: offsets in ParsedPacket lead past the
// outer header, and stage 7 overwrites it.
#include "dataplane/net/headers.hpp"
#include "dataplane/tunnel/checks.hpp"
#include "dataplane/tunnel/ecn.hpp"
#include "dataplane/worker/owner.hpp"
#include "dataplane/worker/parse_drop.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// RFC 6040 §4.2: the outer congestion mark goes inside. Changes no checksum (F9).
bool merge_ecn(Packet& packet, StageContext& context) noexcept {
  Ipv6Fields& v6 = packet.parsed.v6;
  const auto inner = static_cast<uint8_t>(v6.traffic_class & 3U);
  const EcnResult result = egress_ecn(inner, static_cast<uint8_t>(packet.parsed.v4.tos & 3U));
  if (result.drop) return false;
  if (result.ecn == inner) return true;
  v6.traffic_class = static_cast<uint8_t>((v6.traffic_class & ~3U) | result.ecn);
  // The two ECN bits stand in the high nibble of the second byte: version 4, class 8, label 20.
  uint8_t& byte = ipv6_bytes(packet)[1];
  byte = static_cast<uint8_t>((byte & 0xcfU) | static_cast<uint8_t>(result.ecn << 4U));
  context.worker.counters.tunnels[packet.tunnel].ecn_marked.add();
  return true;
}

// K6, D30: what one tunnel delegates is no source in another one either. (In itself: check_inner.)
bool claims_prefix_of_another(const Packet& packet, std::span<const Tunnel> tunnels) noexcept {
  const Ipv6Address& source = packet.parsed.v6.source;
  for (std::size_t i = 0; i < tunnels.size(); ++i) {
    const Tunnel& tunnel = tunnels[i];
    if (i == packet.tunnel || tunnel.role != TunnelRole::gateway || !tunnel.up) continue;
    if (tunnel.prefix.contains(source) || tunnel.address == source) return true;
  }
  return false;
}

// C28: all that gets here comes from the site that its outer source names (C9, E15).
bool over_rate(const Packet& packet, StageContext& context) noexcept {
  const SiteLimit& limit = context.snapshot.site_limit;
  WorkerState& worker = context.worker;
  if (!limit.on() || worker.site_meters == nullptr) return false;
  const Ipv4Address site = packet.parsed.v4.source;
  if (worker.site_meters->passes(limit, site, packet.parsed.v6.total_length(), context.now)) return false;
  worker.counters.tunnels[packet.tunnel].fast_site.set(site.host());
  return true;
}

}  // namespace

void count_decapsulated(const Packet& packet, StageContext& context) noexcept {
  TunnelCounters& counters = context.worker.counters.tunnels[packet.tunnel];
  counters.decap_packets.add();
  counters.decap_bytes.add(packet.parsed.v6.total_length());
  if (!is_six_to_four(packet.parsed.v6.source) &&
      is_other_relay(context.snapshot.tunnels[packet.tunnel], packet.parsed.v4.source))
    counters.other_relay.add();
}

Verdict stage_decapsulate(Packet& packet, StageContext& context) noexcept {
  if (packet.parsed.layer3 != Layer3::ipv4) return Verdict::next();
  const std::span<const Tunnel> tunnels = context.snapshot.tunnels;
  const ParsedPacket& parsed = packet.parsed;
  if (const Drop drop = check_outer(tunnels, parsed.v4)) return Verdict::drop(*drop);
  const Verdict owned = pass_to(owner_of_outer(packet, context), context);
  if (owned.kind != Verdict::Kind::next) return owned;
  if (parsed.v4.is_fragment()) {
    const Verdict verdict = reassemble(packet, context);
    if (verdict.kind != Verdict::Kind::next) return verdict;
  }
  if (parsed.inner_error != ParseError::none) return Verdict::drop(drop_reason_of(parsed.inner_error));
  if (!parsed.has_v6) return Verdict::drop(DropReason::ipv6_malformed);
  packet.tunnel = static_cast<uint16_t>(tunnel_of(tunnels, parsed));
  if (const Drop drop = check_inner(tunnels[packet.tunnel], parsed.v4, parsed)) return Verdict::drop(*drop);
  if (claims_prefix_of_another(packet, tunnels)) return Verdict::drop(DropReason::inner_source_own);
  if (!merge_ecn(packet, context)) return Verdict::drop(DropReason::ecn_ce_not_ect);
  if (over_rate(packet, context)) return Verdict::drop(DropReason::site_rate);
  packet.from = Side::tunnel;
  count_decapsulated(packet, context);
  const bool to_control = is_neighbour_discovery(tunnels[packet.tunnel], parsed);
  return to_control ? Verdict::punt(ExceptionClass::tunnel_nd) : Verdict::next();
}

}  // namespace gate41
