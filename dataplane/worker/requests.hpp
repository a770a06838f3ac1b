// Requests: what control asks of a worker's private state. Control posts one to the worker's request ring;
// the worker serves a bounded slice per loop and returns chunks; the last chunk has `last` set. One request
// at a time a worker.
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/filter/flow_entry.hpp"
#include "dataplane/filter/flow_key.hpp"
#include "dataplane/filter/flow_query.hpp"
#include "dataplane/worker/tracer.hpp"

namespace gate41 {

class FlowTable;

struct FlowRecord {
  FlowKey key;
  FlowEntry entry;
};

enum class RequestKind : uint8_t {
  walk_flows,  // copy out
  erase_flows,
  arm_trace
};

struct WorkerRequest {
  RequestKind kind = RequestKind::walk_flows;
  FlowQuery query;  // of flows
  TraceWish trace;
  // Filled by the worker, read by control after it came back in the answer ring.
  std::vector<FlowRecord> chunk;  // capacity reserved by control: kChunk
  uint64_t erased = 0;
  uint32_t cursor = 0;
  bool last = false;
};
inline constexpr std::size_t kChunk = 256;
// Flow slots that a worker looks at in one loop: some microseconds.
inline constexpr uint32_t kRequestSlice = 64;

// Worker: one slice. True when the request is to go back: its chunk is full or it is done. `flows` may be
// null.
[[nodiscard]] bool serve_slice(WorkerRequest& request, FlowTable* flows, Tracer& tracer);

}  // namespace gate41
