// Tunnel: one tunnel as the packet path sees it: part of the snapshot, immutable, written by control.
// RFC 3056 (6to4), RFC 5969 (6rd), RFC 4213 (6in4: a configured peer); checks.hpp has what each lets pass.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/address_blocks.hpp"
#include "dataplane/tunnel/domain.hpp"

namespace gate41 {

enum class TunnelRole : uint8_t { gateway, relay };

// In the order in which a received packet is offered to them (C24): the more exact first.
enum class TunnelKind : uint8_t { six_in_four, six_rd, six_to_four };

struct Tunnel {
  TunnelKind kind = TunnelKind::six_to_four;
  TunnelRole role = TunnelRole::gateway;
  bool up = false;  // own IPv4 address and prefix are there; false: nothing goes in or out
  // gateway: the one address on the wire. relay: unicast.
  Ipv4Address local;
  // gateway, 6to4: the address embedded in the own prefix; differs from `local` behind a NAT (X3), where it
  // is an alias of it in C2 and C7..C9. Else: equals local.
  Ipv4Address external;
  // relay: the anycast address, 0.0.0.0 if none. When set it is the outer source and DF is set (X27, E12).
  Ipv4Address anycast;
  Ipv4Prefix wan_subnet;   // its network and broadcast addresses are forbidden (C12, G14)
  Domain domain;           // not with 6in4
  Ipv6Prefix prefix;       // gateway: delegated to this site
  Ipv6Address address;     // gateway: own address on the tunnel, $PREFIX::1 (S44); relay: unused
  Ipv6Address peer;        // 6in4: the other end's address on the tunnel
  Ipv6Address link_local;  // 6in4: own, fe80::LOCAL (RFC 4213 §3.7)
  // gateway: relays, border relays, or the one peer (6in4), in order of preference. relay: other relays of
  // the domain (E23).
  std::vector<Ipv4Address> relays;
  // gateway, 6to4: kept alive beside the relays for what they bring back, wherever they are (S25, S26).
  std::vector<Ipv4Address> awaited;
  std::vector<Ipv4Prefix> sites;    // relay: allow-list, empty = any (A17)
  bool accept_relays_only = false;  // X26; 6to4
  bool ecn_compatibility = false;   // F2
  bool dscp_copy = false;           // X15
  uint8_t dscp = 0;
  uint16_t mtu = 1280;
  bool mss_clamp = false;          // Q15
  bool mtu_by_path = false;        // X1: `mtu` is the limit of the best path
  std::vector<Ipv4Prefix> lab_v4;  // X11
  std::vector<Ipv6Prefix> lab_v6;

  [[nodiscard]] LabAllow lab() const noexcept { return {lab_v4, lab_v6}; }
  [[nodiscard]] bool is_own_v4(Ipv4Address a) const noexcept {
    return a == local || (!anycast.is_unspecified() && a == anycast);
  }
  // An own address by what remote sites see: `external` too.
  [[nodiscard]] bool embeds_own(Ipv4Address a) const noexcept { return is_own_v4(a) || a == external; }
  [[nodiscard]] bool is_relay(Ipv4Address a) const noexcept {
    return std::ranges::find(relays, a) != relays.end();
  }
  [[nodiscard]] bool is_awaited(Ipv4Address a) const noexcept {
    return std::ranges::find(awaited, a) != awaited.end();
  }
};

// S24: native sources from this outer source come by a relay that a 6to4 gateway has not been told of.
[[nodiscard]] inline bool is_other_relay(const Tunnel& tunnel, Ipv4Address outer_source) noexcept {
  return tunnel.kind == TunnelKind::six_to_four && tunnel.role == TunnelRole::gateway &&
         !tunnel.is_relay(outer_source);
}

}  // namespace gate41
