// FlowObserver: who keeps something beside the flow table, and must know when a flow goes.
#pragma once

#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"

namespace gate41 {

class FlowObserver {
 public:
  virtual ~FlowObserver() = default;
  // Right before the entry is freed, for whatever reason: expiry, eviction, a purge.
  virtual void on_erase(const FlowKey& key, const FlowEntry& entry) noexcept = 0;
};

}  // namespace gate41
