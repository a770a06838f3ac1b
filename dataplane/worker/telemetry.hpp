// DPDK telemetry commands under /gate41/: counters, drops, links, flows, as JSON with numbers
// (dpdk-telemetry.py -f INSTANCE). DPDK calls them in a thread of its own and knows no way to take them back,
// so they are registered once and answer with nothing while there is no data path.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "dataplane/worker/counters.hpp"

namespace gate41::telemetry {

// What the commands read. The counters are the workers' own, which outlive the source.
struct Source {
  std::vector<const WorkerCounters*> workers;
  uint32_t max_flows = 0;
  std::vector<std::string> links;  // names, by index
};

// Control. After close() returns, nothing of the source is read any more.
void open(Source source);
void set_links(const std::vector<std::string>& links);
void close();

}  // namespace gate41::telemetry
