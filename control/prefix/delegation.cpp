#include "control/prefix/delegation.hpp"

namespace gate41::prefix {

Delegation delegated(const Domain& domain, Ipv4Address site) {
  const Ipv6Prefix prefix = domain.prefix_of(site);
  return {prefix, Ipv6Address::from_halves(prefix.address.high(), 1)};
}

std::optional<Ipv6Prefix> lan_prefix(const Delegation& delegation, uint16_t subnet_id, bool first) {
  const unsigned bits = 64U - delegation.prefix.length;
  if (bits == 0) return first ? std::optional(delegation.prefix) : std::nullopt;
  if (bits < 16 && subnet_id >> bits != 0) return std::nullopt;
  return Ipv6Prefix{Ipv6Address::from_halves(delegation.prefix.address.high() | subnet_id, 0), 64};
}

Ipv6Address lan_address(const Ipv6Prefix& lan) { return Ipv6Address::from_halves(lan.address.high(), 1); }

}  // namespace gate41::prefix
