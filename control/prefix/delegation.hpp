// Delegation: what follows from mode and external address: the site's prefix and its parts (RFC 3056 §2;
// S42..S47, P8). Pure.
#pragma once

#include <cstdint>

#include "dataplane/net/address.hpp"

namespace gate41::prefix {

struct Delegation {
  Ipv6Prefix prefix;           // 2002:V4::/48
  Ipv6Address tunnel_address;  // $PREFIX::1, the tunnel's own (S44)
  bool operator==(const Delegation&) const = default;
};

// `external` is not on the never-embed list: address discovery has seen to that.
[[nodiscard]] Delegation six_to_four(Ipv4Address external);

// The /64 of a LAN (P8) and the gateway's address there: interface id 1 (S46).
[[nodiscard]] Ipv6Prefix lan_prefix(const Delegation& delegation, uint16_t subnet_id);
[[nodiscard]] Ipv6Address lan_address(const Ipv6Prefix& lan);

}  // namespace gate41::prefix
