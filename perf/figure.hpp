// Figure: what several short runs said of one thing. Short runs take turns, so that what else the machine
// does hits all alike; a run is told by the median of its bursts, a figure by the least and the median of its
// runs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace gate41::perf {

struct Figure {
  std::string name;
  std::vector<double> runs{};  // cycles of the time stamp counter, a packet

  [[nodiscard]] double least() const { return *std::ranges::min_element(runs); }
  [[nodiscard]] double median() const {
    std::vector<double> sorted = runs;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
};

// Of the bursts of one run; puts them in another order.
template <typename T>
[[nodiscard]] T median_of(std::vector<T>& bursts) {
  const auto middle = bursts.begin() + static_cast<std::ptrdiff_t>(bursts.size() / 2);
  std::ranges::nth_element(bursts, middle);
  return *middle;
}

}  // namespace gate41::perf
