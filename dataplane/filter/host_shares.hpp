// HostShares: how many of a worker's flows each host of the LAN has opened, by its address and by its MAC:
// who spoofs has an address a packet, but one MAC. An account exists while it has flows. Holders are known by
// a keyed hash of 32 bits, eight of them a cache line: two of a line that have the same one (once in 10^9)
// share an account. A holder whose line is full is not counted: who has so many addresses is stopped by the
// limit of its MAC. Bounded, allocates nothing.
#pragma once

#include <array>
#include <cstdint>

#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/filter/huge_array.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/flow_hash.hpp"

namespace gate41 {

class HostShares {
 public:
  using Account = uint32_t;
  static constexpr Account kNobody = UINT32_MAX;

  HostShares() = default;
  // Without memory: false as a bool.
  HostShares(uint32_t max_flows, int numa_node, const HashSecret& secret);

  // What is known of a holder.
  [[nodiscard]] uint64_t hash(const Ipv6Address& address) const noexcept {
    return address_hash(secret_, address);
  }
  [[nodiscard]] uint64_t hash(const MacAddress& mac) const noexcept;
  void prefetch(uint64_t holder) const noexcept { __builtin_prefetch(&lines_[line_of(holder)], 1); }
  // Counts one flow more of this holder; kNobody, and nothing is counted: it finds no place.
  [[nodiscard]] Account charge(uint64_t holder) noexcept;
  void discharge(Account account) noexcept {
    if (account != kNobody) --flows_at(account);
  }
  [[nodiscard]] uint32_t flows(Account account) const noexcept {
    return account == kNobody ? 0 : lines_[account / kWays].flows[account % kWays];
  }

  [[nodiscard]] std::size_t bytes() const noexcept { return lines_.bytes(); }
  explicit operator bool() const noexcept { return static_cast<bool>(lines_); }

 private:
  static constexpr uint32_t kWays = 8;
  struct alignas(kCacheLine) Line {
    std::array<uint32_t, kWays> holders;
    std::array<uint32_t, kWays> flows;  // 0: free
  };
  static_assert(sizeof(Line) == kCacheLine);

  [[nodiscard]] uint32_t line_of(uint64_t holder) const noexcept {
    return static_cast<uint32_t>(((holder >> 32U) * lines_.size()) >> 32U);
  }
  [[nodiscard]] uint32_t& flows_at(Account account) noexcept {
    return lines_[account / kWays].flows[account % kWays];
  }

  HugeArray<Line> lines_;
  HashSecret secret_;
};

}  // namespace gate41
