// Turnover: a flow table keeps its number of flows: as new ones come, the oldest go, and what has been opened
// has been answered. Between two bursts, not timed.
#pragma once

#include <numeric>
#include <span>
#include <vector>

#include "perf/pipeline/minimum.hpp"
#include "perf/pipeline/traffic.hpp"
#include "perf/pipeline/wire.hpp"

namespace gate41::perf {

class Turnover {
 public:
  // Flows 0 .. flows-1 are there.
  Turnover(FlowTable& table, const Traffic& traffic, uint32_t flows)
      : table_(table), traffic_(traffic), ages_(flows) {
    std::iota(ages_.begin(), ages_.end(), uint64_t{0});
  }
  // These have been opened.
  void after(std::span<const uint64_t> opened, TimePoint now) {
    for (const uint64_t flow : opened) {
      const int32_t position = find(flow);
      table_.entry(position).state = FlowState::established;
      table_.refile(position, now);
      table_.erase(find(ages_[oldest_]));
      ages_[oldest_] = flow;
      oldest_ = (oldest_ + 1) % ages_.size();
    }
  }

 private:
  [[nodiscard]] int32_t find(uint64_t flow) {
    const FlowKey key = traffic_.key_of(flow);
    const FlowKey* pointer = &key;
    const uint32_t signature = signature_of(HashSecret{}, key);
    int32_t position = -1;
    table_.lookup_bulk({&pointer, 1}, {&signature, 1}, {&position, 1});
    if (position < 0) refuse("a flow that was there has gone");
    return position;
  }

  FlowTable& table_;
  const Traffic& traffic_;
  std::vector<uint64_t> ages_;  // numbers of the flows, in a ring from the oldest on
  std::size_t oldest_ = 0;
};

}  // namespace gate41::perf
