// Fragments of IPv4 packets (RFC 791 §2.3, §3.2), by arithmetic of their own: nothing here is shared with the
// product.
#pragma once

#include <cstdint>
#include <vector>

namespace gate41::testing {

using Packet4 = std::vector<uint8_t>;  // from the IPv4 header on

// The fragment of `whole` that carries `length` bytes of payload from `offset` on, with the whole header.
// `more` is MF, whatever the truth is.
Packet4 ipv4_fragment(const Packet4& whole, std::size_t offset, std::size_t length, bool more);
// All of it, cut at these payload offsets: ascending multiples of eight.
std::vector<Packet4> ipv4_fragments(const Packet4& whole, std::vector<std::size_t> cuts);
// The same packet with another TOS byte.
Packet4 with_tos(Packet4 packet, uint8_t tos);

}  // namespace gate41::testing
