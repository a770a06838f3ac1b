// The checks of RFC 3964 (group C), RFC 4213 §3.6 (D20, D29), RFC 6324 (Q1) and Q6, in wire order; each
// returns the one reason to drop, or nothing. Pure functions of addresses; packet path. None of them answers
// with ICMP: from the tunnel always silent, sanity failures from the LAN too (X24).
#pragma once

#include <optional>

#include "dataplane/base/drop_reason.hpp"
#include "dataplane/net/parsed_packet.hpp"
#include "dataplane/tunnel/six_to_four.hpp"

namespace gate41 {

using Drop = std::optional<DropReason>;

// Decapsulation, outer header: destination is an own unicast address and not a broadcast (C12, C16, D20),
// source is sane (C5, C11; the configured relays and 192.88.99.1 are allowed, B9), not own, on the allow-list
// (A17).
[[nodiscard]] Drop check_outer(const SixToFour& tunnel, const Ipv4Fields& outer) noexcept;

// Decapsulation, inner addresses against the outer ones: C6..C10, C13..C15, C17, C19..C21, C25, D29, K6, Q1,
// Q6, X22, X26. `inner` is the parsed IPv6 packet with its upper protocol.
[[nodiscard]] Drop check_inner(const SixToFour& tunnel, const Ipv4Fields& outer,
                               const ParsedPacket& inner) noexcept;

// Encapsulation: A17, C1..C4, C11, C12, C14, C22, G17, Q1, X22. `destination_v4` is the outer destination
// that was chosen.
[[nodiscard]] Drop check_encap(const SixToFour& tunnel, const Ipv6Address& source,
                               const Ipv6Address& destination, Ipv4Address destination_v4) noexcept;

// X22: an address that is "for us" at a relay: 2002:OWN:: of its unicast or anycast address (and their ::1).
[[nodiscard]] bool is_relay_own_form(const SixToFour& tunnel, const Ipv6Address& address) noexcept;

}  // namespace gate41
