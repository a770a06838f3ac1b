// Frames in memory of exactly their length, so that a sanitizer sees the first byte that is read past an end.
#pragma once

#include <span>
#include <vector>

#include <rte_mbuf.h>

namespace gate41::testing {

// One segment; `headroom` bytes stand before the frame. Its memory is freed with the mbuf.
[[nodiscard]] rte_mbuf* exact_mbuf(rte_mempool* pool, std::span<const uint8_t> bytes, std::size_t headroom);
// Cut at these offsets (ascending), each part in memory of its own.
[[nodiscard]] rte_mbuf* exact_chain(rte_mempool* pool, std::span<const uint8_t> bytes,
                                    const std::vector<std::size_t>& cuts);

}  // namespace gate41::testing
