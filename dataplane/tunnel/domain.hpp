// Domain: how IPv4 addresses of sites stand in IPv6 prefixes: the domain's prefix, then the bits of the IPv4
// address that its sites do not have in common. 6to4 (RFC 3056 §2) is the domain 2002::/16 with all 32 bits;
// a 6rd domain (RFC 5969 §4) is configured. Immutable values; packet path.
#pragma once

#include <cstdint>

#include "dataplane/net/address.hpp"

namespace gate41 {

struct Domain {
  Ipv6Prefix prefix = kSixToFour;
  Ipv4Prefix sites{{}, 0};  // what all sites have in common; its length is the IPv4MaskLen

  // Length of a site's prefix: at most 64 (E4, E29), the configuration sees to that.
  [[nodiscard]] uint8_t delegated_length() const noexcept {
    return static_cast<uint8_t>(prefix.length + 32 - sites.length);
  }
  [[nodiscard]] bool contains(const Ipv6Address& address) const noexcept { return prefix.contains(address); }
  // The site that an address inside the domain belongs to.
  [[nodiscard]] Ipv4Address v4_of(const Ipv6Address& address) const noexcept {
    const auto embedded = static_cast<uint32_t>(address.high() >> (64U - delegated_length()));
    return Ipv4Address(Be32(sites.address.host() | (embedded & ~sites.mask())));
  }
  // The prefix of a site. `site` is inside `sites`.
  [[nodiscard]] Ipv6Prefix prefix_of(Ipv4Address site) const noexcept {
    const uint64_t embedded = uint64_t{site.host() & ~sites.mask()} << (64U - delegated_length());
    return {Ipv6Address::from_halves(prefix.address.high() | embedded, 0), delegated_length()};
  }
  bool operator==(const Domain&) const = default;
};

}  // namespace gate41
