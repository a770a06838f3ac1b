// The counters that tell of one packet's fate, by name and number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataplane/worker/counters.hpp"

namespace gate41::matrix {

// "tx", "drop.NAME", "punt.CLASS", ...; their order is that of `counts`.
[[nodiscard]] std::vector<std::string> count_names();
[[nodiscard]] std::vector<uint64_t> counts(const CounterTotals& totals);

}  // namespace gate41::matrix
