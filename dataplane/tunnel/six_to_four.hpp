// SixToFour: a 6to4 tunnel as the packet path sees it: part of the snapshot, immutable, written by control.
// RFC 3056; RFC 3964 for the checks (checks.hpp).
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/address_blocks.hpp"

namespace gate41 {

enum class TunnelRole : uint8_t { gateway, relay };

struct SixToFour {
  TunnelRole role = TunnelRole::gateway;
  // gateway: the one address on the wire. relay: unicast.
  Ipv4Address local;
  // gateway: the address embedded in the own prefix; differs from `local` behind a NAT (X3), where it is an
  // alias of it in C2 and C7..C9. relay: equals local.
  Ipv4Address external;
  // relay: the anycast address, 0.0.0.0 if none. When set it is the outer source and DF is set (X27, E12).
  Ipv4Address anycast;
  Ipv4Prefix wan_subnet;            // its network and broadcast addresses are forbidden (C12, G14)
  Ipv6Prefix prefix;                // gateway: 2002:external::/48
  Ipv6Address address;              // gateway: $PREFIX::1 (S44); relay: unused
  std::vector<Ipv4Address> relays;  // gateway: configured relays, in order of preference
  std::vector<Ipv4Prefix> sites;    // relay: allow-list, empty = any (A17)
  bool accept_relays_only = false;  // X26
  bool ecn_compatibility = false;   // F2
  bool dscp_copy = false;           // X15
  uint8_t dscp = 0;
  uint16_t mtu = 1280;
  std::vector<Ipv4Prefix> lab_v4;  // X11
  std::vector<Ipv6Prefix> lab_v6;

  [[nodiscard]] LabAllow lab() const noexcept { return {lab_v4, lab_v6}; }
  [[nodiscard]] bool is_own_v4(Ipv4Address a) const noexcept {
    return a == local || (!anycast.is_unspecified() && a == anycast);
  }
  // An own address by what remote sites see: `external` too.
  [[nodiscard]] bool embeds_own(Ipv4Address a) const noexcept { return is_own_v4(a) || a == external; }
  [[nodiscard]] bool is_relay(Ipv4Address a) const noexcept {
    for (const Ipv4Address& relay : relays)
      if (relay == a) return true;
    return false;
  }
};

}  // namespace gate41
