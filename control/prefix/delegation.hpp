// Delegation: what follows from mode and IPv4 address: the site's prefix and its parts (RFC 3056 §2, RFC 5969
// §4; S42..S47, E2, P8). Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "dataplane/tunnel/domain.hpp"

namespace gate41::prefix {

struct Delegation {
  Ipv6Prefix prefix;           // 2002:V4::/48, or as the 6rd domain or the broker gives it
  Ipv6Address tunnel_address;  // the tunnel's own: $PREFIX::1 (S44), or the broker's
  bool operator==(const Delegation&) const = default;
};

// `site` is one that the domain may have: on the never-embed list (6to4) or not, others have seen to that.
[[nodiscard]] Delegation delegated(const Domain& domain, Ipv4Address site);

// The /64 of a LAN (P8), nullopt where the prefix has no room for the subnet. Of a /64 the `first` LAN has
// the whole (X28).
[[nodiscard]] std::optional<Ipv6Prefix> lan_prefix(const Delegation& delegation, uint16_t subnet_id,
                                                   bool first);
// The gateway's address on a LAN: interface id 1 (S46).
[[nodiscard]] Ipv6Address lan_address(const Ipv6Prefix& lan);

}  // namespace gate41::prefix
