// The frames that neighbour discovery sends (RFC 4861 §4.3, §4.4; RFC 7527 §4.2).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dataplane/net/address.hpp"

namespace gate41::nd {

using Nonce = std::array<uint8_t, 6>;

// To the target's solicited-node group, with the source link-layer address option.
[[nodiscard]] std::vector<uint8_t> multicast_solicitation(const MacAddress& own, const Ipv6Address& source,
                                                          const Ipv6Address& target);
// To the target itself, at a MAC that is to be proved.
[[nodiscard]] std::vector<uint8_t> unicast_solicitation(const MacAddress& own, const Ipv6Address& source,
                                                        const Ipv6Address& target,
                                                        const MacAddress& target_mac);
// Duplicate address detection: from ::, no link-layer address, a nonce that tells it from others'.
[[nodiscard]] std::vector<uint8_t> dad_solicitation(const MacAddress& own, const Ipv6Address& target,
                                                    const Nonce& nonce);

struct Advertisement {
  Ipv6Address target;
  Ipv6Address source;
  Ipv6Address destination;  // of the solicitation's source; all nodes when that was ::
  MacAddress ether_destination;
  bool solicited = true;
  bool override_cached = true;  // not for anycast addresses
};
// Always with R=1 and the target link-layer address option.
[[nodiscard]] std::vector<uint8_t> advertisement(const MacAddress& own, const Advertisement& fields);

}  // namespace gate41::nd
