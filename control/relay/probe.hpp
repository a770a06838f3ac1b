// The probe of a tunnel's relay or peer on the wire: an echo request or a neighbour solicitation, and what
// answers it. RFC 6343 §4.2.1 (6to4: to the relay's own 6to4 form with hop limit 1), RFC 5969 §8 (6rd: from
// and to the own address, the border relay returns it as ordinary data), RFC 4443 §3.3, §4.1, §4.2, RFC 4213
// §3.8. The keep-alive towards a firewall in front (S26) is such an echo request.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::relay {

enum class ProbeForm : uint8_t {
  relay_form,  // 6to4: to 2002:RELAY:: (B19)
  returned,    // 6rd: to ourselves, by way of the border relay (E19)
  peer,        // 6in4: to the peer's address on the tunnel
  neighbour,   // 6in4: a neighbour solicitation of that address (D33), without link-layer options (D34)
};

// 2002:RELAY::, the relay's own 6to4 form.
[[nodiscard]] Ipv6Address probe_target(Ipv4Address relay);

// Where a probe of this form goes. `peer`: the peer's address on the tunnel.
[[nodiscard]] Ipv6Address probe_target(ProbeForm form, const Ipv6Address& own, const Ipv6Address& peer,
                                       Ipv4Address relay);

// `token`: identifier and sequence, as one number; a solicitation has no room for it.
[[nodiscard]] std::vector<uint8_t> build_probe(ProbeForm form, const Ipv6Address& own,
                                               const Ipv6Address& target, uint32_t token);

// The same for a keep-alive, which asks for no answer: relay or peer is the last that it may reach (S26).
[[nodiscard]] std::vector<uint8_t> build_keepalive(ProbeForm form, const Ipv6Address& own,
                                                   const Ipv6Address& target, uint32_t token);

// The token that an answer for `own` gives back: an echo reply, or hop limit exceeded in transit that quotes
// an echo request of ours, or (returned) the request itself. The answer's source is not looked at: a relay
// may answer from any of its addresses (RFC 4443 §2.2), and the token is the secret. `target` is known from
// the quote only. Of a neighbour: a solicited advertisement, which names its target and has no token.
struct Answer {
  std::optional<uint32_t> token;
  std::optional<Ipv6Address> target;
};
[[nodiscard]] std::optional<Answer> read_answer(ProbeForm form, Bytes ipv6, const Ipv6Address& own);

}  // namespace gate41::relay
