// The probe of a 6to4 relay on the wire: an echo request to the relay's own 6to4 form with hop limit 1, and
// what answers it. RFC 6343 §4.2.1, RFC 4443 §3.3, §4.1, §4.2.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::relay {

// 2002:RELAY::, the relay's own 6to4 form.
[[nodiscard]] Ipv6Address probe_target(Ipv4Address relay);

// `token`: identifier and sequence, as one number.
[[nodiscard]] std::vector<uint8_t> build_probe(const Ipv6Address& own, Ipv4Address relay, uint32_t token);

// The token that an answer for `own` gives back: an echo reply, or hop limit exceeded in transit that quotes
// an echo request of ours. The answer's source is not looked at: a relay may answer from any of its addresses
// (RFC 4443 §2.2), and the token is the secret. `target` is known from the quote only.
struct Answer {
  uint32_t token;
  std::optional<Ipv6Address> target;
};
[[nodiscard]] std::optional<Answer> read_answer(Bytes ipv6, const Ipv6Address& own);

}  // namespace gate41::relay
