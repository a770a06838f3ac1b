// What a tunnel lets pass, in wire order; each function returns the one reason to drop, or nothing. RFC 3964
// (group C), RFC 4213 §3.6 (D20, D29), RFC 5969 §9.2 (E15..E17), RFC 6324 (Q1), Q6. Pure functions of
// addresses; packet path. None of them answers with ICMP: from the tunnel always silent, sanity failures from
// the LAN too (X24).
//
// What holds for every tunnel is in checks.cpp; what is special to a kind in six_to_four.cpp, six_rd.cpp and
// six_in_four.cpp.
#pragma once

#include <optional>
#include <span>

#include "dataplane/base/drop_reason.hpp"
#include "dataplane/net/parsed_packet.hpp"
#include "dataplane/tunnel/tunnel.hpp"

namespace gate41 {

using Drop = std::optional<DropReason>;

// Decapsulation, outer header: destination is an own unicast address and not a broadcast (C12, C16, D20),
// source is sane (C5, C11; the configured relays and 192.88.99.1 are allowed, B9), not own, on the allow-list
// (A17), and a peer: of 6in4 the configured one (D21), of 6rd a border relay or a site of the domain (E16).
[[nodiscard]] Drop check_outer(const Tunnel& tunnel, const Ipv4Fields& outer) noexcept;

// The same of all tunnels: passes when one lets it pass; else the reason of the last, which is the most
// general one.
[[nodiscard]] Drop check_outer(std::span<const Tunnel> tunnels, const Ipv4Fields& outer) noexcept;

// C24: the tunnel that a packet belongs to which has passed check_outer: the first, in the order of their
// kinds, that lets the outer header pass and knows the inner addresses; else the last that lets it pass.
[[nodiscard]] std::size_t tunnel_of(std::span<const Tunnel> tunnels, const ParsedPacket& packet) noexcept;

// Decapsulation, inner addresses against the outer ones: C6..C10, C13..C15, C17, C19..C21, C25, D29, D30,
// E15..E17, K6, Q1, Q6, X22, X26. `inner` is the parsed IPv6 packet with its upper protocol. Link-local
// addresses are those of a configured tunnel's two ends alone (D32): neighbour discovery, and echo to our
// own.
[[nodiscard]] Drop check_inner(const Tunnel& tunnel, const Ipv4Fields& outer,
                               const ParsedPacket& inner) noexcept;

// D33: a neighbour solicitation or advertisement for us from the other end of a configured tunnel.
[[nodiscard]] bool is_neighbour_discovery(const Tunnel& tunnel, const ParsedPacket& inner) noexcept;

// Encapsulation: A17, C1..C4, C11, C12, C14, C22, E23, E30, G17, Q1, X22. `destination_v4` is the outer
// destination that was chosen.
[[nodiscard]] Drop check_encap(const Tunnel& tunnel, const Ipv6Address& source,
                               const Ipv6Address& destination, Ipv4Address destination_v4) noexcept;

// An address that is "for us" at a relay. 6to4 (X22): 2002:OWN:: and ::1 of its unicast and its anycast
// address; 6rd (E21): the subnet-router anycast address of the prefix made of each.
[[nodiscard]] bool is_relay_own_form(const Tunnel& tunnel, const Ipv6Address& address) noexcept;

}  // namespace gate41
