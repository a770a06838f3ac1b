// 6in4: one configured peer, prefixes by agreement. RFC 4213 §3.
#include "dataplane/net/headers.hpp"
#include "dataplane/tunnel/kinds.hpp"

namespace gate41::six_in_four {
namespace {

bool is_ours(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  return address == tunnel.address || tunnel.prefix.contains(address);
}

// Its link-local address is not configured anywhere.
bool is_other_end(const Tunnel& tunnel, const Ipv6Address& address) noexcept {
  return address == tunnel.peer || (address.is_link_local() && address != tunnel.link_local);
}

bool reaches_us_on_link(const Tunnel& tunnel, const Ipv6Address& destination) noexcept {
  return destination == tunnel.address || destination == tunnel.link_local || destination == kAllNodes ||
         destination == kAllRouters || destination == solicited_node(tunnel.address) ||
         destination == solicited_node(tunnel.link_local);
}

// RFC 6980: no neighbour discovery in fragments.
bool is_whole_icmpv6(const ParsedPacket& packet) noexcept {
  return packet.l4.present && packet.l4.protocol == ip_proto::kIcmpv6 &&
         packet.v6.fragment == FragmentState::none;
}

bool is_echo_to_link_local(const Tunnel& tunnel, const ParsedPacket& inner) noexcept {
  const uint8_t type = inner.l4.icmp_type;
  return is_whole_icmpv6(inner) && (type == icmpv6_type::kEchoRequest || type == icmpv6_type::kEchoReply) &&
         is_other_end(tunnel, inner.v6.source) && inner.v6.destination == tunnel.link_local;
}

}  // namespace

// D21.
Drop check_source_v4(const Tunnel& tunnel, Ipv4Address source) noexcept {
  return tunnel.is_relay(source) ? Drop{} : DropReason::outer_source_unlisted;
}

// D30, D31.
Drop check_inner(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept {
  if (is_ours(tunnel, inner.source)) return DropReason::inner_source_own;
  return is_ours(tunnel, inner.destination) ? Drop{} : DropReason::inner_destination_not_ours;
}

// The other end may be another tunnel's relay too.
bool claims(const Tunnel& tunnel, const Ipv6Fields& inner) noexcept {
  const Ipv6Address& destination = inner.destination;
  return is_ours(tunnel, destination) || destination.is_link_local() || destination.is_multicast();
}

Drop check_encap_source(const Tunnel& tunnel, const Ipv6Address& source) noexcept {
  return is_ours(tunnel, source) ? Drop{} : DropReason::source_embeds_other;
}

bool is_discovery(const Tunnel& tunnel, const ParsedPacket& inner) noexcept {
  constexpr uint8_t kOnLink = 255;  // RFC 4861 §7.1: no router has passed it on
  const uint8_t type = inner.l4.icmp_type;
  return is_whole_icmpv6(inner) && inner.v6.hop_limit == kOnLink &&
         (type == icmpv6_type::kNeighbourSolicitation || type == icmpv6_type::kNeighbourAdvertisement) &&
         is_other_end(tunnel, inner.v6.source) && reaches_us_on_link(tunnel, inner.v6.destination);
}

bool is_between_ends(const Tunnel& tunnel, const ParsedPacket& inner) noexcept {
  return is_discovery(tunnel, inner) || is_echo_to_link_local(tunnel, inner);
}

}  // namespace gate41::six_in_four
