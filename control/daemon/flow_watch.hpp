// FlowWatch: warns, at most once a minute each, of a flow table whose flows give way or that refuses new ones
// (K52), and of LAN hosts that hold as many flows as they may. Pure.
#pragma once

#include <optional>
#include <string>

#include "control/daemon/counter_watch.hpp"
#include "dataplane/worker/counters.hpp"
#include "dataplane/worker/drop_log.hpp"

namespace gate41 {

class FlowWatch {
 public:
  // About once a second; the warning, when one is due.
  std::optional<std::string> table(const CounterTotals& totals, TimePoint now);
  // `last`: of what was dropped as filter_host_limit; `limit`: of one host at one worker.
  std::optional<std::string> hosts(const CounterTotals& totals, const std::optional<DropSample>& last,
                                   uint32_t limit, TimePoint now);

 private:
  CounterWatch table_;
  CounterWatch hosts_;
  uint64_t evicted_ = 0;  // those that were told of
};

}  // namespace gate41
