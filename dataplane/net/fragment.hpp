// Fragments of IPv4 and IPv6 packets as Reassembler takes them, and the header of a packet that it has put
// together.
#pragma once

#include <span>

#include "dataplane/net/parsed_packet.hpp"
#include "dataplane/net/reassembler.hpp"

namespace gate41 {

// `packet`: the fragment from its IP header on to its end, as proved by the parser. The IPv6 one has its
// fragment header right behind the IPv6 header.
[[nodiscard]] Fragment fragment_of(const Ipv4Fields& v4, Bytes packet) noexcept;
[[nodiscard]] Fragment fragment_of(const Ipv6Fields& v6, Bytes packet) noexcept;

// What Reassembler has put together becomes a packet that might have come so; returns it. `marked`: with CE.
std::span<uint8_t> make_whole_ipv4(std::span<uint8_t> packet, bool marked) noexcept;
std::span<uint8_t> make_whole_ipv6(std::span<uint8_t> packet, bool marked) noexcept;

}  // namespace gate41
