// Clamping of TCP's maximum segment size (RFC 9293 §3.7.1, RFC 6691; Q15): for hosts whose PTBs are lost on
// their way. Pure.
#pragma once

#include <cstdint>
#include <span>

namespace gate41 {

// Lowers the MSS option of a SYN segment to `mss`; never raises it. `tcp`: the header with its options; the
// checksum follows incrementally (RFC 1624). Malformed options are left alone.
void clamp_mss(std::span<uint8_t> tcp, uint16_t mss) noexcept;

}  // namespace gate41
