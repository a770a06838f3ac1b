#include "control/daemon/site_watch.hpp"

#include <fmt/format.h>

#include "dataplane/net/address.hpp"

namespace gate41 {

std::optional<std::string> SiteWatch::sample(const CounterTotals& totals, TimePoint now) {
  const uint64_t unsaid = watch_.unsaid(totals.drops[static_cast<std::size_t>(DropReason::site_rate)], now);
  if (unsaid == 0) return std::nullopt;
  uint32_t site = 0;
  for (const CounterTotals::Tunnel& tunnel : totals.tunnels)
    if (tunnel.fast_site != 0) site = tunnel.fast_site;
  return fmt::format(
      "relay: {} packets dropped of sites that send more than relay.site_limit.rate, last of {}", unsaid,
      Ipv4Address(Be32(site)).to_string());
}

}  // namespace gate41
