#include "control/prefix/delegation.hpp"

namespace gate41::prefix {

Delegation six_to_four(Ipv4Address external) {
  const Ipv6Prefix prefix = six_to_four_prefix(external);
  return {prefix, Ipv6Address::from_halves(prefix.address.high(), 1)};
}

Ipv6Prefix lan_prefix(const Delegation& delegation, uint16_t subnet_id) {
  return Ipv6Prefix::of(Ipv6Address::from_halves(delegation.prefix.address.high() | subnet_id, 0), 64);
}

Ipv6Address lan_address(const Ipv6Prefix& lan) { return Ipv6Address::from_halves(lan.address.high(), 1); }

}  // namespace gate41::prefix
