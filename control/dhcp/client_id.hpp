// The client identifier that gate41 uses unless one is configured (M10): RFC 4361 §6.1, of type 255, with a
// DUID-UUID (RFC 6355). It names the machine, not a network card, so a lease outlives a change of MAC.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace gate41::dhcp {

// Option 61 content, type byte included. `uuid`: the machine's, kept over restarts, in network order.
// `interface`: the IAID, which keeps two ports of a machine apart.
[[nodiscard]] std::vector<uint8_t> duid_client_id(const std::array<uint8_t, 16>& uuid, uint32_t interface);

}  // namespace gate41::dhcp
