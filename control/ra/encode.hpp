// The frames of ND messages that routers send: RA (RFC 4861 §4.2, 4191 §2, 8106 §5) and RS (§4.1). Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "control/ra/advertisement.hpp"

namespace gate41::ra {

struct Host {
  Ipv6Address address;
  MacAddress mac;
};

// One frame, or several when the options do not fit into the link's MTU (H17); each has the RA's header.
[[nodiscard]] std::vector<std::vector<uint8_t>> encode(const Advertisement& advertisement, const Host& from,
                                                       const Host& to, uint16_t link_mtu);
// From the unspecified address: the own one may still be tentative, and the answer then goes to all.
[[nodiscard]] std::vector<uint8_t> encode_solicitation(const MacAddress& mac);

[[nodiscard]] Host all_nodes();

}  // namespace gate41::ra
