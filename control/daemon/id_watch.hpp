// IdWatch: warns, at most once a minute, when packets that may be fragmented go to one peer so fast that
// their IPv4 identifications come round within a fragment's life (RFC 6864 §3, RFC 4963; Q4). Pure.
#pragma once

#include <optional>
#include <string>

#include "control/daemon/counter_watch.hpp"
#include "dataplane/worker/counters.hpp"

namespace gate41 {

class IdWatch {
 public:
  // About once a second; the warning, when one is due.
  std::optional<std::string> sample(const CounterTotals& totals, TimePoint now);

 private:
  CounterWatch watch_;
};

}  // namespace gate41
