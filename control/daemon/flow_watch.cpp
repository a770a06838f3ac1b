#include "control/daemon/flow_watch.hpp"

#include <fmt/format.h>

namespace gate41 {

std::optional<std::string> FlowWatch::table(const CounterTotals& totals, TimePoint now) {
  const uint64_t unsaid = table_.unsaid(totals.flows_evicted + totals.flows_refused, now);
  if (unsaid == 0) return std::nullopt;
  const uint64_t evicted = totals.flows_evicted - std::exchange(evicted_, totals.flows_evicted);
  return fmt::format(
      "filter: {} flows that were unanswered or at their end gave way to new ones, {} new ones were "
      "refused; if this is no attack, raise filter.max_flows",
      evicted, unsaid - evicted);
}

std::optional<std::string> FlowWatch::hosts(const CounterTotals& totals,
                                            const std::optional<DropSample>& last, uint32_t limit,
                                            TimePoint now) {
  const uint64_t unsaid =
      hosts_.unsaid(totals.drops[static_cast<std::size_t>(DropReason::filter_host_limit)], now);
  if (unsaid == 0) return std::nullopt;
  const std::string who =
      last ? fmt::format("host {} (MAC {}) holds", last->v6_source.to_string(), last->source_mac.to_string())
           : "a host of the LAN holds";
  return fmt::format(
      "filter: {} its limit of {} flows a worker; {} new ones of such hosts refused "
      "(filter.host_flows)",
      who, limit, unsaid);
}

}  // namespace gate41
