#include "dataplane/worker/requests.hpp"

#include <algorithm>

#include "dataplane/filter/flow_table.hpp"

namespace gate41 {
namespace {

void serve(WorkerRequest& request, FlowTable& flows, int32_t position) {
  const FlowKey& key = flows.key(position);
  const FlowEntry& entry = flows.entry(position);
  if (!request.query.matches(key, entry.state)) return;
  if (request.kind == RequestKind::walk_flows) return request.chunk.push_back({key, entry});
  flows.erase(position);
  ++request.erased;
}

}  // namespace

bool serve_slice(WorkerRequest& request, FlowTable* flows, Tracer& tracer) {
  if (request.kind == RequestKind::arm_trace) {
    tracer.arm(request.trace);
  } else if (flows != nullptr) {
    // No more slots than there is room for records: the chunk never grows here.
    const auto room = static_cast<uint32_t>(kChunk - request.chunk.size());
    request.cursor = flows->walk(request.cursor, std::min(kRequestSlice, room),
                                 [&](int32_t position) { serve(request, *flows, position); });
  }
  request.last = request.cursor == 0;
  return request.last || request.chunk.size() == kChunk;
}

}  // namespace gate41
