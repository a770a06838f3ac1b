#include "dataplane/worker/requests.hpp"

#include <algorithm>

#include "dataplane/filter/flow_table.hpp"

namespace gate41 {
namespace {

void serve(WorkerRequest& request, FlowTable& flows, int32_t position) {
  const FlowKey& key = flows.key(position);
  if (request.kind == RequestKind::walk_flows)
    request.chunk.push_back({key, flows.entry(position)});
  else if (request.prefix.contains(key.interior))
    flows.erase(position);
}

}  // namespace

bool serve_slice(WorkerRequest& request, FlowTable* flows) {
  if (flows != nullptr) {
    // No more slots than there is room for records: the chunk never grows here.
    const auto room = static_cast<uint32_t>(kChunk - request.chunk.size());
    request.cursor = flows->walk(request.cursor, std::min(kRequestSlice, room),
                                 [&](int32_t position) { serve(request, *flows, position); });
  }
  request.last = request.cursor == 0;
  return request.last || request.chunk.size() == kChunk;
}

}  // namespace gate41
