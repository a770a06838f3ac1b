// SiteMeters: how fast each site sends through a relay (RFC 3964 §4.1.2, §4.2; C28): DPDK's single-rate meter
// (RFC 2697) for every site by its outer IPv4 source, in bytes of IPv6. One worker's own; packet path;
// nothing is allocated after construction.
//
// Bounded: 65536 sites in 2 MiB, in sets of four that a keyed hash chooses. What is new in a full set takes
// the place of the site that has been silent longest, and begins with a full burst. So a flood of made-up
// sites takes nobody's meter away who sends more often than three new ones come into his set, and what others
// gain by it is one burst.
//
// The meter counts in whole periods: up to 1 % more than the rate may pass.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <rte_meter.h>

#include "dataplane/base/cache_line.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

// What one site may send, the same for all.
struct SiteLimit {
  uint64_t bytes_per_second = 0;  // 0: anything
  uint64_t burst = 0;             // bytes at once; at least kMinBurst counts
  [[nodiscard]] bool on() const noexcept { return bytes_per_second != 0; }
  bool operator==(const SiteLimit&) const = default;
};

class SiteMeters {
 public:
  static constexpr std::size_t kSets = 16384;
  static constexpr std::size_t kWays = 4;
  static constexpr uint64_t kMinBurst = 2048;  // no packet is longer: it stands in one buffer

  explicit SiteMeters(const HashSecret& secret, std::size_t sets = kSets) : secret_(secret), sets_(sets) {}

  // Takes a packet of `bytes` from the site's share under `limit`, which is on; false: it is over its rate.
  // Another limit than before holds for all sites from this packet on.
  [[nodiscard]] bool passes(const SiteLimit& limit, Ipv4Address site, uint32_t bytes, TimePoint now) noexcept;

 private:
  struct alignas(kCacheLine) Set {                // two lines
    std::array<uint32_t, kWays> sites{};          // 0: free
    std::array<rte_meter_srtcm, kWays> meters{};  // `time`: of the last packet, to within a period
  };
  void adopt(const SiteLimit& limit) noexcept;
  rte_meter_srtcm& meter_of(Ipv4Address site, TimePoint now) noexcept;

  HashSecret secret_;
  std::vector<Set> sets_;
  SiteLimit limit_;
  rte_meter_srtcm_profile profile_{};  // of limit_
};

}  // namespace gate41
