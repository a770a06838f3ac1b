#include "dataplane/worker/owner.hpp"

#include "dataplane/net/flow_hash.hpp"

namespace gate41 {
namespace {

bool meters_sites(const StageContext& context) noexcept {
  return context.snapshot.site_limit.on() && context.worker.site_meters != nullptr;
}

uint64_t site_hash(const HashSecret& secret, const Ipv4Fields& v4) noexcept {
  return fold_multiply(v4.source.host() ^ secret.c, secret.a);
}

uint64_t datagram_hash(const HashSecret& secret, const Ipv4Fields& v4) noexcept {
  const uint64_t addresses = uint64_t{v4.source.host()} << 32U | v4.destination.host();
  const uint64_t rest = uint64_t{v4.id} << 8U | v4.protocol;
  return fold_multiply(fold_multiply(addresses ^ secret.a, secret.b) ^ rest, secret.c);
}

// All flows of an interior address: whoever wants to reach one of its endpoints asks one worker.
uint64_t interior_hash(const HashSecret& secret, const Ipv6Address& interior) noexcept {
  return fold_multiply(interior.high() ^ secret.c, interior.low() ^ secret.b);
}

unsigned owner_of_flow(const FlowKey& key, uint64_t pair_hash, const StageContext& context) noexcept {
  const bool by_interior = context.snapshot.policy.endpoint_independent;
  const uint64_t hash = by_interior ? interior_hash(context.worker.shared.secret, key.interior) : pair_hash;
  return owner_of(hash, context.worker.team.size);
}

}  // namespace

unsigned owner_of_outer(const Packet& packet, const StageContext& context) noexcept {
  const Team& team = context.worker.team;
  if (team.size == 1) return team.index;
  const HashSecret& secret = context.worker.shared.secret;
  const Ipv4Fields& v4 = packet.parsed.v4;
  if (meters_sites(context)) return owner_of(site_hash(secret, v4), team.size);
  if (v4.is_fragment()) return owner_of(datagram_hash(secret, v4), team.size);
  return team.index;
}

unsigned owner_of_inner(const Packet& packet, const StageContext& context) noexcept {
  const Team& team = context.worker.team;
  if (team.size == 1) return team.index;
  const bool met = packet.from == Side::tunnel && meters_sites(context);
  if (context.snapshot.role == TunnelRole::relay && (met || !team.spreads)) return team.index;
  if (packet.filtered) return owner_of_flow(packet.key, packet.parsed.pair_hash, context);
  return owner_of(packet.parsed.pair_hash, team.size);
}

unsigned owner_of_express(const FlowKey& key, uint64_t pair_hash, const StageContext& context) noexcept {
  const Team& team = context.worker.team;
  if (team.size == 1) return team.index;
  if (context.snapshot.role == TunnelRole::gateway) return owner_of_flow(key, pair_hash, context);
  return team.spreads ? owner_of(pair_hash, team.size) : team.index;
}

unsigned owner_of_own_fragment(const Packet& packet, const StageContext& context) noexcept {
  return owner_of(packet.parsed.pair_hash, context.worker.team.size);
}

}  // namespace gate41
