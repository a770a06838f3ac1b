// SiteWatch: warns, at most once a minute, of sites that send more than a relay lets them (C28). Pure.
#pragma once

#include <optional>
#include <string>

#include "control/daemon/counter_watch.hpp"
#include "dataplane/worker/counters.hpp"

namespace gate41 {

class SiteWatch {
 public:
  // About once a second; the warning, when one is due.
  std::optional<std::string> sample(const CounterTotals& totals, TimePoint now);

 private:
  CounterWatch watch_;
};

}  // namespace gate41
