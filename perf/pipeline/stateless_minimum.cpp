#include "perf/pipeline/stateless_minimum.hpp"

#include "perf/pipeline/wire.hpp"

namespace gate41::perf {
namespace {

// 2002:V4ADDR::/48
constexpr std::size_t kSiteAt = 2;

}  // namespace

void StatelessMinimum::encapsulate(std::span<rte_mbuf* const> frames) noexcept {
  const std::size_t n = frames.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (i + 1 < n) rte_prefetch0(bytes_of(frames[i + 1]));
    uint8_t* v6 = bytes_of(frames[i]) + kV6InLan;
    const std::size_t length = frames[i]->data_len - kV6InLan;
    --v6[kHopLimitAt];
    const uint32_t site = word_at(v6 + offsetof(Ipv6Header, destination) + kSiteAt);
    rte_pktmbuf_prepend(frames[i], sizeof(Ipv4Header));
    put_outer_to(bytes_of(frames[i]), outer_, site, length, next_id_++);
  }
}

void StatelessMinimum::decapsulate(std::span<rte_mbuf* const> frames) noexcept {
  const std::size_t n = frames.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (i + 1 < n) rte_prefetch0(bytes_of(frames[i + 1]));
    const uint8_t* outer = bytes_of(frames[i]) + sizeof(EthernetHeader);
    const uint8_t* v6 = outer + sizeof(Ipv4Header);
    if (!has_right_checksum(outer)) refuse("an outer checksum is wrong");
    if (word_at(outer + offsetof(Ipv4Header, source)) != word_at(v6 + offsetof(Ipv6Header, source) + kSiteAt))
      refuse("a site is not the one that its address names");
    rte_pktmbuf_adj(frames[i], sizeof(Ipv4Header));
    uint8_t* frame = bytes_of(frames[i]);
    --frame[kV6InLan + kHopLimitAt];
    std::memcpy(frame, native_.header.data(), native_.header.size());
  }
}

}  // namespace gate41::perf
