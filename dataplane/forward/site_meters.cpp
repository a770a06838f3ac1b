#include "dataplane/forward/site_meters.hpp"

#include <algorithm>

#include <rte_cycles.h>

namespace gate41 {
namespace {

// GCC and clang have it on every 64-bit machine; ISO does not.
__extension__ using Uint128 = unsigned __int128;

// The meter's clock is whatever it is given. Ours is nanoseconds, and never the TSC.
uint64_t ticks(TimePoint time) noexcept { return static_cast<uint64_t>(time.time_since_epoch().count()); }

// Bytes in a second of the TSC if one came every nanosecond: rte_meter takes its clock for the TSC, and so
// this for a second of ours.
uint64_t rate_by_ticks(uint64_t bytes_per_second) noexcept {
  constexpr auto kTicksPerSecond = static_cast<uint64_t>(Duration(std::chrono::seconds(1)).count());
  return static_cast<uint64_t>(Uint128{bytes_per_second} * rte_get_tsc_hz() / kTicksPerSecond);
}

}  // namespace

void SiteMeters::adopt(const SiteLimit& limit) noexcept {
  limit_ = limit;
  rte_meter_srtcm_params params{};
  params.cir = rate_by_ticks(limit.bytes_per_second);
  params.cbs = std::max(limit.burst, kMinBurst);
  rte_meter_srtcm_profile_config(&profile_, &params);  // fails without rate or burst only
}

rte_meter_srtcm& SiteMeters::meter_of(Ipv4Address site, TimePoint now) noexcept {
  Set& set = sets_[fold_multiply(site.host() ^ secret_.a, secret_.b) % sets_.size()];
  const auto known = std::ranges::find(set.sites, site.host());
  if (known != set.sites.end()) return set.meters[static_cast<std::size_t>(known - set.sites.begin())];
  const auto oldest = std::ranges::min_element(set.meters, {}, &rte_meter_srtcm::time);
  set.sites[static_cast<std::size_t>(oldest - set.meters.begin())] = site.host();
  *oldest = {.time = ticks(now), .tc = profile_.cbs, .te = 0};
  return *oldest;
}

bool SiteMeters::passes(const SiteLimit& limit, Ipv4Address site, uint32_t bytes, TimePoint now) noexcept {
  if (limit != limit_) adopt(limit);
  rte_meter_srtcm& meter = meter_of(site, now);
  return rte_meter_srtcm_color_blind_check(&meter, &profile_, ticks(now), bytes) != RTE_COLOR_RED;
}

}  // namespace gate41
